/** What a picture shows, a line a row, without what differs from run to run: times, and where they stand. */
export const essence = picture =>
  [...picture.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, row]) => withoutTimes(row)).join('\n')

const withoutTimes = row =>
  row
    .replaceAll(/ (?:x|textLength)="[^"]*"/g, '')
    .replaceAll(/ · about \d+ (?:s|min)[^<]* left(?: for this step)?/g, '')
    .replaceAll(/\d\d:\d\d/g, '00:00')
    .replaceAll(/(?:\d+ min )?\d+(?:\.\d)? s(?=<)/g, '0 s')
    .replaceAll(/[◐◓◑◒]/g, '◐')
    .replaceAll(/ +/g, ' ')
