import { expect, test } from 'vitest'
import { useDemo, whole } from './demo.ts'
import { KEY } from './terminal.ts'

const demo = useDemo('handover-demo.tsx')

test('questions and Ink take turns, each gets its keys, and the process ends by itself', async () => {
  const terminal = demo.open()
  await terminal.waitFor(whole(/First\?/))
  terminal.write(KEY.enter)
  await terminal.waitFor(/Ink waits for q$/)
  terminal.write('q')
  await terminal.waitFor(whole(/Second\?/))
  terminal.write(KEY.enter)
  await terminal.waitFor(/Ink waits for q$/)
  terminal.write('q')
  await terminal.waitFor(whole(/Third\?/))
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(terminal.screen()).toMatch(/all asked$/)
})
