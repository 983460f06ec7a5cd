import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAsset } from '../src/assets.ts'

const SCRIPTS = ['bootstrap.sh', 'pack.sh'] as const
const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh']] as const
const linux = process.platform === 'linux'
const isThere = ([program]: readonly string[]): boolean =>
  spawnSync(program ?? '', ['-c', ':']).error === undefined
const textOf = (script: string): string =>
  readAsset(join(script === 'pack.sh' ? 'families/shared' : 'families/deb', script))

let folder: string
let temporary: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cbi bootstrap-'))
  temporary = mkdtempSync(join(tmpdir(), 'cbi-bootstrap-'))
})
afterEach(() => {
  const left = readdirSync(temporary)
  rmSync(folder, { recursive: true })
  rmSync(temporary, { recursive: true })
  // Only a container gets as far as to need these, and is removed with them.
  expect(left.filter(name => name !== 'wgetrc' && name !== 'cbi-wget')).toEqual([])
})

/** Runs a script as a container does: `sh -s`, the script on stdin, and nothing but the tools of `folder` before PATH. */
const run = (script: string, args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync('sh', ['-s', '--', ...args], {
    input: textOf(script),
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      TMPDIR: temporary,
    },
    timeout: 20_000,
  })
  return { status, stdout, stderr }
}

/** Puts a program before all others on the PATH of `run`. */
const tool = (name: string, script: string): void => {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'bin', name), 0o755)
}

