const CELL = { width: 8.4, height: 18, font: 14 }
const EDGE = 16
const BAR = 34

/** Colours as GitHub's own pages have them, so that a picture sits well in either theme. */
const THEMES = {
  light: {
    back: '#ffffff',
    bar: '#f0f2f5',
    frame: '#d1d9e0',
    text: '#1f2328',
    dim: '#656d76',
    red: '#cf222e',
    green: '#1a7f37',
    cyan: '#0969da',
  },
  dark: {
    back: '#0d1117',
    bar: '#1c2128',
    frame: '#3d444d',
    text: '#e6edf3',
    dim: '#8d96a0',
    red: '#f85149',
    green: '#3fb950',
    cyan: '#39c5cf',
  },
}

/** A screen as an SVG picture of a terminal window. `screen` has rows of runs, each with its column and style. */
export const svg = ({ columns, rows }, { theme, title, says }) => {
  const width = Math.ceil(columns * CELL.width) + 2 * EDGE
  const height = BAR + rows.length * CELL.height + 2 * EDGE - 4
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(says)}</desc>`,
    `<style>${style(THEMES[theme])}</style>`,
    `<rect class="back" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="9"/>`,
    `<path class="bar" d="M1 ${BAR}V10a9 9 0 0 1 9-9H${width - 10}a9 9 0 0 1 9 9V${BAR}Z"/>`,
    ...[0, 1, 2].map(i => `<circle class="dot" cx="${20 + 18 * i}" cy="${BAR / 2}" r="5.5"/>`),
    ...rows.map(rowOf),
    '</svg>\n',
  ].join('\n')
}

const style = colours =>
  [
    `.back{fill:${colours.back};stroke:${colours.frame}}`,
    `.bar{fill:${colours.bar}}`,
    `.dot{fill:${colours.frame}}`,
    `text{font:${CELL.font}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:${colours.text};white-space:pre}`,
    `.dim{fill:${colours.dim}}`,
    '.strong{font-weight:600}',
    ...['red', 'green', 'cyan'].map(name => `.${name}{fill:${colours[name]}}`),
  ].join('')

/** Every run has its own place and length, so that no font moves the columns. */
const rowOf = (runs, index) => {
  const y = BAR + EDGE + (index + 0.7) * CELL.height
  return `<text y="${round(y)}">${runs.map(runOf).join('')}</text>`
}

const runOf = ({ column, text, cells, classes }) => {
  const place = `x="${round(EDGE + column * CELL.width)}" textLength="${round(cells * CELL.width)}"`
  const name = classes.length === 0 ? '' : ` class="${classes.join(' ')}"`
  return `<tspan ${place}${name} lengthAdjust="spacingAndGlyphs">${escaped(text)}</tspan>`
}

const round = number => Math.round(number * 10) / 10

const escaped = text =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
