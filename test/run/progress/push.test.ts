import { expect, test } from 'vitest'
import { pushReader } from '../../../src/run/progress/push.ts'
import type { Progress } from '../../../src/run/progress/reader.ts'

const progressOf = (...lines: string[]): Progress[] => {
  const reader = pushReader()
  const readings = lines.flatMap(line => reader.read(Buffer.from(`${line}\n`), 'stdout'))
  return [...readings, ...reader.end()].flatMap(reading =>
    reading.kind === 'progress' ? [reading.progress] : [],
  )
}

test('docker tells of each layer when it was sent', () => {
  expect(
    progressOf(
      'The push refers to repository [registry.example/acme/hello]',
      '83437df93512: Preparing',
      '0c6b8ff8c37e: Preparing',
      '83437df93512: Pushed',
      '0c6b8ff8c37e: Layer already exists',
      '1: digest: sha256:0b1c size: 527',
    ).at(-1),
  ).toEqual({ done: 2, total: 2, unit: 'layers', fraction: 1, text: 'Pushing' })
})

test('podman and skopeo tell only that all were sent', () => {
  const blob = `Copying blob sha256:${'a'.repeat(64)}`
  expect(progressOf(blob)).toMatchObject([{ done: 0, total: 1 }])
  expect(progressOf(blob, 'Copying config sha256:29f4').at(-1)).toMatchObject({ done: 1, total: 1 })
})

test('of several images skopeo tells which one it is at', () => {
  expect(progressOf('Copying image sha256:6b06 (2/4)').at(-1)).toEqual({
    fraction: 0.25,
    text: 'Image 2 of 4',
  })
})