describe.each(SCRIPTS)('%s', script => {
  test('has Unix line ends and none but ASCII characters', () => {
    expect(textOf(script)).toMatch(/^[\n\x20-\x7e]+\n$/)
  })

  test.skipIf(!linux).for(SHELLS.filter(isThere))('can be read by %s', ([program, ...options]) => {
    const { status, stderr } = spawnSync(program, [...options, '-n'], { input: textOf(script) })
    expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' })
  })

  test('runs nothing before its last line, so that a script cut short does nothing', () => {
    const lines = textOf(script).trimEnd().split('\n')
    expect(lines.at(-1)).toMatch(/^main "\$@" <\/dev\/null/)
    expect(lines.filter(line => /^main\b.*[^{]$/.test(line))).toHaveLength(1)
  })
})

describe.skipIf(!linux)('the options of bootstrap.sh', () => {
  test.skipIf(!linux)(
    'no account is newer than the newest index, nor than the day that is asked for',
    () => {
      const text = textOf('bootstrap.sh')
      const own = text.slice(text.indexOf('\nset_day() {'), text.indexOf('\nsize() {'))
      const lists = join(folder, 'var/lib/apt/lists')
      mkdirSync(join(folder, 'etc'))
      const shadow = join(folder, 'etc/shadow')
      const dayAfter = (env: object = {}): string[] => {
        writeFileSync(shadow, 'root:*:99999:0:99999:7:::\nold:!:100::::::\nnone:!:::::::\n')
        const options = { cwd: folder, env: { PATH: process.env.PATH, ...env } }
        expect(spawnSync('sh', ['-euc', `${own}\nset_day`], options).status).toBe(0)
        return readFileSync(shadow, 'utf8').trim().split('\n')
      }
      expect(dayAfter()[0]).toBe('root:*:99999:0:99999:7:::')
      mkdirSync(lists, { recursive: true })
      writeFileSync(join(lists, 'a_InRelease'), 'Date: Sat, 10 Jan 1970 09:00:00 UTC\n')
      writeFileSync(join(lists, 'b_Release'), 'Date: Sun, 19 Apr 1970 23:00:00 UTC\n')
      const rest = ['old:!:100::::::', 'none:!:::::::']
      expect(dayAfter()).toEqual(['root:*:108:0:99999:7:::', ...rest])
      expect(dayAfter({ SOURCE_DATE_EPOCH: '10368000' })).toEqual([
        'root:*:120:0:99999:7:::',
        ...rest,
      ])
    },
  )

  test.each([
    [['--frobnicate', 'x'], '--frobnicate'],
    [['bookworm'], 'bookworm'],
    [['--suite'], '--suite'],
    [['--suite', '--slim'], '--suite'],
    [['--mirror', ''], '--mirror'],
    [[], '--suite is missing'],
  ])('%j is wrong usage', (args, words) => {
    const { status, stdout, stderr } = run('bootstrap.sh', args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^bootstrap\.sh: .*\n$/)
    expect(stderr).toContain(words)
  })

  test('a folder without a root filesystem cannot be finished, and stays as it is', () => {
    writeFileSync(join(folder, 'mine'), 'mine')
    const { status, stderr } = run('bootstrap.sh', ['--only-finish', '--rootfs', folder])
    expect(status).toBe(2)
    expect(stderr).toContain(`${folder} holds no root filesystem`)
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('mine')
  })
})

/** A wget that writes this text to the file that it is asked for, or only says that there is one. */
function writing(text: string): string {
  return `while [ $# -gt 0 ]; do [ "$1" != -O ] || [ "$2" = - ] || echo '${text}' >"$2"; shift; done`
}

/** Tells what debootstrap was called with, on fd 3 as debootstrap speaks, and ends with 7. */
const TELLING = 'for word; do echo "called with $word" >&3; done; echo noise; exit 7'
const calledWith = (stderr: string): string[] =>
  [...stderr.matchAll(/^called with (.*)$/gm)].map(([, word]) => word ?? '')

/** A mknod that works, so that no stand-in is put on this machine. */
const MAKES = 'for file; do case $file in /*) : >"$file" ;; esac; done'

/** A wget whose mirror has a signed index. */
const SIGNED = writing('-----BEGIN PGP SIGNED MESSAGE-----')

/** What wget does when the server answers with this status. */
const answering = (status: number): string => `echo '  HTTP/1.1 ${status} Words' >&2; exit 8`
const ABSENT = answering(404)

describe.skipIf(!linux)('what bootstrap.sh says of a mirror', () => {
  const MIRROR = 'http://ada.example/debian'
  const ask = (mirror: string, ...more: string[]) => {
    tool('debootstrap', 'echo it was called; exit 7')
    tool('mknod', MAKES)
    const words = ['--rootfs', `${folder}/tree`, '--suite', 'trixie', '--mirror', mirror]
    return run('bootstrap.sh', [...words, ...more])
  }

  test.each([
    ['what a captive portal answers', writing('<html>'), 'PORTAL', MIRROR],
    [
      'a mirror without the suite',
      `case "$*" in *dists/sid/Release) ;; *) ${ABSENT} ;; esac`,
      'NOSUITE',
      'trixie',
    ],
    ['a wrong address', ABSENT, 'NOARCHIVE', MIRROR],
    ['a store that forbids what it has not', answering(403), 'NOARCHIVE', MIRROR],
    ['a server that is busy', answering(503), 'BUSY', MIRROR],
    ['a mirror that wants a password', 'exit 6', 'NOLOGIN', MIRROR],
    ['a certificate that is not trusted', 'exit 5', 'NOTLS', MIRROR],
    ['a host that does not answer', 'exit 4', 'NOANSWER', MIRROR],
  ])('%s has words of its own', (_, wget, code, argument) => {
    tool('wget', wget)
    const { status, stderr } = ask(MIRROR.replace('//', '//ada:b3rlin@'))
    expect(status).toBe(1)
    expect(stderr).toContain(`E: ${code}\nEA: ${argument}\nEF: `)
    expect(stderr).not.toMatch(/it was called|b3rlin/)
  })

  test.each([
    ['Sat, 01 Feb 2020 10:00:00 UTC', MIRROR, 1],
    ['Sat, 01 Feb 2120 10:00:00 UTC', MIRROR, 7],
    ['some day', MIRROR, 7],
    // Old by intent.
    ['Sat, 01 Feb 2020 10:00:00 UTC', 'http://snapshot.example/archive/debian/20200101T000000Z', 7],
  ])('an index valid until %s from %s ends with %d', (until, mirror, ends) => {
    tool('wget', writing(`-----BEGIN PGP SIGNED MESSAGE-----\nValid-Until: ${until}`))
    const { status, stderr } = ask(mirror)
    expect(status, stderr).toBe(ends)
    if (ends === 1)
      expect(stderr).toContain(
        `E: EXPIRED\nEA: ${mirror}\nEF: The index of %s expired on Sat, 01 Feb 2020 10:00:00 UTC\n`,
      )
  })

  const SECURITY = ['--source-if-there', `${MIRROR}-security trixie-security main`]

  test('what it has not is left out of the image’s sources, and that is said', () => {
    tool('wget', `case "$*" in *-security*) ${ABSENT} ;; esac; ${SIGNED}`)
    const { status, stderr } = ask(MIRROR, ...SECURITY)
    expect(status).toBe(7)
    expect(stderr).toMatch(/^T: the mirror has no trixie-security, so/m)
    tool('wget', SIGNED)
    expect(ask(MIRROR, ...SECURITY).stderr).not.toContain('has no')
  })

  test('what it is too busy to tell of is not taken for missing, and nothing has been made by then', () => {
    tool('wget', `case "$*" in *-security*) ${answering(503)} ;; esac; ${SIGNED}`)
    const { status, stderr } = ask(MIRROR, ...SECURITY)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^E: BUSY$/m)
    expect(stderr).not.toContain('it was called')
  })

  test('looking for the release alone makes nothing', () => {
    tool('wget', SIGNED)
    const { status, stdout, stderr } = ask(MIRROR, '--only-choose')
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: `M: ${MIRROR}\n` })
    expect(existsSync(join(folder, 'tree'))).toBe(false)
  })
})

