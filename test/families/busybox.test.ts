import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAsset } from '../../src/assets.ts'
import { appletPaths } from '../../src/bootstrap/busybox/applets.ts'
import { busyboxTar, type BusyBox } from '../../src/bootstrap/busybox/root.ts'
import { scriptInputs } from '../../src/plan/full/inputs.ts'
import { scriptAsset } from '../../src/plan/full/scripts.ts'
import { scriptWords } from '../../src/plan/script/full-words.ts'
import { tarEntries } from '../../src/tar/read.ts'
import { APPLETS, fakeBusybox } from '../bootstrap/busybox/program.ts'
import { smallMirror, type SmallMirror } from '../bootstrap/deb/small-mirror.ts'
import { serve } from '../bootstrap/fetch/server.ts'
import { full } from '../plan/minimal/inputs.ts'
import { scriptApk } from './scripted-apk.ts'

/** A program that says what BusyBox says of itself, and has the tables that we read. */
const PROGRAM = Buffer.concat([
  Buffer.from(`#!/bin/sh
case \${1:-} in --list-full) printf '%s\\n' ${appletPaths(fakeBusybox(APPLETS)).join(' ')} ;; *) echo 'BusyBox v1.37.0 (2024)' ;; esac
exit
`),
  fakeBusybox(APPLETS),
])

let folder: string
let root: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cbi-busybox-'))
  root = join(folder, 'rootfs')
})
afterEach(() => rmSync(folder, { recursive: true }))

const inputsOf = (argv: readonly string[]) =>
  scriptInputs(full('--release', 'busybox', ...argv), 'amd64')

/** Runs the script of the family that is in the project folder of an image, with the options that build.sh hands it. */
const run = async (
  script: 'bootstrap.sh' | 'pack.sh',
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
) => {
  const { exitCode, stdout, stderr } = await execa(
    'sh',
    ['-s', '--', ...options, '--rootfs', root],
    {
      input: readAsset(scriptAsset(inputsOf([]), script)),
      env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, ...env },
      encoding: 'buffer',
      stripFinalNewline: false,
      reject: false,
      timeout: 60_000,
    },
  )
  return { code: exitCode, stdout: Buffer.from(stdout), said: Buffer.from(stderr).toString() }
}

const optionsOf = (argv: readonly string[], keyring?: string): string[] =>
  scriptWords(inputsOf(argv), 'docker').options.map(word =>
    /^\/keyring\.gpg$|\.rsa\.pub$/.test(word) && keyring !== undefined ? keyring : word,
  )

/** Type, rights, link and content by path; no times and no owners. */
const treeOf = async (tar: AsyncIterable<Uint8Array>): Promise<Record<string, string>> => {
  const tree: Record<string, string> = {}
  for await (const { path, kind, mode, linkPath, body } of tarEntries(tar)) {
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(chunk)
    const name = path.replace(/^\.\//, '').replace(/\/$/, '')
    const text = Buffer.concat(chunks).toString('latin1')
    if (name !== '')
      tree[name] =
        `${kind} ${kind === 'symlink' ? `to ${linkPath}` : (mode & 0o7777).toString(8)} ${text}`
  }
  return tree
}

/** What the script made is what this tool makes of the same package. */
const expectOurTree = async (from: string, libc: BusyBox['libc']): Promise<void> => {
  const { code, stdout, said } = await run('pack.sh', [])
  expect({ code, said }).toEqual({ code: 0, said: `S: ${stdout.length}\n` })
  const ours = busyboxTar({ program: PROGRAM, version: '1.37.0', libc, from, epoch: 0 })
  expect(await treeOf(Readable.from([stdout]))).toEqual(await treeOf(ours))
}

const hasApt = ['/usr/bin/apt-get', '/usr/bin/dpkg-deb'].every(path => existsSync(path))

describe.skipIf(!hasApt)('BusyBox of Debian, by the real apt', () => {
  const served = (body = PROGRAM): Promise<SmallMirror> =>
    smallMirror({
      trixie: [
        {
          words: 'busybox-static 1:1.37.0-6',
          data: [
            { path: './' },
            { path: './usr/' },
            { path: './usr/bin/' },
            { path: './usr/bin/busybox', body, mode: 0o755 },
          ],
        },
      ],
    })

  /** The settings of an apt that leaves this machine's own lists alone, and whose own source, if any, is that. */
  const ownApt = (source: string): Readonly<Record<string, string>> => {
    for (const one of ['etc', 'state/lists/partial', 'cache/archives/partial'])
      mkdirSync(join(folder, one), { recursive: true })
    writeFileSync(join(folder, 'state/status'), '')
    writeFileSync(join(folder, 'etc/sources.list'), `${source}\n`)
    const settings = {
      'APT::Architecture': 'amd64',
      'APT::Architectures': 'amd64',
      'Dir::Etc': join(folder, 'etc'),
      'Dir::State': join(folder, 'state'),
      'Dir::State::status': join(folder, 'state/status'),
      'Dir::Cache': join(folder, 'cache'),
      'Acquire::http::Proxy': 'false',
    }
    const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`)
    writeFileSync(join(folder, 'apt.conf'), lines.join(''))
    return { APT_CONFIG: join(folder, 'apt.conf') }
  }
  const NOWHERE = 'deb [trusted=yes] http://127.0.0.1:9/debian trixie main'

  test('mirror and keys of one’s own are asked and believed, and nothing else', async () => {
    const { url, keyring } = await served()
    const mirror = ['--mirror', url]
    const { code, said } = await run(
      'bootstrap.sh',
      [...optionsOf(mirror), '--keyring', keyring],
      ownApt(NOWHERE),
    )
    expect(code, said).toBe(0)
    expect(said).toContain('T: copy BusyBox 1.37.0 and make its links\n')
    await expectOurTree("Debian's busybox-static 1:1.37.0-6", 'glibc')
  })

  test('a mirror gets the login that its address has, decoded', async () => {
    const { files, keyring } = await served()
    const { url } = await serve(({ url: path = '/', headers }, response) => {
      const login = `Basic ${Buffer.from('ann@x:s3:cret').toString('base64')}`
      const file = files.get(decodeURIComponent(path.slice(1)))
      if (headers.authorization === login) response.writeHead(file === undefined ? 404 : 200)
      else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' })
      response.end(headers.authorization === login ? file : '')
    })
    const closed = `${url.replace('//', '//ann%40x:s3%3Acret@')}/debian`
    const options = [...optionsOf(['--mirror', `${url}/debian`]), '--keyring', keyring]
    const { code, said } = await run(
      'bootstrap.sh',
      options.map(word => (word === `${url}/debian` ? closed : word)),
      ownApt(NOWHERE),
    )
    expect(code, said).toBe(0)
    expect(said).not.toContain('cret')
    expect((await run('bootstrap.sh', options, ownApt(NOWHERE))).code).not.toBe(0)
  })

  test('what is signed by another key than that is refused', async () => {
    const [mine, other] = await Promise.all([served(), served()])
    const options = [...optionsOf(['--mirror', mine.url]), '--keyring', other.keyring]
    const { code, said } = await run('bootstrap.sh', options, ownApt(NOWHERE))
    expect(code, said).not.toBe(0)
    expect(existsSync(root)).toBe(false)
  })

  test('without them the builder’s own sources give it', async () => {
    const { url, keyring } = await served()
    const { code, said } = await run(
      'bootstrap.sh',
      optionsOf([]),
      ownApt(`deb [signed-by=${keyring}] ${url} trixie main`),
    )
    expect(code, said).toBe(0)
    await expectOurTree("Debian's busybox-static 1:1.37.0-6", 'glibc')
  })

  test('another version is refused', async () => {
    const { url, keyring } = await served(Buffer.from(`#!/bin/sh\necho 'BusyBox v1.35.0 (2022)'\n`))
    const options = [...optionsOf(['--mirror', url]), '--keyring', keyring]
    const { code, said } = await run('bootstrap.sh', options, ownApt(NOWHERE))
    expect([code, said]).toEqual([1, expect.stringContaining('E: WRONGRELEASE\nEA: 1.35.0\n')])
  })
})

