import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { openRecorder, type Recorder } from '../../recorder/recorder.ts'
import { assetsFolder } from '../../../src/assets.ts'
import { inspectArchive } from '../../../src/oci/inspect.ts'
import type { CraftInputs } from '../../../src/plan/craft-inputs.ts'
import { crafts } from '../../../src/run/crafts/index.ts'
import type { CraftResult } from '../../../src/run/crafts/craft.ts'
import { size } from '../../../src/text/units.ts'
import { smallMirror, SMALLEST, type SmallMirror } from '../../bootstrap/deb/small-mirror.ts'
import { madeTar } from '../../oci/make-tar.ts'
import { craftContext } from './craft-context.ts'
import { rootInput } from './root-input.ts'

const posix = test.skipIf(process.platform === 'win32')

afterEach(() => vi.unstubAllEnvs())

const open = (): Recorder =>
  openRecorder({
    plays: [0, 1].map(start => ({ of: 'configure', start, stderr: 'P: 50\n' })),
    exported: madeTar([
      { path: 'etc/', type: '5', mode: 0o755 },
      { path: 'etc/os-release', body: 'ID=debian\nVERSION_ID="12"\n' },
      { path: 'usr/', type: '5', mode: 0o755 },
      { path: 'var/', type: '5', mode: 0o755 },
      { path: 'var/lib/', type: '5', mode: 0o755 },
      { path: 'var/lib/dpkg/', type: '5', mode: 0o755 },
      {
        path: 'var/lib/dpkg/status',
        body: 'Package: base-files\nStatus: install ok installed\nVersion: 12\nArchitecture: amd64\n',
      },
    ]),
  })

/** Makes an image in the mirror's folder; gives what the craft said meanwhile too. */
const pack = async (
  mirror: SmallMirror,
  recorder: Recorder,
  change: Partial<CraftInputs['pack-deb']> = {},
): Promise<CraftResult & { readonly said: readonly string[] }> => {
  vi.stubEnv('XDG_CACHE_HOME', join(mirror.folder, 'cache'))
  const said: string[] = []
  const result = await crafts['pack-deb'](
    {
      ...rootInput(mirror),
      reference: 'my-bookworm',
      archive: 'made/my-bookworm.tar',
      entrypoint: null,
      expose: [],
      user: null,
      cmd: ['/bin/bash'],
      env: ['PATH=/bin'],
      labels: {},
      ...change,
    },
    craftContext(mirror.folder, {
      assets: assetsFolder(),
      client: { program: 'docker', env: recorder.env, cwd: recorder.folder },
      tell: line => said.push(line),
    }),
  )
  return { ...result, said }
}

posix('signed packages become an archive, whose packages, lock and SBOMs are told', async () => {
  const [mirror, recorder] = [await smallMirror(), open()]
  const { lines, result, values, said } = await pack(mirror, recorder)
  const archive = join(mirror.folder, 'made/my-bookworm.tar')
  const { images, problems } = await inspectArchive(archive)
  expect(problems).toEqual([])
  expect(images[0]).toMatchObject({ arch: 'amd64', cmd: ['/bin/bash'] })
  expect(lines!.slice(0, 5)).toEqual([
    'base-files 12 amd64',
    'libc6 2.36 amd64',
    'apt 2.6 amd64',
    'the mirror has no bookworm-updates',
    'the mirror has no bookworm-security',
  ])
  expect(result).toBe('3 packages')
  expect(values).toMatchObject({
    'image.id': images[0]!.id,
    'image.config': images[0]!.id,
    'packages.total': '3',
    'packages.newer': '0',
    'packages.date': new Date(mirror.epoch * 1000).toISOString().slice(0, 10),
    'packages.missing': 'bookworm-updates bookworm-security',
  })
  const bytes = SMALLEST.map(({ words }) => {
    const [name, version] = words.split(' ')
    return mirror.files.get(`debian/pool/${name}_${version}_amd64.deb`)!.length
  }).reduce((sum, one) => sum + one, 0)
  expect(said[0]).toBe('S: 2 23')
  expect(said[1]).toBe(`T: fetch 3 packages, ${size(bytes)}`)
  // Each part that a person can see on a bar is told.
  expect(said.filter(line => line.startsWith('P: ')).length).toBeGreaterThan(3)
  // That all has come is told, however small the last part was.
  expect(said).toContain(`P: ${bytes} ${bytes} bytes 3 of 3 packages`)
  expect(said.slice(-4)).toEqual(['S: 45 90', 'P: 50', 'S: 90 100', 'T: pack the files'])
  const made = join(mirror.folder, '.create-base-image/made')
  const read = (name: string) => JSON.parse(readFileSync(join(made, name), 'utf8'))
  expect(read('packages.lock')).toMatchObject({ codename: 'bookworm', epoch: mirror.epoch })
  const spdx = read('sbom.spdx.json')
  expect(spdx.name).toContain('debian bookworm')
  expect(spdx.packages.map(({ name }: { name: string }) => name)).toContain('base-files')
  expect(spdx.creationInfo.created).toBe(
    new Date(mirror.epoch * 1000).toISOString().replace('.000Z', 'Z'),
  )
  expect(recorder.containers()).toEqual([])
})