describe.skipIf(!linux)('the origin of an archive', () => {
  const choose = (origin: string | null, wget: string, ...more: string[]) => {
    tool('wget', wget)
    const named = origin === null ? [] : ['--origin', origin]
    const words = ['--only-choose', '--suite', 'sid', ...named, ...more]
    return run('bootstrap.sh', [...words, '--archive', 'http://own.example/os'])
  }
  /** A wget by which the archive has this origin, and the mirror that is near Debian's. */
  const origins = (own: string): string =>
    `case "$*" in *own.example*) echo 'Origin: ${own}' ;; *near.example*) echo 'Origin: Debian' ;; esac`
  const NEAR = ['--near', 'http://near.example/debian']

  test('that is not what was expected ends it, before a mirror of the other one is taken', () => {
    for (const [expected, own] of [
      ['Debian', 'Mine'],
      ['Mine', 'Debian'],
      ['M.ne', 'Mine'],
    ] as const) {
      const { status, stderr } = choose(expected, origins(own), ...NEAR)
      expect(status).toBe(1)
      expect(stderr).toBe(
        `E: WRONGORIGIN\nEA: ${own}\nEF: The archive has Origin: %s, and not Origin: ${expected}\n`,
      )
    }
  })

  test('that is as expected lets it go on, and so does an archive that does not answer', () => {
    for (const wget of [origins('Mine'), 'exit 4']) {
      const { status, stderr } = choose('Mine', wget, ...NEAR)
      expect(stderr).toMatch(/^M: http:\/\/own\.example\/os$/m)
      expect(status).toBe(0)
    }
  })

  test('without one to expect, Debian’s and Ubuntu’s are taken', () => {
    expect(choose(null, origins('Mine'), ...NEAR).stderr).toBe('M: http://near.example/debian\n')
    expect(choose(null, origins('Mine').replace('Debian', 'Other'), ...NEAR).stderr).toBe(
      'M: http://own.example/os\n',
    )
  })

  test('of a mirror that was asked for is only told: its key proves it', () => {
    const wget = writing('-----BEGIN PGP SIGNED MESSAGE-----\nOrigin: copies')
    const { status, stderr } = choose('Mine', wget, '--mirror', 'http://copy.example')
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'T: the mirror has Origin: copies, and not Mine\nM: http://copy.example\n',
    })
  })
})

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

describe.skipIf(!linux)('pack.sh', () => {
  const rootfs = (): string => join(folder, 'a tree')

  test('announces the exact size, keeps order and names, and leaves devices out', () => {
    mkdirSync(join(rootfs(), 'dev/pts'), { recursive: true })
    writeFileSync(join(rootfs(), 'b'), 'x'.repeat(70_000))
    writeFileSync(join(rootfs(), 'Főtanúsítvány'), 'a')
    const { status, stdout, stderr } = run('pack.sh', ['--slim', '--rootfs', rootfs(), '--more'])
    expect(status).toBe(0)
    expect(stderr).toBe(`S: ${Buffer.byteLength(stdout)}\n`)
    const listed = spawnSync('tar', ['-t', '--quoting-style=literal'], { input: stdout })
    expect(String(listed.stdout).split('\n')).toEqual([
      './',
      './Főtanúsítvány',
      './b',
      './dev/',
      '',
    ])
  })

  test.each([
    ['missing', () => rootfs()],
    ['empty', () => folder],
  ])('fails and writes nothing when the folder is %s', (_, path) => {
    const { status, stdout, stderr } = run('pack.sh', ['--rootfs', path()])
    expect(status).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toContain(path())
  })
})
