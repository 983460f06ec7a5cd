import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { assetsFolder, readAsset } from '../../../src/assets.ts'
import type { CraftInputs } from '../../../src/plan/craft-inputs.ts'
import { crafts } from '../../../src/run/crafts/index.ts'
import type { CraftContext, CraftResult } from '../../../src/run/crafts/craft.ts'
import type { StepRecord } from '../../../src/run/events.ts'
import { smallMirror, SMALLEST, type SmallMirror } from '../../bootstrap/deb/small-mirror.ts'
import { serve } from '../../bootstrap/fetch/server.ts'
import { craftContext } from './craft-context.ts'
import { rootInput } from './root-input.ts'

afterEach(() => vi.unstubAllEnvs())

/** A mirror without TLS, by TLS: a failure to connect that is not tried again. */
const awayFrom = ({ url }: SmallMirror): string => url.replace('http:', 'https:')
const MADE: StepRecord = { inputs: '', outputs: {} } as unknown as StepRecord

const contextOf = (
  { folder }: SmallMirror,
  steps: readonly string[] = [],
  kind: 'resumed' | 'new' = 'resumed',
): CraftContext & { readonly said: string[] } => {
  const said: string[] = []
  const context = craftContext(folder, { assets: assetsFolder(), tell: line => said.push(line) })
  const state = {
    ...context.project.state,
    steps: Object.fromEntries(steps.map(step => [step, MADE])),
  }
  return { ...context, said, project: { ...context.project, kind, state } }
}

const read = (
  mirror: SmallMirror,
  context: CraftContext,
  change: Partial<CraftInputs['read-deb-index']> = {},
): Promise<CraftResult> => {
  vi.stubEnv('XDG_CACHE_HOME', join(mirror.folder, 'cache'))
  return crafts['read-deb-index']({ ...inputOf(mirror), ...change }, context)
}

const inputOf = (mirror: SmallMirror): CraftInputs['read-deb-index'] => ({
  ...rootInput(mirror),
  file: 'index',
})

const PACKAGE = {
  name: 'bash',
  version: '5.2',
  architecture: 'amd64',
  sha256: 'cd'.repeat(32),
  size: 10,
  suite: 'bookworm',
  component: 'main',
  filename: 'pool/bash.deb',
  part: 'required',
  priority: 'required',
  section: 'shells',
  installedBytes: 20,
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const noted = ({ folder }: SmallMirror): string[] =>
  readFileSync(join(folder, 'index'), 'utf8').split('\n')

const CONFIGURE = `configured by ${hashOf(Buffer.from(readAsset('bootstrap/configure.sh')))}`

test('the index of each suite is written down by its hash, with what else decides the image', async () => {
  const mirror = await smallMirror({ bookworm: SMALLEST, 'bookworm-updates': [] })
  const { lines, result } = await read(mirror, contextOf(mirror))
  const release = (suite: string): string =>
    `${suite} ${hashOf(mirror.files.get(`debian/dists/${suite}/InRelease`)!)}`
  expect(noted(mirror)).toEqual([
    release('bookworm'),
    release('bookworm-updates'),
    CONFIGURE,
    'dated by the index',
    '',
  ])
  expect(lines).toEqual([
    release('bookworm'),
    release('bookworm-updates'),
    'the mirror has no bookworm-security',
  ])
  const date = new Date(mirror.epoch * 1000).toISOString()
  expect(result).toBe(
    `bookworm, bookworm-updates, of ${date.slice(0, 10)} ${date.slice(11, 16)} UTC`,
  )
  vi.stubEnv('SOURCE_DATE_EPOCH', '1600000000')
  await read(mirror, contextOf(mirror))
  expect(noted(mirror)).toContain('dated 1600000000')
})

test('a lock takes the place of all indexes, and nothing is asked for', async () => {
  const mirror = await smallMirror()
  const suite = { suite: 'bookworm', archive: mirror.url, role: 'release', components: ['main'] }
  const dated = (date: string) => ({ ...suite, date, sha256: 'ab'.repeat(32) })
  const lock = {
    lock: 1,
    distribution: 'debian',
    codename: 'bookworm',
    architecture: 'amd64',
    variant: 'minbase',
    include: [],
    exclude: [],
    slim: false,
    keyring: null,
    epoch: 1_700_000_000,
    sources: [],
    newer: 0,
    packages: [PACKAGE],
    suites: [dated('2026-02-03T04:05:06.000Z'), dated('2026-02-02T04:05:06.000Z')],
  }
  const locked = join(mirror.folder, 'packages.lock')
  writeFileSync(locked, JSON.stringify(lock))
  const { result } = await read(mirror, contextOf(mirror), { locked })
  expect(result).toBe('1 package, of 2026-02-03 04:05 UTC')
  expect(noted(mirror).slice(0, 2)).toEqual([`locked ${hashOf(readFileSync(locked))}`, CONFIGURE])
  expect(mirror.asked).toEqual([])
})

/** How a mirror fails that gives no answer of its own. */
const NO_ANSWERS: readonly (readonly [string, (mirror: SmallMirror) => Promise<string>])[] = [
  ['that can not be reached', mirror => Promise.resolve(awayFrom(mirror))],
  ['that refuses', () => answering(403)],
  ['behind the page of a network', () => answering(200, '<html>log in</html>')],
  ['behind a proxy that refuses', () => answering(407)],
]

const answering = async (status: number, text = ''): Promise<string> => {
  const { url } = await serve((_, response) => void response.writeHead(status).end(text))
  return `${url}/debian`
}

test.each(NO_ANSWERS)(
  'a mirror %s takes nothing away where the image of the last index is there',
  async (_, away) => {
    const mirror = await smallMirror()
    await read(mirror, contextOf(mirror))
    const before = noted(mirror)
    for (const step of ['name', 'pack']) {
      const context = contextOf(mirror, [step])
      const { result, values } = await read(mirror, context, { mirror: await away(mirror) })
      expect(result).toBe('not reachable, so nothing newer was looked for')
      expect(values!['packages.unasked']).toContain('127.0.0.1')
      expect(context.said.at(-1)).toBe(values!['packages.unasked'])
      expect(noted(mirror)).toEqual(before)
    }
  },
)

test('without that image, or where it would be made otherwise, a mirror that is away is a failure', async () => {
  const mirror = await smallMirror()
  const away = (context: CraftContext) => read(mirror, context, { mirror: awayFrom(mirror) })
  const failure = { name: 'CraftError', code: 'unreachable' }
  await expect(away(contextOf(mirror, ['name']))).rejects.toMatchObject(failure)
  await read(mirror, contextOf(mirror))
  await expect(away(contextOf(mirror))).rejects.toMatchObject(failure)
  await expect(away(contextOf(mirror, ['import']))).rejects.toMatchObject(failure)
  await expect(away(contextOf(mirror, ['name'], 'new'))).rejects.toMatchObject(failure)
  vi.stubEnv('SOURCE_DATE_EPOCH', '1600000000')
  await expect(away(contextOf(mirror, ['name']))).rejects.toMatchObject(failure)
})

test('a mirror that answers with something wrong is a failure, whatever is there', async () => {
  const mirror = await smallMirror()
  await read(mirror, contextOf(mirror))
  mirror.files.set('debian/dists/bookworm/InRelease', Buffer.from('tampered'))
  vi.stubEnv('XDG_CACHE_HOME', join(mirror.folder, 'other'))
  await expect(
    crafts['read-deb-index'](inputOf(mirror), contextOf(mirror, ['name'])),
  ).rejects.toMatchObject({
    name: 'CraftError',
    code: expect.not.stringMatching(/reach/) as string,
  })
})
