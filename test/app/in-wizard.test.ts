import { expect, test } from 'vitest'
import { inWizard } from '../../src/app/in-wizard.ts'
import type { Event } from '../../src/run/events.ts'
import { ALL_ROWS } from '../engine-facts/rows.ts'
import { FAILED } from '../show/live/events.ts'

const adviceFor = (...todo: string[]): readonly string[] => {
  const shown: Event[] = []
  const view = inWizard({
    show: events => void shown.push(...events),
    decide: async () => 'stop',
    close: () => undefined,
  })
  void view.show([{ ...FAILED, remedy: { ...FAILED.remedy!, todo } }])
  const [event] = shown
  return event?.type === 'step-failed' ? (event.remedy?.todo ?? []) : []
}

test.each([
  [
    'Run the same command again: it continues from here.',
    'Choose "Try again" below: it continues from here.',
  ],
  [
    'Fix hello.c in the project folder, then run the same command: it continues from here.',
    'Fix hello.c in the project folder, then choose "Try again" below: it continues from here.',
  ],
  [
    'Repeat the command: layers that are complete are not fetched again.',
    'Choose "Try again" below: layers that are complete are not fetched again.',
  ],
  ['Once it is there, repeat the command.', 'Once it is there, choose "Try again" below.'],
  ['Make room.', 'Make room.'],
  [
    'Run it again: the package is then fetched again.',
    'Choose "Try again" below: the package is then fetched again.',
  ],
  [
    'Then run the same command again: what is made stays made.',
    'Then choose "Try again" below: what is made stays made.',
  ],
  [
    'Run create-base-image clean --cache, then the same command again.',
    'Run create-base-image clean --cache, then choose "Try again" below.',
  ],
  ['Run the same command once without --offline.', 'Run the same command once without --offline.'],
  [
    'An engine is another way: with Docker started, the same command takes that.',
    'An engine is another way: with Docker started, create-base-image takes that when it is started again.',
  ],
])('who typed no command reads instead of "%s": %s', (todo, said) => {
  expect(adviceFor(todo)).toEqual([said])
})

test('who typed no flag reads how to come to those that advice names', () => {
  expect(
    adviceFor(
      'Correct --include.',
      'Or an archive that has it: --mirror URL',
      'Or leave --builder out: docker run --rm --network host a',
    ).slice(3),
  ).toEqual([
    'For --include: choose "Change an answer" below.',
    'For --mirror or --builder: choose "Leave" below, and type the command after "Again" with it.',
  ])
  const whole = 'Or link musl: npx create-base-image --libc musl'
  expect(adviceFor(whole)).toEqual([whole])
})

test('all advice that there is can be followed by who typed no command', () => {
  const lines = Object.values(ALL_ROWS)
    .flat()
    .flatMap(({ todo }) => Object.values(todo).flat() as string[])
  const ended = /\b(?:run|repeat) (?:the|it)\b|\bsame command\b|once without/i
  expect(lines.filter(line => /\bcommand\b/.test(line)).length).toBeGreaterThan(20)
  expect(adviceFor(...lines).filter(line => ended.test(line))).toEqual([])
})

test('a failure of which nothing is known stays as it is', () => {
  const shown: Event[] = []
  const view = inWizard({
    show: events => void shown.push(...events),
    decide: async () => 'stop',
    close: () => undefined,
  })
  const unknown = { ...FAILED, remedy: null }
  void view.show([unknown])
  expect(shown).toEqual([unknown])
})
