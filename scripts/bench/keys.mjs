// How long a person waits from a key to the screen that it changes.
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { OURS } from './places.mjs'
import { openScreen } from './pseudo-terminal.mjs'
import { FIRST_QUESTION } from './question.mjs'
import { median, percentile } from './stats.mjs'
import { ms, row } from './words.mjs'

const KEY = { down: '\u001b[B', up: '\u001b[A', enter: '\r', escape: '\u001b', ctrlC: '\u0003' }

/** A person's pace, roughly: milliseconds between a changed screen and the next key. */
const PACE = 40

/** Down and Up at the first question, and a lone Esc at the second. */
export const keys = async ({ runs }, { folder }) => {
  const arrows = []
  const escapes = []
  for (let i = 0; i < runs; i++) {
    arrows.push(...(await inWizard(folder, pressArrows)))
    escapes.push(...(await inWizard(folder, pressEscape)))
  }
  return [
    keyRow('Down or Up at the first question until the screen has changed', arrows, 0.05),
    keyRow('a lone Esc at the second question until the first is back', escapes, 0.16),
  ]
}

const keyRow = (what, times, limit) => {
  const most = percentile(times, 0.95)
  return row(`${what}, 95 % of ${times.length} presses within`, {
    ours: `${ms(most)} (median ${ms(median(times))}, worst ${ms(Math.max(...times))})`,
    bound: `under ${ms(limit)}`,
    met: most < limit,
  })
}

/** A new wizard, from the moment its first question is there: the keys come while it still loads the rest. */
const inWizard = async (cwd, press) => {
  const wizard = openScreen(OURS, { cwd })
  try {
    await wizard.shown(text => text.includes(FIRST_QUESTION))
    const times = await press(wizard)
    wizard.write(KEY.ctrlC)
    await wizard.ended
    return times
  } finally {
    wizard.kill()
  }
}

const pressArrows = async wizard => {
  const times = []
  for (let i = 0; i < 100; i++) {
    const before = wizard.text()
    times.push(await timed(wizard, i % 2 === 0 ? KEY.down : KEY.up, text => text !== before))
  }
  return times
}

const pressEscape = async wizard => {
  const times = []
  for (let i = 0; i < 20; i++) {
    await timed(wizard, KEY.enter, text => text.includes('Esc back'))
    times.push(await timed(wizard, KEY.escape, text => text.includes(FIRST_QUESTION)))
  }
  return times
}

/** Seconds from a key to the output that made the screen as it should be. */
const timed = async (wizard, key, fits) => {
  const changed = wizard.shown(fits)
  const pressed = performance.now()
  wizard.write(key)
  const came = await changed
  await wait(PACE)
  return (came - pressed) / 1000
}
