import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readAsset } from '../../../src/assets.ts'
import { scriptInputs } from '../../../src/plan/full/inputs.ts'
import { folderScript } from '../../../src/plan/script/full-script.ts'
import { printScript } from '../../../src/plan/script/print-script.ts'
import { full } from '../minimal/inputs.ts'

const windows = process.platform === 'win32'
const ALONE = printScript('sh', full('--release', 'bookworm'), 'amd64', readAsset)
const inFolder = (...argv: string[]): string =>
  folderScript('sh', scriptInputs(full('--release', 'bookworm', ...argv), 'amd64'), 'docker')

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
  const { status, stdout, stderr } = spawnSync('sh', [join(folder, 'build.sh')], {
    cwd: room,
    encoding: 'utf8',
    env: { ...process.env, PATH, ...env },
  })
  const calls = existsSync(notes) ? readFileSync(notes, 'utf8').split('END\0') : []
  return {
    status,
    stdout,
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

/** Puts an npx there that makes the folder that it is told of; returns the file that gets its words. */
const npxThatEnds = (code: number): string => {
  const npx = join(folder, 'bin', 'npx')
  const notes = join(folder, 'npx-notes')
  writeFileSync(
    npx,
    `#!/bin/sh
printf '%s\\n' "$@" > "${notes}"
echo "$CREATE_BASE_IMAGE_FOLDER" > "${notes}.folder"
mkdir "$3"
exit ${code}
`,
  )
  chmodSync(npx, 0o755)
  return notes
}

test.skipIf(windows)('a failed --same leaves the folder with its log', () => {
  const text = folderScript('sh', scriptInputs(full('--release', 'bookworm'), 'amd64'), 'docker', {
    flags: [],
  }).replace('if [', 'set -- --same\nif [')
  writeFileSync(join(folder, 'packages.lock'), '{}\n')
  for (const [code, stays] of [
    [1, true],
    [3, true],
    [0, false],
    [130, false],
  ] as const) {
    const notes = npxThatEnds(code)
    expect(run(text).status).toBe(code)
    const made = readFileSync(notes, 'utf8').split('\n')[2]!
    expect(existsSync(made), String(code)).toBe(stays)
    rmSync(dirname(made), { recursive: true, force: true })
  }
})

test.skipIf(windows)('--same calls this tool by the lock, and leaves nothing', () => {
  const text = folderScript('sh', scriptInputs(full('--release', 'bookworm'), 'amd64'), 'docker', {
    flags: [],
  }).replace('if [', 'set -- --same\nif [')
  writeFileSync(join(folder, 'packages.lock'), '{\n "lock": 1,\n "tool": "1.2.3",\n')
  const notes = npxThatEnds(5)
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
  expect(existsSync(dirname(words[2]!))).toBe(false)
  expect(readFileSync(`${notes}.folder`, 'utf8')).toBe('removed\n')
  rmSync(join(folder, 'packages.lock'))
  const without = run(text)
  expect(without).toMatchObject({ status: 1, calls: [] })
  expect(without.stderr).toContain('There is no packages.lock here')
})

test.skipIf(windows)('lists of an earlier image are set aside once the new one is there', () => {
  const script = folderScript(
    'sh',
    scriptInputs(full('--release', 'bookworm'), 'amd64'),
    'docker',
    {
      flags: [],
    },
  )
  const list = join(folder, 'sbom.spdx.json')
  writeFileSync(list, 'earlier')
  expect(run(script, 'import').status).toBe(7)
  expect(readFileSync(list, 'utf8')).toBe('earlier')
  const { status, stdout } = run(script)
  expect([status, stdout]).toEqual([
    0,
    'sbom.spdx.json describes an earlier image, and is sbom.spdx.json.old now.\n',
  ])
  expect(existsSync(list)).toBe(false)
  expect(readFileSync(`${list}.old`, 'utf8')).toBe('earlier')
  // Where nothing is listed, or a script stands alone, there is nothing to set aside.
  expect(run(script).stdout).toBe('')
  writeFileSync(list, 'mine')
  run(inFolder('--bootstrap', 'debootstrap'))
  run(ALONE)
  expect(readFileSync(list, 'utf8')).toBe('mine')
})
