import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAsset } from '../../src/assets.ts'
import { scriptApk } from './scripted-apk.ts'

let folder: string
let root: string
let temporary: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cbi-apk-'))
  temporary = mkdtempSync(join(tmpdir(), 'cbi-apk-tmp-'))
  root = join(folder, 'rootfs')
  writeFileSync(join(folder, 'keyring'), 'a key')
})
afterEach(() => {
  const left = readdirSync(temporary)
  rmSync(folder, { recursive: true })
  rmSync(temporary, { recursive: true })
  expect(left).toEqual([])
})

const run = (
  script: 'bootstrap.sh' | 'pack.sh',
  args: readonly string[],
  shell = 'sh',
  before = '',
) => {
  const { status, stdout, stderr } = spawnSync(shell, ['-s', '--', ...args], {
    input: before + readAsset(join('families/apk', script)),
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, TMPDIR: temporary },
    timeout: 20_000,
  })
  return { status, stdout, said: stderr.toString() }
}

const bootstrap = (...more: readonly string[]) =>
  run('bootstrap.sh', [
    '--rootfs',
    root,
    '--branch',
    'v3.20',
    '--version',
    '3.20',
    '--arch',
    'x86_64',
    '--repository',
    'main',
    '--repository',
    'community',
    '--packages',
    'alpine-baselayout,busybox',
    '--keyring',
    join(folder, 'keyring'),
    '--mirror',
    'http://u:secret@mirror.example/alpine/',
    ...more,
  ])

const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