posix('a second image takes what is unpacked already, as its lock says and offline', async () => {
  const [mirror, recorder] = [await smallMirror(), open()]
  const first = await pack(mirror, recorder)
  const lock = join(mirror.folder, '.create-base-image/made/packages.lock')
  const kept = join(mirror.folder, 'kept')
  mkdirSync(kept)
  const locked = join(kept, 'packages.lock')
  writeFileSync(locked, readFileSync(lock))
  const asked = mirror.asked.length
  const again = await pack(mirror, recorder, { locked, offline: true })
  expect(mirror.asked).toHaveLength(asked)
  expect(again.values).toEqual(first.values)
  expect(again.said.slice(-5)).toEqual([
    'T: take the packages that are unpacked here already',
    'S: 45 90',
    'P: 50',
    'S: 90 100',
    'T: pack the files',
  ])
  await expect(pack(mirror, recorder, { locked, slim: true })).rejects.toMatchObject({
    name: 'CraftError',
    message: expect.stringContaining('slim is off in the lock, and on here') as string,
  })
})

posix('what a person gives decides it: the date, what is newer, and other suites', async () => {
  const mirror = await smallMirror({
    bookworm: SMALLEST,
    'bookworm-updates': [{ words: 'libc6 2.37 required' }],
  })
  vi.stubEnv('SOURCE_DATE_EPOCH', '1600000000')
  const recorder = open()
  const { lines, result, values } = await pack(mirror, recorder)
  expect(lines).toContain('libc6 2.37 amd64')
  expect(result).toBe("3 packages, 1 of them newer than the release's own")
  expect(values).toMatchObject({
    'packages.newer': '1',
    'packages.missing': 'bookworm-security',
  })
  expect(recorder.asked('create')[0]!.options['--env']).toContain('SOURCE_DATE_EPOCH=1600000000')
  const { lines: plain } = await pack(mirror, open(), { updates: false })
  expect(plain).toContain('libc6 2.36 amd64')
})

posix.each<[string, Record<string, unknown>]>([
  ['no-release', { release: 'nosuch' }],
  ['lock-malformed', { locked: 'nosuch/packages.lock' }],
  ['lock-malformed', { locked: 'keys.asc' }],
  ['include-unknown', { include: ['nosuch'] }],
])('%s is told to people, and no image is made', async (code, change) => {
  const [mirror, recorder] = [await smallMirror(), open()]
  await expect(pack(mirror, recorder, change)).rejects.toMatchObject({ name: 'CraftError', code })
  expect(recorder.asked()).toEqual([])
})

const SCRIPT = { path: './postinst', mode: 0o755, body: '#!/bin/sh\n' }

