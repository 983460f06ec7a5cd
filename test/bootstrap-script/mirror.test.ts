import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  ABSENT,
  MAKES,
  SIGNED,
  answering,
  folder,
  linux,
  run,
  tool,
  writing,
} from './script-room.ts'

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
