import type { Event, Outcome, PlanEvent, StepDone, StepFailed, StepSkipped } from '../run/events.ts'
import { filledOnce } from '../text/filled.ts'
import { duration, size } from '../text/units.ts'
import { startedAs } from './recap.ts'

/** What a report tells besides the events of the run. */
export interface ReportWords {
  /** The names of the files that go into the image, where they are few and known. */
  readonly inside: readonly string[]
  /** The packages in it, each with its version, where a list of them is kept. */
  readonly packages: readonly string[]
  /** The day of the run, `YYYY-MM-DD`. */
  readonly day: string
}

/** Returns a run as one HTML page; `template` has `{{title}}` and `{{body}}`. Throws an Error when the events have no plan. */
export const reportOf = (
  events: readonly Event[],
  words: ReportWords,
  template: string,
): string => {
  const plan = events.find(isOf('plan'))
  if (plan === undefined) throw new Error('These events have no plan.')
  const outcome = events.find(isOf('outcome'))
  return filledOnce(template, {
    title: text(plan.headline),
    body: [
      `<h1>${text(plan.headline)}</h1>`,
      `<p class="soft">Made by create-base-image on <time>${words.day}</time>.</p>`,
      ...endOf(events, outcome),
      ...plan.notices.map(notice => `<p>${text(notice)}</p>`),
      ...(outcome === undefined ? [] : insideOf(outcome, words)),
      '<h2>What was done, and why</h2>',
      ...plan.steps.flatMap((step, i) => stepOf(step, i, events)),
      '<h2>Once more</h2>',
      code([plan.repeat]),
      ...(outcome === undefined || outcome.next.length === 0
        ? []
        : ['<h2>Next</h2>', code(outcome.next)]),
    ].join('\n'),
  })
}

const endOf = (events: readonly Event[], outcome: Outcome | undefined): string[] => {
  if (outcome === undefined)
    return events.some(isOf('stopped'))
      ? ['<p class="bad"><strong>It was stopped.</strong></p>']
      : ['<p class="bad"><strong>It failed; no image was made.</strong></p>']
  const { image, platform, id, uncompressedBytes, compressedBytes, proven, proof, seconds } =
    outcome
  const compressed = compressedBytes === null ? '' : `, ${size(compressedBytes)} compressed`
  return [
    '<dl>',
    ...pair('Image', `<strong>${text(image)}</strong> ${text(platform)}`),
    ...pair('ID', text(id)),
    ...pair('Size', `${size(uncompressedBytes)}${compressed}`),
    ...pair(
      proven ? 'Proven' : 'Not proven',
      `<span class="${proven ? 'good' : 'bad'}">${text(proof)}</span>`,
    ),
    ...pair('Took', duration(seconds)),
    '</dl>',
    ...(outcome.printed.trim() === ''
      ? []
      : ['<h2>What it printed</h2>', code(outcome.printed.trimEnd().split('\n'))]),
  ]
}

const insideOf = ({ sizes, packages }: Outcome, words: ReportWords): string[] => {
  const most = Math.max(1, ...sizes.map(({ bytes }) => bytes))
  const rows = [
    ...(words.inside.length === 0 ? [] : pair('Files', text(words.inside.join(', ')))),
    ...(packages === undefined ? [] : pair('Packages', `${packages.total}, of ${packages.date}`)),
    ...sizes.flatMap(({ bytes, after }) =>
      pair(
        text(after),
        `${size(bytes)}<div class="bar" style="width:${((bytes / most) * 100).toFixed(1)}%"></div>`,
      ),
    ),
  ]
  if (rows.length === 0) return []
  const list = packages === undefined ? [] : words.packages.map(one => `<li>${text(one)}</li>`)
  return [
    '<h2>What is inside</h2>',
    '<dl>',
    ...rows,
    '</dl>',
    ...(list.length === 0 ? [] : ['<ul>', ...list, '</ul>']),
  ]
}

const stepOf = (
  { id, title, why, commands }: PlanEvent['steps'][number],
  index: number,
  events: readonly Event[],
): string[] => {
  const end = events.findLast(
    (event): event is StepDone | StepFailed | StepSkipped =>
      (event.type === 'step-done' ||
        event.type === 'step-failed' ||
        event.type === 'step-skipped') &&
      event.step === id,
  )
  const shown = startedAs(id, events) ?? commands
  return [
    '<section>',
    `<h3>${index + 1}. ${text(title)}${timeOf(end)}</h3>`,
    `<p>${text(why)}</p>`,
    ...(shown.length === 0 ? [] : [code(shown.map(command => `$ ${command}`))]),
    ...resultOf(end),
    '</section>',
  ]
}

type StepEnd = StepDone | StepFailed | StepSkipped | undefined

const timeOf = (end: StepEnd): string =>
  end === undefined || end.type === 'step-skipped' ? '' : ` <span>${duration(end.seconds)}</span>`

const resultOf = (end: StepEnd): string[] => {
  if (end === undefined) return ['<p class="soft">Not reached.</p>']
  if (end.type === 'step-skipped') return [`<p class="soft">Skipped: ${text(end.reason)}</p>`]
  if (end.type === 'step-done')
    return end.result === '' ? [] : [`<p class="good">${text(end.result)}</p>`]
  const { message, remedy, lastLines } = end
  return [
    `<p class="bad"><strong>Failed.</strong> ${text(remedy?.what ?? message)}</p>`,
    ...(lastLines.length === 0 ? [] : [code(lastLines)]),
    ...(remedy?.todo ?? []).map(line => `<p>${text(line)}</p>`),
  ]
}

const pair = (name: string, value: string): string[] => [`<dt>${name}</dt><dd>${value}</dd>`]

/** It scrolls by itself where it is wide, so it can be reached by the keyboard. */
const code = (lines: readonly string[]): string =>
  `<pre tabindex="0">${lines.map(text).join('\n')}</pre>`

const text = (raw: string): string =>
  raw
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const isOf =
  <T extends Event['type']>(type: T) =>
  (event: Event): event is Extract<Event, { type: T }> =>
    event.type === type
