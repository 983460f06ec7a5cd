import { expect, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { openRecorder, type Recorder } from '../../recorder/recorder.ts'
import { assetsFolder } from '../../../src/assets.ts'
import { ownCopy } from '../../../src/bootstrap/deb/own-files.ts'
import { makeRoot, type MadeRoot, type Making } from '../../../src/run/rootfs/make-root.ts'
import { smallMirror, SMALLEST, type SmallMirror } from '../../bootstrap/deb/small-mirror.ts'
import { madeTar } from '../../oci/make-tar.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { version } from '../../../src/version.ts'
import { bookwormRequest } from './bookworm-request.ts'

const posix = test.skipIf(process.platform === 'win32')

const open = (): Recorder =>
  openRecorder({
    plays: [
      { of: 'configure', stderr: 'Setting up base-files\n' },
      { of: 'configure', start: 1, stderr: 'again\n' },
    ],
    exported: madeTar([
      { path: 'etc/', type: '5', mode: 0o755 },
      { path: 'etc/issue', body: 'it' },
      { path: 'usr/', type: '5', mode: 0o755 },
    ]),
  })

interface Told {
  made: MadeRoot | null
  readonly told: unknown[]
  readonly files: string[]
}

const make = async (
  mirror: SmallMirror,
  recorder: Recorder,
  change: Partial<Making> = {},
): Promise<Told> => {
  const { url, keyring } = mirror
  const root = await bookwormRequest({ mirror: url, keyring, updates: true })
  const end: Told = { made: null, told: [], files: [] }
  const note =
    (name: string) =>
    (...values: unknown[]): void =>
      void end.told.push([name, ...values])
  end.made = await makeRoot(
    {
      root,
      fetching: { env: {}, cache: `${mirror.folder}/cache` },
      assets: assetsFolder(),
      client: { program: 'docker', env: recorder.env, cwd: recorder.folder },
      platform: null,
      slim: false,
      epoch: null,
      runId: 'run-1',
      signal: new AbortController().signal,
      hear: {
        planned: set => note('planned')(set.required.length + set.base.length),
        fetched: note('fetched'),
        unpacked: note('unpacked'),
        kept: note('kept'),
        line: note('line'),
      },
      ...change,
    },
    async tar => {
      for await (const { path } of tarEntries(tar)) end.files.push(path)
    },
  )
  return end
}

posix(
  'verified packages go into the engine, and their finished tree and lock come back',
  async () => {
    const [mirror, recorder] = [await smallMirror(), open()]
    const { made, told, files } = await make(mirror, recorder)
    const sizes = SMALLEST.map(({ words }) => {
      const [name, number] = words.split(' ')
      return mirror.files.get(`debian/pool/${name}_${number}_amd64.deb`)!.length
    })
    const all = sizes.reduce((sum, size) => sum + size, 0)
    expect(told[0]).toEqual(['planned', 3])
    const fetched = told.filter(one => (one as string[])[0] === 'fetched')
    expect(fetched.at(-1)).toEqual(['fetched', 3, all])
    expect(fetched[0]).toEqual(['fetched', 0, expect.any(Number)])
    expect(told.filter(one => (one as string[])[0] === 'unpacked')).toEqual([
      ['unpacked', 1],
      ['unpacked', 2],
      ['unpacked', 3],
    ])
    expect(told.at(-1)).toEqual(['line', 'Setting up base-files'])
    expect(files).toContain('etc/issue')
    expect(recorder.containers()).toEqual([])
    expect(made!.set.epoch).toBe(mirror.epoch)
    expect(made!.lock).toMatchObject({
      tool: version(),
      codename: 'bookworm',
      slim: false,
      own: null,
      keyring: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      // Its updates and security are not at this mirror.
      sources: [`${mirror.url} bookworm main`],
    })
    expect(recorder.read()[0]!.text).toContain('VERSION_CODENAME=bookworm')
    expect(recorder.asked('create')[0]!.options['--env']).toContain(
      `SOURCE_DATE_EPOCH=${mirror.epoch}`,
    )
    expect(recorder.asked('create')[0]!.words.slice(3)).toEqual([])
  },
)

posix('a lock gives the same packages without any index, and the tree that was kept', async () => {
  const [mirror, recorder] = [await smallMirror(), open()]
  const first = await make(mirror, recorder)
  const before = mirror.asked.length
  await mirror.put('bookworm', [{ words: 'base-files 13 required' }])
  const again = await make(mirror, recorder, { locked: first.made!.lock, runId: 'run-2' })
  expect(again.made!.lock).toBe(first.made!.lock)
  expect(again.made!.set.required.map(({ version }) => version)).toEqual(['12', '2.36'])
  expect(mirror.asked.slice(before).filter(path => path.includes('dists'))).toEqual([])
  expect(again.told).toContainEqual(['kept'])
  expect(recorder.read()).toHaveLength(1)
})

posix('what a person asks for reaches the container, and decides the lock', async () => {
  const [mirror, recorder] = [await smallMirror(), open()]
  const own = [ownCopy('etc/own', Buffer.from('mine'), 0o644)]
  const { made } = await make(mirror, recorder, { slim: true, epoch: 1_600_000_000, own })
  expect(made!.set.epoch).toBe(1_600_000_000)
  expect(made!.lock).toMatchObject({
    slim: true,
    epoch: 1_600_000_000,
    own: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  })
  expect(recorder.asked('create')[0]!.words.slice(3)).toEqual(['--slim'])
  expect(recorder.read()[0]!.text).toContain('mine')
  // It is for this image only, so the engine keeps nothing of it.
  expect(recorder.images()).toEqual(['ubuntu:20.04'])
  const others = await Promise.all(
    [
      ownCopy('etc/own', Buffer.from('others'), 0o644),
      ownCopy('etc/own', Buffer.from('mine'), 0o755),
      ownCopy('etc/more', Buffer.from('mine'), 0o644),
    ].map(async file => (await make(mirror, open(), { own: [file] })).made!.lock.own),
  )
  expect(new Set([made!.lock.own, ...others]).size).toBe(4)
})

posix('a mirror without a package ends it, and nothing is in the engine', async () => {
  const [mirror, recorder] = [await smallMirror(), open()]
  mirror.files.delete('debian/pool/apt_2.6_amd64.deb')
  await expect(make(mirror, recorder)).rejects.toMatchObject({ code: 'not-found' })
  expect(recorder.containers()).toEqual([])
  expect(recorder.images()).toEqual(['ubuntu:20.04'])
})

posix('a release that has left its archive is configured as that', async () => {
  const [mirror, recorder] = [await smallMirror(), open()]
  const { url, keyring } = mirror
  const root = await bookwormRequest({ mirror: url, keyring, updates: true })
  await make(mirror, recorder, { root: { ...root, ended: true }, platform: 'linux/arm64' })
  const [created] = recorder.asked('create')
  expect(created!.words.slice(3)).toEqual(['--ended'])
  expect(created!.options['--platform']).toEqual(['linux/arm64'])
})

posix('a key of one’s own decides the lock, and goes into the tree', async () => {
  const [mirror, recorder] = [await smallMirror(), open()]
  const { url, keyring } = mirror
  const root = await bookwormRequest({ mirror: url, keyring, updates: true })
  const own = await make(mirror, recorder, { root })
  const none = await make(mirror, open(), { root: { ...root, keyring: null } })
  expect(none.made!.lock.keyring).toBeNull()
  expect(own.made!.lock.keyring).not.toBeNull()
  expect(own.made!.unrun).toEqual([])
})

posix('a lock is of the files that were brought to it, and of no others', async () => {
  const [mirror, recorder] = [await smallMirror(), open()]
  const own = [ownCopy('etc/own', Buffer.from('mine'), 0o644)]
  const first = await make(mirror, recorder, { own })
  const locked = first.made!.lock
  expect((await make(mirror, open(), { own, locked })).made!.lock).toBe(locked)
  const others = [ownCopy('etc/own', Buffer.from('others'), 0o644)]
  await expect(make(mirror, open(), { own: others, locked })).rejects.toThrow()
  await expect(make(mirror, open(), { locked })).rejects.toThrow()
  await expect(make(mirror, open(), { own, locked, slim: true })).rejects.toThrow('slim')
})
