import { expect, test } from 'vitest'
import { inWizard } from '../../src/app/in-wizard.ts'
import type { Event } from '../../src/run/events.ts'
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
    'Run the same command again: it goes on from here.',
    'Choose "Try again" below: it goes on from here.',
  ],
  [
    'Mend hello.c in the project folder, then run the same command: it goes on from here.',
    'Mend hello.c in the project folder, then choose "Try again" below: it goes on from here.',
  ],
  [
    'Repeat the command: layers that are complete are not fetched again.',
    'Choose "Try again" below: layers that are complete are not fetched again.',
  ],
  ['Once it is there, repeat the command.', 'Once it is there, choose "Try again" below.'],
  ['Make room.', 'Make room.'],
])('who typed no command reads instead of "%s": %s', (todo, said) => {
  expect(adviceFor(todo)).toEqual([said])
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