describe.skipIf(process.platform !== 'linux')('the scripts of Alpine, with a scripted apk', () => {
  test('a login that comes by stdin is no argument of any program', () => {
    scriptApk(folder)
    const { status, said } = run(
      'bootstrap.sh',
      [
        `--rootfs=${root} --branch=v3.20 --repository=main --repository=community --packages=busybox`,
        `--mirror=http://mirror.example/alpine --keyring=${join(folder, 'keyring')}`,
      ].flatMap(line => line.split(/[ =]/)),
      'sh',
      "mirror_login='u:secret@'\n",
    )
    expect(status, said).toBe(0)
    expect(said).not.toContain('secret')
    expect(read('said')).not.toContain('secret')
    expect(read('fetched-from')).toBe('http://u:secret@mirror.example/alpine/v3.20/main\n')
    expect(read('keys-seen')).toBe('owner@example.org-01.rsa.pub\n')
    expect(read('rootfs/etc/apk/repositories')).not.toContain('secret')
  })

  test('a tree is made, told of, and cleaned for an image', () => {
    scriptApk(folder, {
      stdout: ['(1/1) Installing busybox (1.36.1-r29)', 'OK: 8 MiB in 1 packages'],
    })
    const { status, said } = bootstrap()
    expect(status, said).toBe(0)
    expect(said).toContain('M: http://mirror.example/alpine\n')
    expect(said).not.toContain('secret')
    expect(said.match(/^P: .*$/gm)).toEqual([
      'P: 0 1000 bytes',
      'P: 500 1000 bytes',
      'P: 1000 1000 bytes',
    ])
    expect(said).toContain('(1/1) Installing busybox (1.36.1-r29)')
    expect(said).toMatch(/^Z: \d+ as apk made it$/m)
    expect(read('said')).toContain(
      '--no-cache --arch x86_64 --progress-fd 3 alpine-baselayout busybox',
    )
    expect(read('rootfs/etc/shadow')).toContain('root:*:0')
    for (const gone of ['lib/apk/db/lock', 'var/cache/apk/x', 'etc/passwd-', 'dev/null'])
      expect(() => statSync(join(root, gone)), gone).toThrow('ENOENT')
  })

  test('packages come from the mirror with its login, and the image learns it without', () => {
    scriptApk(folder)
    expect(bootstrap().status).toBe(0)
    expect(read('fetched-from')).toBe('http://u:secret@mirror.example/alpine/v3.20/main\n')
    // The scripted mirror has no community.
    expect(read('rootfs/etc/apk/repositories')).toBe('http://mirror.example/alpine/v3.20/main\n')
  })

  test('the person’s key alone is believed, under the name that signatures have', () => {
    scriptApk(folder)
    expect(bootstrap().status).toBe(0)
    expect(read('keys-seen')).toBe('owner@example.org-01.rsa.pub\n')
    expect(read('rootfs/etc/apk/keys/owner@example.org-01.rsa.pub')).toBe('a key')
  })

  test.each([
    ['could not connect to server (check repositories file)', 'NOANSWER'],
    ['DNS lookup error', 'NOANSWER'],
    ['temporary error (try again later)', 'NOANSWER'],
    ['No such file or directory', 'NOSUITE'],
    ['UNTRUSTED signature', 'UNKNOWNRELSIG'],
    ['IO ERROR', 'PORTAL'],
    ['something new', 'NOINDEX'],
  ])('an index that can’t be had (%s) is %s', (reason, code) => {
    scriptApk(folder, {
      stderr: [
        `WARNING: fetching http://mirror.example/alpine/v3.20/main: ${reason}`,
        'ERROR: unable to select packages:',
        '  busybox (no such package):',
        '    required by: world[busybox]',
      ],
      exitCode: 6,
    })
    const { status, said } = bootstrap()
    expect(status).toBe(1)
    expect(said).toContain(`E: ${code}\n`)
    expect(said).not.toContain('secret')
  })

  test('an index without a signature is told from a stranger’s', () => {
    scriptApk(folder, {
      stderr: ['WARNING: fetching http://mirror.example/alpine/v3.20/main: UNTRUSTED signature'],
      exitCode: 6,
      signed: false,
    })
    const { status, said } = bootstrap()
    expect(status).toBe(1)
    expect(said).toContain('E: UNSIGNED\n')
  })

  test.each([
    [['ERROR: unable to select packages:', '  bahs (no such package):'], 1, 'NOPACKAGE'],
    [
      ["ERROR: busybox-1.36.1-r29: package mentioned in index not found (try 'apk update')"],
      3,
      'PACKAGEGONE',
    ],
    [['ERROR: busybox-1.36.1-r29: IO ERROR'], 2, 'PACKAGEBAD'],
    [['ERROR: Failed to create lib/libcrypto.so.3: No space left on device'], 3, 'NOROOM'],
    [['ERROR: busybox-1.36.1-r29.post-install: script exited with error 127'], 1, 'SCRIPT'],
    [['chown: etc/shadow: Operation not permitted'], 0, 'SCRIPT'],
    [['ERROR: nobody has seen this'], 1, 'APK'],
  ])('what apk says of packages (%s) is a failure with a code', (stderr, exitCode, code) => {
    scriptApk(folder, { stderr, exitCode })
    const { status, said } = bootstrap()
    expect(status).toBe(1)
    expect(said).toContain(`E: ${code}\n`)
  })

  test('another release under this one’s name is refused', () => {
    scriptApk(folder, { release: '3.21.0' })
    expect(bootstrap().said).toContain('E: WRONGRELEASE\nEA: 3.21.0\n')
    scriptApk(folder, { release: '3.2.0' })
    expect(bootstrap().said).toContain('E: WRONGRELEASE\n')
  })

  test('the tar is announced, has no devices, and is the same twice', () => {
    scriptApk(folder)
    expect(bootstrap().status).toBe(0)
    const first = run('pack.sh', ['--rootfs', root])
    expect(first.status, first.said).toBe(0)
    expect(first.said).toBe(`S: ${first.stdout.length}\n`)
    const second = run('pack.sh', ['--rootfs', root])
    expect(second.stdout.equals(first.stdout)).toBe(true)
  })

  test('wrong options are told', () => {
    scriptApk(folder)
    expect(run('bootstrap.sh', ['--branch', 'v3.20']).status).toBe(2)
    expect(bootstrap('--nonsense', 'x').said).toContain(
      '--nonsense is not an option of this script',
    )
  })
})
