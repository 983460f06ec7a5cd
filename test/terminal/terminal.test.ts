import { expect, test } from 'vitest'
import { open } from './terminal.js'

test('a frame that arrives in two pieces is seen whole', async () => {
  const script = `
    process.stdout.write('\\u001b[?2026hfirst line\\n')
    setTimeout(() => process.stdout.write('second line\\u001b[?2026l'), 200)
  `
  const terminal = open(process.execPath, ['--eval', script])
  expect(await terminal.waitFor(/first line/)).toContain('second line')
})
