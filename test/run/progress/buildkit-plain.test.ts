import { expect, test } from 'vitest'
import { buildkitPlainReader } from '../../../src/run/progress/buildkit-plain.ts'
import { readTranscript } from '../../fixtures/transcript.ts'
import { err, out, replay } from './replay.ts'
import { FAIL_STEPS, HELLO_STEPS } from './vertices.ts'

const read = (name: string) => replay(buildkitPlainReader(), readTranscript(name).chunks)

const headersOf = (lines: readonly string[]): string[] => {
  const first = new Map<string, string>()
  for (const line of lines) {
    const [, number, name] = /^#(\d+) (.*)$/.exec(line) ?? []
    if (number !== undefined && number !== '0' && !first.has(number)) first.set(number, name ?? '')
  }
  return [...first.values()]
}

test.each([
  ['build-buildkit-default-cli20.10-nontty', 10],
  ['build-buildkit-plain-cli20.10-engine20.10', 10],
  ['build-buildkit-plain-cli28.5-buildx0.29-engine20.10', 10],
  ['build-plain-engine28-buildx0.29', 10],
  ['build-plain-engine28-cli20.10', 10],
  ['build-plain-engine28-containerd-store', 10],
  ['build-buildkit-plain-cli20.10-cached', 10],
])('%s ends with all of its %i vertices done, in the order of the steps', (name, vertices) => {
  const { lines, last } = read(name)
  expect(last).toEqual({ fraction: 1, done: vertices, total: vertices, unit: 'steps' })
  const steps = headersOf(lines).filter(header => /^\[(?!internal)|^exporting/.test(header))
  const wanted = name.endsWith('cached')
    ? [0, 2, 3, 1, 4, 5].map(at => HELLO_STEPS[at])
    : HELLO_STEPS
  expect(steps.map(step => step.replace(/@sha256:.*/, ''))).toEqual(wanted)
})

test.each([
  ['build-pull-plain-engine20.10-cli20.10', 8],
  ['build-pull-plain-engine28-buildx0.29', 8],
])('%s pulls 87 MB and ends with all of its %i vertices done', (name, vertices) => {
  const { lines, progress, last } = read(name)
  expect(last).toEqual({ fraction: 1, done: vertices, total: vertices, unit: 'steps' })
  const bytes = progress.filter(each => each.unit === 'bytes')
  expect(bytes.at(-1)?.total).toBe(
    1580 + 2180 + 30_010_000 + 12_000_000 + 300_280 + 109 + 45_010_000,
  )
  const steps = headersOf(lines).filter(header => !header.startsWith('[internal]'))
  expect(steps.map(step => step.replace(/FROM .*/, 'FROM'))).toEqual([
    '[1/3] FROM',
    '[2/3] COPY big /big',
    '[3/3] RUN ls -l /a',
    'exporting to image',
  ])
})

test.each([
  ['build-fail-buildkit-buildx0.29', 'ERROR: failed to build: failed to solve: executor failed'],
  ['build-fail-buildkit-cli20.10', 'executor failed running [/bin/sh -c echo one;'],
  ['build-fail-plain-engine28-buildx0.29', 'ERROR: failed to build: failed to solve: process'],
])('%s fails in its last step, and its error comes last', (name, error) => {
  const { lines, last } = read(name)
  expect(lines.at(-1)).toContain(error)
  expect(lines).toContain(' > [2/2] RUN echo one; sleep 1; echo two >&2; exit 3:')
  expect(headersOf(lines).slice(-2)).toEqual(FAIL_STEPS)
  expect(last).toMatchObject({ done: 4, total: 5, unit: 'steps' })
  expect(last?.fraction).toBeLessThan(0.5)
})

test.each([
  ['build-syntaxerr-buildkit-buildx0.29', 'unknown instruction: RUNN'],
  ['build-syntaxerr-plain-engine28-buildx0.29', 'unknown instruction: RUNN (did you mean RUN?)'],
  ['build-buildkit-rawjson-cli20.10', 'valid values are: auto, plain, tty'],
  ['build-envprogress-rawjson-cli20.10', 'valid values are: auto, plain, tty'],
  ['err-nospace-build-run-engine28', 'exit code: 1'],
  ['err-build-no-matching-manifest', 'no match for platform in manifest: not found'],
])('%s is not complete and ends with its error', (name, error) => {
  const { lines, last } = read(name)
  expect(lines.at(-1)).toContain(error)
  expect(last?.fraction ?? 0).toBeLessThan(0.5)
})

test('a quiet build prints its ID and nothing else', () => {
  expect(read('build-quiet-buildx0.29')).toEqual({
    lines: ['sha256:05d505f9103b52855fabf8aa0276b762804ce2b60d0687868f493b27be6cb427'],
    progress: [],
    last: null,
  })
})

test('log lines are the printed ones without repetitions', () => {
  expect(read('build-pull-plain-engine28-buildx0.29').lines.slice(0, 12)).toEqual([
    '#0 building with "default" instance using docker driver',
    '#1 [internal] load build definition from Dockerfile',
    '#1 transferring dockerfile: 98B done',
    '#1 DONE 0.0s',
    '#2 [internal] load metadata for 172.17.0.1:5057/cbi/multi:1',
    '#2 DONE 0.0s',
    '#3 [internal] load .dockerignore',
    '#3 transferring context: 2B done',
    '#3 DONE 0.0s',
    '#4 [1/3] FROM 172.17.0.1:5057/cbi/multi:1@sha256:a4f7ebe3c7f7e21e9b5883adcdd6d28890dc57d190bf5647284f8d6d5fab2e27',
    '#4 resolve 172.17.0.1:5057/cbi/multi:1@sha256:a4f7ebe3c7f7e21e9b5883adcdd6d28890dc57d190bf5647284f8d6d5fab2e27 done',
    '#4 sha256:c4d79270c8e281859d97ee6b4d982f7bf4340efb7a619a345f9c2c68962acc53 2.18kB / 2.18kB done',
  ])
})

test('a status that never became done is still told when its vertex ends, or the output does', () => {
  const status = '#1 exporting layers 0.1s\n'
  expect(replay(buildkitPlainReader(), [err(`#1 x\n${status}#1 CANCELED\n`)]).lines).toEqual([
    '#1 x',
    '#1 exporting layers 0.1s',
    '#1 CANCELED',
  ])
  expect(replay(buildkitPlainReader(), [err(`#1 x\n${status}`)]).lines).toEqual([
    '#1 x',
    '#1 exporting layers 0.1s',
  ])
})

test('what a program prints is not taken for the grammar', () => {
  const { lines, last } = replay(buildkitPlainReader(), [
    err('#1 [1/2] RUN x\n#1 0.1 #2 [2/2] RUN y\n#1 12.34 DONE 0.1s\n#1 0.200\n#1 0.3 50%\r100%\n'),
  ])
  expect(lines).toEqual([
    '#1 [1/2] RUN x',
    '#1 0.1 #2 [2/2] RUN y',
    '#1 12.34 DONE 0.1s',
    '#1 0.200',
    '100%',
  ])
  expect(last).toMatchObject({ done: 0, total: 2, text: '[1/2] RUN x' })
})

test('stdout is read like stderr', () => {
  expect(replay(buildkitPlainReader(), [out('#1 [1/1] COPY a b\n#1 CACHED\n')]).last).toEqual({
    fraction: 0.5,
    done: 1,
    total: 1,
    unit: 'steps',
  })
})
