import { expect, test } from 'vitest'
import { classicBuildReader } from '../../../src/run/progress/classic-build.ts'
import { readTranscript } from '../../fixtures/transcript.ts'
import { err, out, replay } from './replay.ts'

const read = (name: string) => replay(classicBuildReader(), readTranscript(name).chunks)

test.each([
  ['build-legacy-cli20.10', 7],
  ['build-legacy-cli28.2-default', 7],
  ['build-legacy-engine28-cli28.2', 7],
  ['build-progressflag-legacy20.10', 7],
  ['build-pull-legacy-cli28.2', 3],
  ['podman4-build', 7],
  ['podman4-docker-cli-build', 7],
  ['podman4-err-build-progress-rawjson', 7],
])('%s ends with all of its %i steps done', (name, steps) => {
  expect(read(name).last).toEqual({ fraction: 1, done: steps, total: steps, unit: 'steps' })
})

test.each(['build-envprogress-rawjson-legacy28.2', 'podman4-err-build-progress-plain'])(
  '%s is quiet: only the ID says that it is complete',
  name => {
    expect(read(name).last).toEqual({ fraction: 1 })
  },
)

test.each([
  ['build-fail-legacy-cli20.10', 0.5, 'returned a non-zero code: 3'],
  ['podman4-build-fail', 0.5, 'exit status 3'],
  ['podman5-build-fail', 0.5, 'exit status 1'],
  ['podman5-build', 0.375, 'exit status 1'],
  ['podman5-err-build-progress-rawjson', 0.375, 'exit status 1'],
])('%s fails at %d and ends with its error', (name, fraction, error) => {
  const { lines, last } = read(name)
  expect(last?.fraction).toBe(fraction)
  expect(lines.at(-1)).toContain(error)
})

test.each([
  ['build-syntaxerr-legacy', 'unknown instruction: RUNN'],
  ['build-progressflag-legacy28.2', "Run 'docker build --help' for more information"],
  ['build-cli28.2-BUILDKIT1-no-buildx', 'https://docs.docker.com/go/buildx/'],
  ['podman5-err-build-progress-plain', 'exit status 1'],
  ['err-nospace-legacy-build', 'no space left on device'],
])('%s fails before its first step and ends with its error', (name, error) => {
  const { lines, last } = read(name)
  expect(last?.fraction).toBeUndefined()
  expect(lines.at(-1)).toContain(error)
})

test('the build context counts bytes, and is one log line', () => {
  const { lines, progress } = read('build-pull-legacy-cli28.2')
  expect(progress[0]).toEqual({
    done: 40_000_000,
    unit: 'bytes',
    text: 'Sending the build context',
  })
  expect(lines.filter(line => line.startsWith('Sending'))).toEqual([
    'Sending build context to Docker daemon     40MB',
  ])
})

test('the steps are told in order', () => {
  const { progress } = read('build-legacy-cli20.10')
  expect(progress.slice(1, -1).map(each => each.text)).toEqual([
    'FROM cbi-focal:gcc AS build',
    'WORKDIR /src',
    'COPY hello.c .',
    'RUN echo "to stdout"; echo "to stderr" >&2; gcc -O2 -static -o hello hello.c &&…',
    'FROM scratch',
    'COPY --from=build /src/hello /hello',
    'CMD ["/hello"]',
  ])
})

test('layers pulled for the first step move the fraction within it', () => {
  const { last } = replay(classicBuildReader(), [
    out('Step 1/2 : FROM x\n'),
    out('aaaaaaaaaaaa: Pulling fs layer\naaaaaaaaaaaa: Pull complete\n'),
  ])
  expect(last).toMatchObject({ fraction: 0.45, done: 0, total: 2 })
})

test('what a program prints is not taken for steps or for the end', () => {
  const { last } = replay(classicBuildReader(), [
    out('Step 1/3 : RUN ./tests\n'),
    out('Step 9/9 : done\nStep 5/3 : what\nSuccessfully built 0123456789ab\n'),
    err('Step 2/3 : no\n'),
  ])
  expect(last).toEqual({ fraction: 0, done: 0, total: 3, unit: 'steps', text: 'RUN ./tests' })
})

