import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectArchive } from '../../src/oci/inspect.ts'
import { rawProgram } from '../../src/elf/raw.ts'
import { tarEntries } from '../../src/tar/read.ts'
import { archiveOf } from '../bootstrap/deb/small-archive.ts'
import { makeSigner } from '../bootstrap/deb/signed.ts'
import type { Row } from '../bootstrap/deb/small-index.ts'
import { newFolder, serve } from '../bootstrap/fetch/server.ts'
import { inPieces, madeDeb, type MadeDeb } from '../bootstrap/stage/made-deb.ts'
import { eventsOf, runCli, type CliEnd } from '../engine/run-cli.ts'

const MADE = new Date(Date.now() - 86_400_000)
const POSTINST = { path: './postinst', mode: 0o755, body: '#!/bin/sh\n' }

/** What says that it is glibc is a program of ours, so that the machine's own kernel can prove it. */
const LIBC = Buffer.from(rawProgram('GNU C Library (Debian GLIBC 2.36-9) of a test\n', 'amd64'))

const debs = (codename: string): readonly (MadeDeb & { readonly depends?: string })[] => [
  {
    name: 'base-files',
    data: [
      { path: './' },
      { path: './usr/lib/os-release', body: `ID=debian\nVERSION_CODENAME=${codename}\n` },
      { path: './etc/os-release', kind: 'symlink', linkPath: '../usr/lib/os-release' },
    ],
  },
  { name: 'ca-certificates', control: [POSTINST], depends: 'debconf' },
  {
    name: 'libc6',
    data: [{ path: './' }, { path: './lib/x86_64-linux-gnu/libc.so.6', mode: 0o755, body: 'LIBC' }],
  },
  { name: 'netbase' },
  { name: 'tzdata' },
  { name: 'debconf' },
  {
    name: 'tool',
    control: [POSTINST],
    depends: 'libc6, debconf',
    data: [{ path: './usr/bin/tool', body: 't' }],
  },
]

/** A mirror of bookworm on loopback, with its keys in the form that images take. */
const mirror = async (codename = 'bookworm') => {
  const signer = await makeSigner(new Date(MADE.getTime() - 86_400_000))
  const files = new Map<string, Buffer>()
  const rows = debs(codename).map(({ depends, ...deb }): Row => {
    const named = madeDeb({ version: '1', architecture: 'amd64', ...deb })
    // A body is text, and a program is none: it replaces a text of the same length.
    const bytes = deb.name === 'libc6' ? withProgram(deb) : named
    const Filename = `pool/${deb.name}.deb`
    files.set(`debian/${Filename}`, bytes)
    return [
      `${deb.name} 1 required`,
      {
        Filename,
        Size: String(bytes.length),
        SHA256: createHash('sha256').update(bytes).digest('hex'),
        ...(depends !== undefined && { Depends: depends }),
      },
    ]
  })
  const index = await archiveOf({ 'debian/dists/bookworm': { rows } }, signer, MADE)
  for (const [path, bytes] of index) files.set(path, bytes)
  const { url } = await serve((request, response) => {
    const bytes = files.get(request.url!.slice(1))
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
  })
  const folder = await newFolder()
  const keyring = join(folder, 'keys.gpg')
  await writeFile(keyring, signer.privateKey.toPublic().write())
  const shared = {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), SOURCE_DATE_EPOCH: undefined },
  }
  const call = (words: readonly string[], cache = 'cache'): Promise<CliEnd> =>
    runCli([...words, '--mirror', `${url}/debian`, '--keyring', keyring, '--engine', 'none'], {
      cwd: folder,
      env: { ...process.env, XDG_CACHE_HOME: join(folder, cache), SOURCE_DATE_EPOCH: undefined },
    })
  return { folder, call, url, key: signer.key.certificate, shared }
}

const withProgram = (deb: MadeDeb): Buffer =>
  madeDeb({
    version: '1',
    architecture: 'amd64',
    ...deb,
    data: deb.data!.map(entry => (entry.body === 'LIBC' ? { ...entry, body: LIBC } : entry)),
  })

const IMAGE = [
  '--release',
  'bookworm',
  '--variant',
  'distroless',
  '--include',
  'tool',
  '--arch',
  'amd64',
  '--yes',
  '--json',
]

test('an image without an engine: proven, the same ID cold and warm and by its lock, and a list of what did not run', async () => {
  const { folder, call } = await mirror()
  const ends = [
    await call([...IMAGE, '--tag', 'one', 'one']),
    await call([...IMAGE, '--tag', 'two', 'two']),
    await call([...IMAGE, '--tag', 'cold', 'cold'], 'other'),
    await call([...IMAGE, '--locked', 'one/packages.lock', '--tag', 'locked', 'locked']),
  ]
  const outcomes = ends.map(end => {
    expect(end.exitCode, end.stdout + end.stderr).toBe(0)
    return eventsOf(end, 'outcome')[0]!
  })
  expect(new Set(outcomes.map(({ same }) => same)).size).toBe(1)
  const [{ packages, printed, proven, proof }] = outcomes as [(typeof outcomes)[0]]
  expect(packages).toMatchObject({ total: 6, unrun: ['tool'] })
  expect(proof).toContain('release was read in the archive')
  if (proven) expect(printed).toBe('GNU C Library (Debian GLIBC 2.36-9) of a test\n')
  const { images } = await inspectArchive(join(folder, 'one/one.tar'))
  expect(images).toMatchObject([{ arch: 'amd64', cmd: [], layers: [{}] }])
  expect(await readdir(join(folder, 'one'))).toEqual(
    expect.arrayContaining(['packages.lock', 'sbom.cdx.json', 'sbom.spdx.json']),
  )
  expect(await readFile(join(folder, 'one/sbom.spdx.json'), 'utf8')).toContain('"name": "tool"')
}, 120_000)

