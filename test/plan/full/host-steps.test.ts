import { describe, expect, test } from 'vitest'
import type { Facts } from '../../../src/engine/facts.ts'
import { MachineError } from '../../../src/errors.ts'
import type { RootStage } from '../../../src/plan/types.ts'
import { commands, HOST, ids, planOf, planWithKeyring, stepOf } from './inputs.ts'
import { facts, noEngine } from '../minimal/inputs.ts'

test('debootstrap runs by sudo, and what it made goes to the engine as a tar', () => {
  const plan = planOf(HOST)
  expect(ids(plan)).toEqual('engine files mirror bootstrap finish import run name'.split(' '))
  expect(commands(plan, 'bootstrap')).toEqual([
    'sudo debootstrap --force-check-gpg --variant=minbase bookworm .create-base-image/rootfs http://ftp.debian.org/debian',
  ])
  expect(commands(plan, 'finish')[0]).toMatch(
    /^sudo sh bootstrap\.sh --only-finish --rootfs \.create-base-image\/rootfs --suite bookworm /,
  )
  expect(commands(plan, 'import')[0]).toMatch(
    /^sudo sh pack\.sh --rootfs \.create-base-image\/rootfs \| docker import --change /,
  )
  expect(plan.rootFolder).toBe('.create-base-image/rootfs')
})

test('a release whose name debootstrap does not know is made by the script that its distribution names', () => {
  expect(
    commands(planOf(['--bootstrap', 'host', '--release', 'devuan:daedalus']), 'bootstrap'),
  ).toEqual([
    'sudo debootstrap --force-check-gpg --variant=minbase --keyring=/usr/share/keyrings/devuan-archive-keyring.gpg daedalus .create-base-image/rootfs http://deb.devuan.org/merged ceres',
  ])
})

test('root needs no sudo', () => {
  const host = { root: 'root', debootstrap: '/usr/sbin/debootstrap' } as const
  const plan = planOf(HOST, { host })
  expect(commands(plan, 'bootstrap')[0]).toMatch(/^debootstrap /)
  expect(JSON.stringify(plan)).not.toContain('"sudo":true')
})

test('a path with a blank is refused before anything is downloaded, which debootstrap finds out after it', () => {
  const refusal = /can't work below a path with a space in it: .*my image/
  expect(() => planOf([...HOST, 'my image'])).toThrow(refusal)
  expect(() =>
    planOf(
      ['--release', 'bookworm', '--bootstrap', 'debootstrap', '--engine', 'none', 'my image'],
      {
        ...noEngine,
        host: { root: 'sudo', debootstrap: '/usr/sbin/debootstrap' },
      },
    ),
  ).toThrow(refusal)
  expect(() => planOf(['--release', 'bookworm', 'my image'])).not.toThrow()
})

test('a wrong signature is never taken', () => {
  expect(commands(planOf(HOST), 'bootstrap')[0]).toContain(' --force-check-gpg ')
})

