import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readAsset } from '../../../src/assets.ts'
import { scriptScene } from '../../../src/plan/full/inputs.ts'
import { folderScript } from '../../../src/plan/script/full-script.ts'
import { printScript } from '../../../src/plan/script/print-script.ts'
import { full } from '../minimal/inputs.ts'

const windows = process.platform === 'win32'
const ALONE = printScript('sh', full('--release', 'bookworm'), 'amd64', readAsset)
const inFolder = (...argv: string[]): string =>
  folderScript('sh', scriptScene(full('--release', 'bookworm', ...argv), 'amd64'), 'docker')

let room: string
let folder: string
beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'cbi-sh-'))
})
afterAll(() => rmSync(room, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(join(room, 'with spaces '))
  mkdirSync(join(folder, 'bin'))
})

/** Runs a script beside a docker that writes down its arguments, NUL after each, and fails at one command. */
const run = (text: string, failing = 'nothing', env: Record<string, string> = {}) => {
  const notes = join(folder, 'bin', 'notes')
  const docker = `#!/bin/sh
printf '%s\\0' "$@" END >> "${notes}"
[ "$1" != ${failing} ] || exit 7
case $1 in create) echo c0ffee ;; cp) [ "$3" != rootfs.tar ] || echo tar > "$3" ;; esac
`
  writeFileSync(join(folder, 'bin', 'docker'), docker)
  chmodSync(join(folder, 'bin', 'docker'), 0o755)
  writeFileSync(join(folder, 'build.sh'), text)
  const PATH = `${join(folder, 'bin')}:${process.env['PATH']}`
  const { status, stderr } = spawnSync('sh', [join(folder, 'build.sh')], {
    cwd: room,
    encoding: 'utf8',
    env: { ...process.env, PATH, ...env },
  })
  const calls = existsSync(notes) ? readFileSync(notes, 'utf8').split('END\0') : []
  return {
    status,
    stderr,
    calls: calls.slice(0, -1).map(call => call.split('\0').slice(0, -1)),
  }
}

test.skipIf(windows)('runs docker with the words of the plan', () => {
  const { status, stderr, calls } = run(ALONE)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(calls.map(([command]) => command)).toEqual(
    'create cp cp start cp import run rm'.split(' '),
  )
  const [create, , , start, , taken, proof, rm] = calls
  const script = create!.indexOf('-c') + 1
  expect(create!.slice(script - 3, script)).toEqual(['debian:bookworm-slim', 'sh', '-c'])
  expect(create![script]).toMatch(/^\nset -e\n.*\nsh \/pack\.sh > \/rootfs\.tar\n$/s)
  expect(create!.slice(script + 1, script + 4)).toEqual(['sh', '--suite', 'bookworm'])
  expect(create!.slice(-3)).toEqual([
    'http://security.debian.org/debian-security bookworm-security main',
    '--lock',
    '/packages.lock',
  ])
  expect(start).toEqual(['start', '--attach', 'c0ffee'])
  expect(taken!.slice(1, 3)).toEqual(['--change', 'CMD ["bash"]'])
  expect(taken!.slice(-2)).toEqual(['rootfs.tar', 'my-bookworm'])
  expect(proof).toEqual(['run', '--rm', 'my-bookworm', 'cat', '/etc/os-release'])
  expect(rm).toEqual(['rm', '--force', '--volumes', 'c0ffee'])
})

test.skipIf(windows)(
  'takes the lock that lies beside it, and an image by debootstrap has none',
  () => {
    writeFileSync(join(folder, 'packages.lock'), '{}\n')
    const lock = ['cp', 'packages.lock', 'c0ffee:/packages.lock']
    for (const script of [ALONE, inFolder()]) expect(run(script).calls).toContainEqual(lock)
    rmSync(join(folder, 'bin', 'notes'))
    const { calls } = run(inFolder('--bootstrap', 'debootstrap'))
    expect(calls.flat()).not.toContain('--lock')
    expect(calls).not.toContainEqual(lock)
  },
)

test.skipIf(windows)('brings along what it runs in the container, and leaves what is there', () => {
  writeFileSync(join(folder, 'pack.sh'), 'mine\n')
  run(ALONE)
  expect(readdirSync(folder).sort()).toEqual(['bin', 'bootstrap.sh', 'build.sh', 'pack.sh'])
  expect(readFileSync(join(folder, 'bootstrap.sh'), 'utf8')).toBe(
    readAsset('families/deb/bootstrap.sh'),
  )
  expect(readFileSync(join(folder, 'pack.sh'), 'utf8')).toBe('mine\n')
})

test.skipIf(windows).each(['create', 'cp', 'start', 'import'])(
  'a docker %s that fails ends it, without container and tar',
  failing => {
    const { status, calls } = run(inFolder(), failing)
    expect(status).toBe(7)
    expect(calls.some(([command]) => command === 'run')).toBe(false)
    expect(calls.at(-1)![0]).toBe(failing === 'create' ? 'create' : 'rm')
    expect(existsSync(join(folder, 'rootfs.tar'))).toBe(false)
  },
)

test.skipIf(windows)(
  'a mirror with a password is taken from the environment, else it goes without',
  () => {
    const text = inFolder('--mirror', 'http://ada:secret@mirror.example/$(id)')
    const mirrorOf = ({ calls: [create = []] }: ReturnType<typeof run>) =>
      create[create.indexOf('--mirror') + 1]
    expect(mirrorOf(run(text))).toBe('http://mirror.example/$(id)')
    rmSync(join(folder, 'bin', 'notes'))
    const MIRROR = 'http://ada:secret@mirror.example/debian'
    expect(mirrorOf(run(text, 'nothing', { MIRROR }))).toBe(MIRROR)
  },
)

test.skipIf(windows)('--same calls this tool by the lock, and leaves nothing', () => {
  const text = folderScript('sh', scriptScene(full('--release', 'bookworm'), 'amd64'), 'docker', {
    flags: [],
  }).replace('if [', 'set -- --same\nif [')
  writeFileSync(join(folder, 'packages.lock'), '{\n "lock": 1,\n "tool": "1.2.3",\n')
  const npx = join(folder, 'bin', 'npx')
  const notes = join(folder, 'npx-notes')
  writeFileSync(npx, `#!/bin/sh\nprintf '%s\\n' "$@" > "${notes}"\nmkdir "$3"\nexit 5\n`)
  chmodSync(npx, 0o755)
  const { status, calls } = run(text, 'nothing', { MIRROR: 'http://ada:x@mirror.example/debian' })
  expect({ status, calls }).toEqual({ status: 5, calls: [] })
  const words = readFileSync(notes, 'utf8').trim().split('\n')
  expect(words.with(2, 'DIR')).toEqual([
    '--yes',
    'create-base-image@1.2.3',
    'DIR',
    '--yes',
    '--answers',
    'answers.json',
    '--locked',
    'packages.lock',
    '--mirror',
    'http://ada:x@mirror.example/debian',
  ])
  expect(existsSync(words[2]!)).toBe(false)
  rmSync(join(folder, 'packages.lock'))
  const without = run(text)
  expect(without).toMatchObject({ status: 1, calls: [] })
  expect(without.stderr).toContain('There is no packages.lock here')
})
