import { expect, test } from 'vitest'
import type { BuildEnded } from '../../../src/run/build-events.ts'
import { paintFor } from '../../../src/show/paint.ts'
import { summaryText } from '../../../src/show/table/texts.ts'

const ended: BuildEnded = {
  type: 'build-done',
  exitCode: 1,
  seconds: 48,
  images: [
    { name: 'acme/base:trixie', state: 'stopped', seconds: 1 },
    {
      name: 'b',
      state: 'failed',
      seconds: 43,
      message: 'The packages could not be configured:\nError: unable to start container.',
      todo: ['Make it with debootstrap instead: --bootstrap debootstrap.'],
    },
  ],
}

test('what failed is one row, also when an engine said it in lines', () => {
  expect(summaryText(ended, paintFor(false))).toContain(
    'b                 The packages could not be configured: Error: unable to start container.  43 s\n',
  )
})

test('in a narrow window lines end at spaces, and the further ones are indented', () => {
  const lines = summaryText(ended, paintFor(false), 40).split('\n')
  expect(lines.filter(line => line.length > 40)).toEqual([])
  expect(lines).toContain('           -> Make it with debootstrap')
  expect(lines.join('\n').replaceAll(/\n {14}/g, ' ')).toContain(
    'could not be configured: Error: unable to start container.',
  )
})
