import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  ABSENT,
  MAKES,
  SIGNED,
  TELLING,
  calledWith,
  folder,
  linux,
  run,
  tool,
} from './script-room.ts'

describe.skipIf(!linux)('how bootstrap.sh calls debootstrap', () => {
  const call = (...args: string[]) => {
    tool('debootstrap', TELLING)
    tool('mknod', MAKES)
    const { status, stdout, stderr } = run('bootstrap.sh', ['--rootfs', `${folder}/tree`, ...args])
    expect({ status, stdout }).toEqual({ status: 7, stdout: '' })
    expect(stderr).toContain('noise')
    return calledWith(stderr)
  }

  test('a mirror that is given is taken for what it is, and the exit code is that of debootstrap', () => {
    tool('wget', SIGNED)
    const words = call(
      '--suite',
      'trixie',
      '--progress',
      '--mirror',
      'http://mirror.example/debian/',
    )
    expect(words).toEqual([
      '--force-check-gpg',
      '--debian-installer',
      '--variant=minbase',
      'trixie',
      `${folder}/tree`,
      'http://mirror.example/debian',
    ])
  })

  test('packages, components and a key are handed on, and standard is no variant', () => {
    const key = join(folder, 'key.gpg')
    writeFileSync(key, '')
    tool('wget', SIGNED)
    const more = ['--include', 'a,b', '--components', 'main,contrib', '--keyring', key]
    const words = call('--suite', 's', '--mirror', 'http://x', '--variant', 'standard', ...more)
    expect(words.slice(1, -3)).toEqual([
      `--keyring=${key}`,
      '--include=a,b',
      '--components=main,contrib',
    ])
  })

  const LOCK = {
    lock: 1,
    codename: 'trixie',
    variant: 'minbase',
    include: ['b=1.0', 'a'],
    packages: [{ name: 'a', version: '1:2.0-1+b1' }],
  }
  test.each([0, 1, 2])(
    'what a lock includes is left to apt, whatever has formatted the lock (%i)',
    spaces => {
      const lock = join(folder, 'packages.lock')
      writeFileSync(lock, `${JSON.stringify(LOCK, null, spaces).replaceAll('\n', '\r\n')}\n`)
      tool('wget', SIGNED)
      const words = ['--suite', 'trixie', '--mirror', 'http://x', '--lock', lock]
      expect(call(...words, '--include', 'a,b=1.0').slice(0, 2)).toEqual([
        '--force-check-gpg',
        '--variant=minbase',
      ])
      expect(readFileSync(`${lock}.list`, 'utf8')).toBe('a 1:2.0-1+b1\n')
    },
  )

  test.each([
    ['of another release', { ...LOCK, codename: 'sid' }, /of sid minbase a b=1.0, and this is t/],
    ['of other packages', { ...LOCK, include: [] }, /of trixie minbase, and this is trixie minb/],
    ['of no packages', { ...LOCK, packages: [] }, /packages\.lock names no packages/],
    ['of nothing', {}, /of another image: of nothing known/],
  ])('a lock %s ends it before anything is made', (_, value, what) => {
    const lock = join(folder, 'packages.lock')
    writeFileSync(lock, JSON.stringify(value))
    tool('wget', SIGNED)
    tool('debootstrap', 'echo it was called')
    const words = ['--rootfs', `${folder}/tree`, '--suite', 'trixie', '--mirror', 'http://x']
    const end = run('bootstrap.sh', [...words, '--include', 'a,b=1.0', '--lock', lock])
    expect(end).toMatchObject({ status: 2, stderr: expect.stringMatching(what) })
    expect(end.stderr).not.toContain('it was called')
  })

  test('without the lock that may be there it says so, and includes what is asked for', () => {
    tool('wget', SIGNED)
    tool('debootstrap', TELLING)
    tool('mknod', MAKES)
    const words = ['--rootfs', `${folder}/tree`, '--suite', 'trixie', '--mirror', 'http://x']
    const more = ['--include', 'a', '--lock', join(folder, 'packages.lock')]
    const { stderr } = run('bootstrap.sh', [...words, ...more])
    expect(stderr).toContain(
      'T: there is no packages.lock here, so the packages are those of today',
    )
    expect(calledWith(stderr)).toContain('--include=a')
  })

  test('the mirror of this machine comes first when it has the release', () => {
    tool('wget', 'case "$*" in *near.example*) echo "Origin: Debian" ;; *) exit 8 ;; esac')
    const words = call('--suite', 'etch', '--near', 'http://near.example/d', ...archives)
    expect(words.at(-1)).toBe('http://near.example/d')
  })

  test('a mirror of this machine whose index has expired is passed over', () => {
    const expired = 'echo "Origin: Debian"; echo "Valid-Until: Sat, 01 Feb 2020 10:00:00 UTC"'
    tool('wget', `case "$*" in *near.example*) ${expired} ;; *) ${ABSENT} ;; esac`)
    const words = call('--suite', 'etch', '--near', 'http://near.example/d', ...archives)
    expect(words.at(-1)).toBe('http://new.example/d')
  })

  test('a network that is gone is not asked for each package: three fail, the rest at once', () => {
    const asked = join(folder, 'asked')
    tool(
      'wget',
      `case "$*" in --help) ;; *InRelease*) ${SIGNED} ;; *) echo "$*" >>'${asked}'; exit 4 ;; esac`,
    )
    tool('debootstrap', 'for name in a b c d e f; do wget http://x/$name.deb || :; done; exit 1')
    tool('mknod', MAKES)
    const words = ['--rootfs', `${folder}/tree`, '--suite', 's', '--mirror', 'http://x/d']
    const { status, stderr } = run('bootstrap.sh', words)
    expect(status).toBe(1)
    expect(readFileSync(asked, 'utf8').trim().split('\n')).toEqual([
      'http://x/a.deb',
      '--tries=1 http://x/b.deb',
      '--tries=1 http://x/c.deb',
    ])
    expect(stderr).toContain('E: NOANSWER\nEA: http://x/d\n')
  })

  test('a file that a server has not is no silence', () => {
    tool('wget', `case "$*" in --help) ;; *InRelease*) ${SIGNED} ;; *b.deb) ;; *) exit 8 ;; esac`)
    tool('debootstrap', 'for name in a c d e b; do wget http://x/$name.deb || :; done; exit 5')
    tool('mknod', MAKES)
    const words = ['--rootfs', `${folder}/tree`, '--suite', 's', '--mirror', 'http://x/d']
    const { status, stderr } = run('bootstrap.sh', words)
    expect(status).toBe(5)
    expect(stderr).not.toContain('NOANSWER')
  })

  const archives = ['--archive', 'http://new.example/d', '--moved', 'http://old.example/d'] as const

  test.each([
    ['the archive when it has the suite', 'new.example', 'http://new.example/d'],
    ['the place for ended releases when only that has it', 'old.example', 'http://old.example/d'],
    ['the archive when nobody has it, so that the failure names it', 'no', 'http://new.example/d'],
  ])('it fetches from %s', (_, host, mirror) => {
    tool('wget', `case "$*" in *${host}/d/dists/etch/Release) ;; *) ${ABSENT} ;; esac`)
    expect(call('--suite', 'etch', ...archives).at(-1)).toBe(mirror)
  })
})