test('a mirror that has another release under the name is found out, and no archive stays', async () => {
  const { folder, call } = await mirror('trixie')
  const end = await call([...IMAGE, '--tag', 'wrong', 'wrong'])
  expect(end.exitCode).toBe(1)
  expect(eventsOf(end, 'step-failed')[0]).toMatchObject({
    step: 'release',
    message: expect.stringContaining('no line VERSION_CODENAME=bookworm') as string,
  })
  expect(await readdir(join(folder, 'wrong'))).not.toContain('wrong.tar')
}, 60_000)

test('--sources: its archive by its key; the folder has both, without the login, and makes the image again', async () => {
  const { folder, url, key, shared } = await mirror()
  await mkdir(join(folder, 'etc/keys'), { recursive: true })
  await writeFile(join(folder, 'etc/keys/own.asc'), key)
  const archive = `${url.replace('//', '//ada:secret@')}/debian`
  const stanza = `Types: deb\nURIs: ${archive}\nSuites: bookworm\nComponents: main\nSigned-By: /etc/keys/own.asc\n`
  await writeFile(join(folder, 'own'), stanza)
  const make = (...words: string[]) => runCli([...IMAGE, '--engine', 'none', ...words], shared)
  const end = await make('--sources', 'own', '--tag', 'one', 'one')
  expect(end.exitCode, end.stdout + end.stderr).toBe(0)
  const { same } = eventsOf(end, 'outcome')[0]!
  expect(await readFile(join(folder, 'one/sources/own.sources'), 'utf8')).toBe(
    `# create-base-image left out the user and the password of ${url}/debian\n${stanza.replace('ada:secret@', '')}`,
  )
  expect(eventsOf(end, 'plan')[0]!.notices.join()).not.toContain('is without')
  for (const name of await readdir(join(folder, 'one'), { recursive: true }))
    expect(await readFile(join(folder, 'one', name), 'utf8').catch(() => ''), name).not.toContain(
      'secret',
    )
  // Elsewhere there is neither the file nor the key.
  await cp(join(folder, 'one'), join(folder, 'moved'), { recursive: true })
  await rm(join(folder, 'own'))
  await rm(join(folder, 'etc'), { recursive: true })
  const again = await make('--answers', 'moved/answers.json', '--tag', 'two', 'two')
  expect(again.exitCode, again.stdout + again.stderr).toBe(0)
  expect(eventsOf(again, 'outcome')[0]).toMatchObject({ same })
  expect(eventsOf(again, 'plan')[0]!.notices.join()).toContain(
    `moved/sources/own.sources is without the user and the password of ${url}/debian,`,
  )

  const lost = await make('--sources', 'own', '--tag', 'three', 'three')
  expect(lost.exitCode).toBe(2)
  expect(lost.stdout + lost.stderr).toContain('there is no file own')
  await writeFile(join(folder, 'list'), 'deb http://mirror.example/debian trixie main\n')
  const old = await make('--sources', 'list', '--tag', 'three', 'three')
  expect(old.stdout + old.stderr).toContain('no line that begins with Types:')
}, 120_000)

test('rootfs writes the tree alone, with a person’s files, and refuses what would have to run', async () => {
  const { folder, call } = await mirror()
  await writeFile(join(folder, 'motd'), 'hello\n')
  const words = ['rootfs', 'debian:bookworm', '--variant', 'distroless', '--arch', 'amd64']
  const more = ['--include', 'tool', '--copy', 'motd:/etc/motd', '--output', 'tree.tar']
  const end = await call([...words, ...more])
  expect(end.exitCode, end.stderr).toBe(0)
  expect(end.stderr).toContain('these have a postinst that would have: tool')
  const paths: string[] = []
  for await (const { path } of tarEntries(inPieces(await readFile(join(folder, 'tree.tar')))))
    paths.push(path)
  expect(paths).toContain('etc/motd')
  expect(paths).toContain('usr/bin/tool')
  expect(paths).not.toContain('var/lib/dpkg/status')
  expect(paths.filter(path => path.startsWith('.create-base-image'))).toEqual([])
  await writeFile(join(folder, 'hook'), '#!/bin/sh\n')
  for (const [flag, message] of [
    [['--hook', 'hook'], 'nothing can run it'],
    [['--slim'], '--slim leaves documents out'],
  ] as const)
    expect(await call([...words, ...flag, '--output', 'no.tar'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(message) as string,
    })
}, 60_000)