test('the machine’s own archive is fetched from, but not for a release that it has dropped', () => {
  const archive = { distro: 'debian', archive: 'http://mirror.example/debian' } as const
  expect(commands(planOf(HOST, { archive }), 'bootstrap')[0]).toMatch(
    / http:\/\/mirror\.example\/debian$/,
  )
  const dropped = ['--bootstrap', 'host', '--release', 'buster']
  expect(commands(planOf(dropped, { archive }), 'bootstrap')[0]).toMatch(
    / http:\/\/archive\.debian\.org\/debian$/,
  )
  const ubuntu = ['--bootstrap', 'host', '--release', 'noble']
  expect(commands(planOf(ubuntu, { archive }), 'bootstrap')[0]).toMatch(
    / http:\/\/archive\.ubuntu\.com\/ubuntu$/,
  )
  // It is for this run: apt in the image, and the scripts, should work anywhere.
  const plan = planOf(HOST, { archive })
  expect(commands(plan, 'finish')[0]).not.toMatch(/--source(-if-there)? 'http:\/\/mirror\.example/)
  expect(JSON.stringify(stepOf(plan, 'files'))).not.toContain('mirror.example')
})

test('a keyring is the project folder’s copy', () => {
  const plan = planWithKeyring(...HOST)
  // A name without a slash is looked for elsewhere by gpgv.
  expect(commands(plan, 'bootstrap')[0]).toContain('--keyring=./keyring.gpg bookworm')
  expect(commands(plan, 'mirror')[0]).toContain('/my-bookworm/keyring.gpg')
  expect(commands(plan, 'finish')[0]).toContain('/my-bookworm/keyring.gpg')
})

test('an old release has the keys that were taken back', () => {
  const old = planOf(['--bootstrap', 'host', '--release', 'stretch'])
  expect(commands(old, 'bootstrap')[0]).toContain(
    ' --keyring=/usr/share/keyrings/debian-archive-removed-keys.gpg stretch ',
  )
  expect(commands(planOf(HOST), 'bootstrap')[0]).not.toContain('--keyring')
})

test('where the release was found is where debootstrap fetches from', () => {
  const plan = planOf(HOST)
  expect(commands(plan, 'mirror')[0]).toMatch(
    /^sh -s -- --only-choose --suite bookworm .* < bootstrap\.sh$/,
  )
  const [stage] = stepOf(plan, 'bootstrap').pipeline as [RootStage]
  expect(stage.args.at(-1)).toMatchObject({ learnt: 'mirror' })
  expect(commands(plan, 'finish')[0]).toMatch(/ --fetched-from http:\/\/ftp\.debian\.org\/debian$/)
  const given = planOf([...HOST, '--mirror', 'http://mirror.example/debian'])
  const [asked] = stepOf(given, 'bootstrap').pipeline as [RootStage]
  expect(asked.args.at(-1)).toBe('http://mirror.example/debian')
  expect(commands(given, 'finish')[0]).not.toContain('--fetched-from')
})

test('the machine’s own archive is of no use by https, nor for another architecture', () => {
  const near = (url: string, ...argv: string[]): boolean =>
    JSON.stringify(planOf(argv, { archive: { distro: 'ubuntu', archive: url } })).includes(
      '.example',
    )
  expect(near('http://mirror.example/ubuntu')).toBe(true)
  expect(near('https://mirror.example/ubuntu')).toBe(false)
  expect(near('http://mirror.example/ubuntu', '--arch', 'arm64')).toBe(false)
})

test('without an engine it becomes an archive', () => {
  const plan = planOf([...HOST, '--engine', 'none'], { engine: null })
  expect(ids(plan)).toEqual(['files', 'mirror', 'bootstrap', 'finish', 'pack', 'unpack', 'run'])
  expect(plan).toMatchObject({
    image: { archive: '/home/ada/my-bookworm/my-bookworm.tar' },
    unproven: null,
    notices: [expect.stringContaining('in a container instead of on this machine')],
  })
  expect(stepOf(plan, 'run')).toMatchObject({ mustPrint: ['VERSION_CODENAME=bookworm'] })
  expect(plan.next).toEqual([
    ['docker', 'load', '--input', 'my-bookworm/my-bookworm.tar'],
    ['docker', 'run', '--rm', '--interactive', '--tty', 'my-bookworm'],
    ['npx', 'create-base-image', 'inspect', 'my-bookworm/my-bookworm.tar'],
  ])
  const deep = planOf([...HOST, '--engine', 'none', '--verify'], { engine: null })
  expect(deep.notices).toContainEqual(expect.stringMatching(/--verify need an engine.*verify\.sh/))
})

test('asked for without an engine, debootstrap works here where the machine has all that it takes', () => {
  const argv = ['--release', 'bookworm', '--engine', 'none', '--bootstrap', 'debootstrap']
  const route = (change: Partial<Facts> = {}, ...more: string[]): string => {
    try {
      return ids(planOf([...argv, ...more], { engine: null, ...change })).join(' ')
    } catch (error) {
      return (error as Error).message
    }
  }
  const none = /^To bootstrap in a container an engine is needed/
  const { host } = facts()
  expect(route()).toMatch(/ bootstrap /)
  expect(route({ platform: 'darwin' })).toMatch(none)
  expect(route({}, '--arch', 'arm64')).toMatch(none)
  expect(route({ host: null })).toMatch(none)
  expect(route({ host: { ...host!, debootstrap: null } })).toMatch(none)
  expect(route({ host: { ...host!, root: null } })).toMatch(none)
})

describe('what the machine lacks', () => {
  const errorOf = (argv: string[], change: Partial<Facts>): MachineError => {
    try {
      planOf(argv, change)
    } catch (error) {
      if (error instanceof MachineError) return error
    }
    throw new Error('there was no MachineError')
  }

  test('without an engine, it says how to get one and how to do without', () => {
    const { message, todo } = errorOf([], noEngine)
    expect(message).toBe(
      'To bootstrap in a container an engine is needed. There is no Docker here.',
    )
    const anywhere = expect.stringContaining('--variant distroless') as string
    expect(todo).toEqual(['Install it.', expect.stringContaining('--bootstrap host'), anywhere])
    expect(errorOf([], { ...noEngine, platform: 'darwin' }).todo).toEqual(['Install it.', anywhere])
    // What we have no keys of is named no such way.
    expect(errorOf(['--distro', 'kali'], { ...noEngine, platform: 'darwin' }).todo).toEqual([
      'Install it.',
    ])
  })

  test('what it advises works', () => {
    expect(ids(planOf(HOST, noEngine))).toContain('pack')
  })

  test('--engine none is blamed where it is the reason', () => {
    const { message, todo } = errorOf(['--engine', 'none'], { engine: null })
    expect(message).toContain('--engine none forbids one')
    expect(todo).toEqual([
      'Leave --engine none out.',
      expect.stringContaining('--bootstrap host'),
      expect.stringContaining('--variant distroless'),
    ])
  })

  const bare = { root: 'sudo', debootstrap: null } as const
  test.each<[string[], Partial<Facts>, RegExp, RegExp]>([
    [HOST, { platform: 'darwin', host: null }, /debootstrap needs Linux/, /Start Docker/],
    [HOST, { platform: 'win32', host: null }, /debootstrap needs Linux/, /Start Docker/],
    [[...HOST, '--arch', 'arm64'], {}, /this machine is amd64, the image arm64/, /emulation/],
    [HOST, { host: bare }, /debootstrap is not installed/, /apt-get install --yes debootstrap/],
    [HOST, { host: { ...bare, root: null, debootstrap: '/x' } }, /needs root/, /Run it as root/],
  ])('%j is refused with what to do (%#)', (argv, change, message, todo) => {
    const error = errorOf(argv, change)
    expect(error.message).toMatch(message)
    expect(error.todo[0]).toMatch(todo)
    expect(error.todo[1]).toContain('leave --bootstrap host out')
  })
})
