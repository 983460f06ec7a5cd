import { expect, test } from 'vitest'
import { buildkitJsonReader } from '../../../src/run/progress/buildkit-json.ts'
import { readTranscript } from '../../fixtures/transcript.ts'
import { byteByByte, err, replay } from './replay.ts'
import { FAIL_STEPS, HELLO_STEPS } from './vertices.ts'

const read = (name: string) => replay(buildkitJsonReader(), readTranscript(name).chunks)
const value = (object: unknown) => err(`${JSON.stringify(object)}\n`)
const base64 = (text: string) => Buffer.from(text).toString('base64')

const stepsOf = (lines: readonly string[]): string[] =>
  lines
    .filter(line => /^(?:CACHED )?\[(?!internal)|^exporting/.test(line))
    .map(line => line.replace(/@sha256:.*/, ''))

test.each([
  'build-buildkit-rawjson-cli28.5-buildx0.29-engine20.10',
  'build-rawjson-engine28-buildx0.29',
])('%s ends with all of its vertices done, in the order of the steps', name => {
  const { lines, last } = read(name)
  expect(last).toEqual({ fraction: 1, done: 10, total: 10, unit: 'steps' })
  expect(stepsOf(lines)).toEqual(
    HELLO_STEPS.map((step, index) => (index === 1 ? `CACHED ${step}` : step)),
  )
  expect(lines).toContain('to stderr')
  expect(lines.filter(line => line.startsWith('-rwxr-xr-x'))).toHaveLength(1)
})

test.each(['build-pull-rawjson-dind28', 'build-pull-rawjson-dind28c'])(
  '%s pulls with bytes and ends complete',
  name => {
    const { lines, progress, last } = read(name)
    expect(last).toMatchObject({ fraction: 1, unit: 'steps' })
    expect(last?.done).toBe(last?.total)
    expect(
      Math.max(...progress.map(each => (each.unit === 'bytes' ? (each.total ?? 0) : 0))),
    ).toBeGreaterThan(30_009_358 + 12_003_851 + 45_013_922)
    expect(stepsOf(lines)).toEqual([
      '[1/2] FROM 172.17.0.1:5057/cbi/multi:1',
      '[2/2] RUN ls -l /a',
      'exporting to image',
    ])
  },
)

test.each(['build-fail-rawjson-buildx0.29', 'build-fail-rawjson-engine28-buildx0.29'])(
  '%s fails in its last step; the error of the step and the text after the JSON are kept',
  name => {
    const { lines, last } = read(name)
    expect(stepsOf(lines).filter(line => !line.startsWith('CACHED'))).toEqual(
      name.includes('engine28') ? FAIL_STEPS : FAIL_STEPS.slice(1),
    )
    expect(lines.slice(lines.indexOf('one'), lines.indexOf('one') + 2)).toEqual(['one', 'two'])
    expect(lines.some(line => /^ERROR: (?:process|executor).*exit code: 3$/.test(line))).toBe(true)
    expect(lines.at(-1)).toMatch(/^ERROR: failed to build: failed to solve: .*exit code: 3$/)
    expect(last).toMatchObject({ done: 4, total: 5, unit: 'steps' })
    expect(last?.fraction).toBeLessThan(0.5)
  },
)

test('the source excerpt after the JSON keeps its indentation', () => {
  expect(read('build-fail-rawjson-engine28-buildx0.29').lines.slice(-7, -1)).toEqual([
    'Dockerfile.fail:2',
    '--------------------',
    '   1 |     FROM cbi-focal:gcc',
    '   2 | >>> RUN echo one; sleep 1; echo two >&2; exit 3',
    '   3 |     ',
    '--------------------',
  ])
})

test('values printed over many lines read the same as one a line', () => {
  const { chunks } = readTranscript('build-fail-rawjson-engine28-buildx0.29')
  const pretty = chunks.map(({ bytes }) => {
    const text = new TextDecoder().decode(bytes)
    return text.startsWith('{') ? err(`${JSON.stringify(JSON.parse(text), null, 2)}\n`) : err(text)
  })
  const wanted = replay(buildkitJsonReader(), chunks)
  expect(replay(buildkitJsonReader(), pretty)).toEqual(wanted)
  expect(replay(buildkitJsonReader(), byteByByte(pretty)).lines).toEqual(wanted.lines)
})

test('a recording with lines left out within a value reads on after the gap', () => {
  const { lines, last } = read('build-buildkit-rawjson-cli26-buildx0.13-engine20.10')
  expect(readTranscript('build-buildkit-rawjson-cli26-buildx0.13-engine20.10').complete).toBe(false)
  expect(lines.slice(-3)).toEqual([HELLO_STEPS[3], HELLO_STEPS[4], 'exporting to image'])
  expect(last).toMatchObject({ done: 9, total: 10 })
})

test('output that comes in chunks is put together to lines, each vertex and stream on its own', () => {
  const log = (vertex: string, stream: number, text: string) =>
    value({ logs: [{ vertex, stream, data: base64(text) }] })
  const { lines } = replay(buildkitJsonReader(), [
    log('a', 1, 'one '),
    log('b', 1, 'other\n'),
    log('a', 2, 'error\n'),
    log('a', 1, 'line\r\nlast'),
    err('ERROR: tail\n'),
  ])
  expect(lines).toEqual(['other', 'error', 'one line', 'last', 'ERROR: tail'])
})

test('warnings and values of another kind are told', () => {
  const { lines } = replay(buildkitJsonReader(), [
    value({ warnings: [{ vertex: 'a', short: base64('old syntax') }] }),
    value({ hello: 1 }),
    value({}),
  ])
  expect(lines).toEqual(['WARN: old syntax', '{"hello":1}'])
})

test('a vertex that starts again is running again, and the fraction stays', () => {
  const vertex = { digest: 'a', name: '[1/1] COPY a b', started: '1' }
  const { progress } = replay(buildkitJsonReader(), [
    value({ vertexes: [{ ...vertex, completed: '2' }] }),
    value({ vertexes: [{ ...vertex, started: '3' }] }),
  ])
  expect(progress).toEqual([
    { fraction: 0.5, done: 1, total: 1, unit: 'steps' },
    { fraction: 0.5, done: 0, total: 1, unit: 'steps', text: '[1/1] COPY a b' },
  ])
})

test('fields of a wrong kind are passed over', () => {
  const { lines, progress } = replay(buildkitJsonReader(), [
    value({ vertexes: [{ name: 1 }, 2, null], statuses: 'x', logs: [{ data: 5 }], warnings: [{}] }),
  ])
  expect(lines).toEqual([])
  expect(progress).toEqual([])
})