posix(
  'without a shell the packages’ files are packed as they come, and what did not run is told',
  async () => {
    const names = ['libc6', 'netbase', 'tzdata']
    const mirror = await smallMirror({
      bookworm: [
        SMALLEST[0]!,
        ...names.map(name => ({ words: `${name} 1 required`, data: [{ path: './' }] })),
        { words: 'ca-certificates 1 required', control: [SCRIPT] },
        { words: 'tool 1 optional', control: [SCRIPT], data: [{ path: './' }] },
        { words: 'more 1 optional', control: [SCRIPT], data: [{ path: './' }] },
      ],
    })
    const recorder = open()
    const { said, lines, values } = await pack(mirror, recorder, {
      variant: 'distroless',
      include: ['tool', 'more'],
      engine: false,
    })
    expect(recorder.asked()).toEqual([])
    expect(said[0]).toBe('S: 2 50')
    expect(said.filter(line => /^(?:S: \d+ (?:90|100)$|T: pack)/.test(line))).toEqual([])
    expect(values).toMatchObject({ 'packages.total': '7', 'packages.unrun': 'more tool' })
    expect(lines!.some(line => line.includes('tool') && !line.startsWith('tool '))).toBe(true)
    const { images } = await inspectArchive(join(mirror.folder, 'made/my-bookworm.tar'))
    expect(images[0]!.layers[0]!.files).toBeGreaterThan(0)
  },
)

posix(
  'an image that an engine loads has the run’s name, and its archive is not the project’s',
  async () => {
    const [mirror, recorder] = [await smallMirror(), open()]
    const { values, result } = await pack(mirror, recorder, { reference: null })
    const { references } = await inspectArchive(join(mirror.folder, 'made/my-bookworm.tar'))
    expect(references).toEqual(['create-base-image/unproven:test'])
    expect(result).toBe('3 packages')
    // Its layer is as it is, and what a push sends is estimated.
    const [compressed, whole] = ['image.compressed', 'archive.bytes'].map(name =>
      Number(values![name]),
    )
    expect(compressed).toBeGreaterThan(0)
    expect(whole).toBeGreaterThan(compressed!)
    const state = join(mirror.folder, '.create-base-image/state.json')
    expect(existsSync(state) && readFileSync(state, 'utf8').includes('my-bookworm.tar')).toBe(false)
  },
)

/** A file of sources that names the mirror by these suites. */
const sourcesOf = ({ url, folder, keyring }: SmallMirror, ...suites: string[]): string => {
  const file = join(folder, 'mine.sources')
  const stanzas = suites.map(suite => [
    'Types: deb',
    `URIs: ${url}`,
    `Suites: ${suite}`,
    'Components: main',
    `Signed-By: ${keyring}`,
  ])
  writeFileSync(file, `${stanzas.map(lines => lines.join('\n')).join('\n\n')}\n`)
  return file
}

posix(
  'a person’s own sources go into the image, and into its lock where that can tell them apart',
  async () => {
    const [mirror, recorder] = [await smallMirror(), open()]
    const lock = join(mirror.folder, '.create-base-image/made/packages.lock')
    await pack(mirror, recorder, { mirror: null, sources: sourcesOf(mirror, 'bookworm') })
    expect(recorder.read()[0]!.text).toContain('etc/apt/sources.list.d/mine.sources')
    expect(existsSync(lock)).toBe(true)
    const twice = sourcesOf(mirror, 'bookworm', 'bookworm')
    await pack(mirror, open(), { mirror: null, sources: twice })
    expect(existsSync(lock)).toBe(false)
    await expect(
      pack(mirror, open(), { mirror: null, sources: join(mirror.folder, 'none.sources') }),
    ).rejects.toMatchObject({ name: 'CraftError', code: 'sources-malformed' })
  },
)

posix('without apt its sources are of no use, and are not in the image', async () => {
  const mirror = await smallMirror({
    bookworm: [
      SMALLEST[0]!,
      ...['libc6', 'netbase', 'tzdata', 'ca-certificates'].map(name => ({
        words: `${name} 1 required`,
        data: [{ path: './' }],
      })),
    ],
  })
  const sources = sourcesOf(mirror, 'bookworm')
  await pack(mirror, open(), { variant: 'distroless', engine: false, mirror: null, sources })
  await crafts['unpack-image'](
    { archive: join(mirror.folder, 'made/my-bookworm.tar'), directory: 'root' },
    craftContext(mirror.folder),
  )
  expect(existsSync(join(mirror.folder, 'root/etc/os-release'))).toBe(true)
  expect(existsSync(join(mirror.folder, 'root/etc/apt'))).toBe(false)
})
