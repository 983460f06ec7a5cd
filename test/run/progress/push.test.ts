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

/** What docker 28 and skopeo 1.9 write to a terminal of 200 columns, shortened. */
const IN_TERMINAL = {
  docker: [
    'The push refers to repository [127.0.0.1:5998/x]\r\n\r\n',
    '\x1b[1A\x1b[2K\rcede332c462c: Preparing \r\x1b[1B',
    '\x1b[1A\x1b[2K\rcede332c462c: Pushing [>          ]  535.6kB/116.7MB\r\x1b[1B',
    '\x1b[1A\x1b[2K\rcede332c462c: Pushing [=====>     ]   63.6MB/116.7MB\r\x1b[1B',
    '\x1b[1A\x1b[2K\rcede332c462c: Pushing [==========>]  120.6MB\r\x1b[1B',
    '\x1b[1A\x1b[2K\rcede332c462c: Pushed \r\x1b[1Blatest: digest: sha256:a786 size: 528\r\n',
  ],
  skopeo: [
    'Copying blob 4af909b1ba63 .                 \r\n',
    '\x1b[1A\x1b[JCopying blob 4af909b1ba63 [==>-------] 12.0MiB / 48.0MiB | 3.2 MiB/s\r\n',
    '\x1b[1A\x1b[JCopying blob 4af909b1ba63 [=====>----] 24.0MiB / 48.0MiB | 3.2 MiB/s\r\n',
    '\x1b[1A\x1b[JCopying blob 4af909b1ba63 done  \r\n',
    'Copying config cf76d9cb9f [==========] 901.0b / 901.0b\r\n',
    '\x1b[1A\x1b[JCopying config cf76d9cb9f done  \r\n',
    '\x1b[1A\x1b[JCopying config cf76d9cb9f done  \r\n',
  ],
}

const read = (chunks: readonly string[]) => {
  const reader = pushReader()
  const readings = chunks.flatMap(chunk => reader.read(Buffer.from(chunk), 'stdout'))
  return [...readings, ...reader.end()]
}

test('in a terminal docker tells bytes, and its last line stays the last', () => {
  const readings = read(IN_TERMINAL.docker)
  expect(readings.flatMap(one => (one.kind === 'line' ? [one.text] : []))).toEqual([
    'The push refers to repository [127.0.0.1:5998/x]',
    '',
    'cede332c462c: Preparing',
    'cede332c462c: Pushing',
    'cede332c462c: Pushed',
    'latest: digest: sha256:a786 size: 528',
  ])
  const told = readings.flatMap(one => (one.kind === 'progress' ? [one.progress] : []))
  expect(told).toContainEqual({
    done: 63_600_000,
    total: 116_700_000,
    unit: 'bytes',
    fraction: 0.5449,
    text: 'Pushing',
  })
  expect(told.at(-1)).toMatchObject({ done: 116_700_000, fraction: 1 })
})

test('in a terminal skopeo tells bytes, and each state once', () => {
  const readings = read(IN_TERMINAL.skopeo)
  expect(readings.flatMap(one => (one.kind === 'line' ? [one.text] : []))).toEqual([
    'Copying blob 4af909b1ba63',
    'Copying blob 4af909b1ba63 done',
    'Copying config cf76d9cb9f',
    'Copying config cf76d9cb9f done',
  ])
  const told = readings.flatMap(one => (one.kind === 'progress' ? [one.progress] : []))
  expect(told).toContainEqual(
    expect.objectContaining({ done: 24 * 2 ** 20, total: 48 * 2 ** 20, fraction: 0.5 }),
  )
})