describe.skipIf(process.platform !== 'linux')('BusyBox of Alpine, by a scripted apk', () => {
  const MUSL = ['--variant', 'musl']
  const MIRROR = [...MUSL, '--mirror', 'http://mirror.example/alpine/']
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
  const BUSYBOX = '/usr/bin/busybox'
  const TOOLS =
    'cat chmod cp find gzip head ln ls mkdir mktemp readlink rm sed sh sort tar touch wc'

  beforeEach(() => {
    writeFileSync(join(folder, 'busybox'), PROGRAM, { mode: 0o755 })
    writeFileSync(join(folder, 'key'), 'a key')
    scriptApk(folder, { busybox: join(folder, 'busybox') })
  })

  test('the package of the branch is taken from the mirror, and no script of it runs', async () => {
    const options = [...optionsOf(MIRROR), '--keyring', join(folder, 'key')]
    const { code, said } = await run('bootstrap.sh', options)
    expect(code, said).toBe(0)
    expect(read('fetched-from')).toBe('http://mirror.example/alpine/v3.22/main\n')
    expect(read('said')).toMatch(/^add .* --no-scripts .* busybox-static$/m)
    await expectOurTree("Alpine's busybox-static-1.37.0-r18", 'musl')
  })

  test('a key of one’s own is the only one, by the name that the signature tells', async () => {
    const options = [...optionsOf(MIRROR), '--keyring', join(folder, 'key')]
    expect((await run('bootstrap.sh', options)).code).toBe(0)
    expect(read('keys-seen')).toBe('owner@example.org-01.rsa.pub\n')
  })

  test.skipIf(!existsSync(BUSYBOX))(
    'the few tools that Alpine’s builder has, which are BusyBox’s, suffice',
    async () => {
      // Debian's BusyBox has no tar that could pack, as Alpine's has.
      const few = join(folder, 'few')
      mkdirSync(few)
      for (const name of TOOLS.split(' ')) symlinkSync(BUSYBOX, join(few, name))
      for (const name of ['apk', 'wget']) symlinkSync(join(folder, 'bin', name), join(few, name))
      const options = [...optionsOf(MIRROR), '--keyring', join(folder, 'key')]
      const { code, said } = await run('bootstrap.sh', options, { PATH: few })
      expect(code, said).toBe(0)
      expect(said).toMatch(/^Z: \d+ as it is in the image$/m)
      await expectOurTree("Alpine's busybox-static-1.37.0-r18", 'musl')
    },
  )

  test('what apk refuses makes nothing', async () => {
    scriptApk(folder, { stderr: ['UNTRUSTED signature'], exitCode: 1 })
    const options = [...optionsOf(MIRROR), '--keyring', join(folder, 'key')]
    const { code, said } = await run('bootstrap.sh', options)
    expect(code).not.toBe(0)
    expect(said).toContain('UNTRUSTED signature')
    expect(existsSync(root)).toBe(false)
  })

  test('wrong options are told', async () => {
    expect(await run('bootstrap.sh', ['--version', '1.37'])).toMatchObject({
      code: 2,
      said: 'bootstrap.sh: --suite or --branch is missing\n',
    })
    expect((await run('bootstrap.sh', ['--nonsense', 'x'])).said).toContain(
      '--nonsense is not an option of this script',
    )
  })
})