test.each([
  'build-legacy-cli28.2-default',
  'build-legacy-engine28-cli28.2',
  'build-pull-legacy-cli28.2',
  'podman4-docker-cli-build',
  'err-permission-denied-28.2-build',
])('%s says nothing of the builder’s own age', name => {
  const text = read(name).lines.join('\n')
  expect(text).not.toMatch(/deprecated|buildx/i)
  expect(text.length).toBeGreaterThan(100)
})

test('the note is left out when DOCKER_BUILDKIT turned BuildKit off, and what looks like it is not', () => {
  const { lines } = replay(classicBuildReader(), [
    err(
      'DEPRECATED: The legacy builder is deprecated and will be removed in a future release.\n' +
        '            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0\n' +
        '            environment-variable.\n\n',
    ),
    err('\nDEPRECATED: your flag\n            environment-variable.\n'),
    out('DEPRECATED: The legacy builder is deprecated, says a program\n'),
  ])
  expect(lines).toEqual([
    '',
    'DEPRECATED: your flag',
    '            environment-variable.',
    'DEPRECATED: The legacy builder is deprecated, says a program',
  ])
})

/** The step that is told last after these lines, as `done of total`. */
const at = (...lines: string[]): string => {
  const { last } = replay(classicBuildReader(), [out(lines.map(line => `${line}\n`).join(''))])
  return `${last?.done} of ${last?.total}: ${last?.text}`
}

test('only a step that comes right after the one before is one', () => {
  const first = 'Step 1/3 : FROM a'
  expect(at(first)).toBe('0 of 3: FROM a')
  expect(at(first, 'Step 2/3 : RUN b')).toBe('1 of 3: RUN b')
  for (const line of [
    'Step 1/3 : FROM a again',
    'Step 3/3 : RUN c',
    'Step 2/4 : RUN b',
    'Step 4/3 : RUN d',
    '[2/2] STEP 1/3: FROM b',
    '[2/1] STEP 2/3: RUN b',
  ])
    expect(at(first, line), line).toBe('0 of 3: FROM a')
  for (const line of ['Step 2/3 : RUN b', 'Step 4/3 : RUN d', '[3/2] STEP 1/2: FROM a'])
    expect(at(line), line).toBe('undefined of undefined: undefined')
})

test('a stage begins with its first step, after the one before it', () => {
  const first = ['[1/2] STEP 1/2: FROM a', '[1/2] STEP 2/2: RUN b']
  expect(at(...first)).toBe('1 of 2: RUN b')
  expect(at(...first, '[2/2] STEP 1/3: FROM c')).toBe('2 of 5: FROM c')
  for (const line of ['[2/2] STEP 2/3: RUN c', '[2/3] STEP 1/3: FROM c', '[3/2] STEP 1/1: FROM c'])
    expect(at(...first, line), line).toBe('1 of 2: RUN b')
})

test('an ID is the end only after the last step of the last stage', () => {
  const built = 'Successfully built 83437df93512'
  const ends = (...lines: string[]) =>
    replay(classicBuildReader(), [out(lines.map(line => `${line}\n`).join(''))]).last?.fraction
  expect(ends('Step 1/1 : FROM a', built)).toBe(1)
  expect(ends('Step 1/2 : FROM a', built)).toBe(0)
  expect(ends('[1/2] STEP 1/1: FROM a', built)).toBe(0)
  expect(ends('[1/1] STEP 1/1: FROM a', 'a'.repeat(64))).toBe(1)
})

test('what is like the note on the build context is none once steps have begun', () => {
  const context = 'Sending build context to Docker daemon  5.1kB'
  expect(at(context)).toBe('5100 of undefined: Sending the build context')
  expect(at('Step 1/2 : FROM a', context)).toBe('0 of 2: FROM a')
})
