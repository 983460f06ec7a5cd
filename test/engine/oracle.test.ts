import { execFile } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeEngine, docker, test } from './engine.ts'
import { ownMirror } from './full-mirrors.ts'
import { byDebootstrap, hasOracle, SETTINGS, TAKEN, unexplained } from './oracle.ts'
import { BIN, newNames } from './run-cli.ts'
import { treeOfTar, type Tree } from './tree.ts'

const run = promisify(execFile)
const MINUTES = 60_000

/** Dependencies, a trigger, questions of debconf, alternatives, a group of its own, set-group-ID and a capability. */
const INCLUDE = ['ca-certificates', 'curl', 'iputils-ping', 'less', 'openssh-client']

/** What is another one than debootstrap's, and why. */
const CHANGED = [
  // Of the machine that it was made on: emptied, as in every image.
  'etc/hostname',
  'etc/resolv.conf',
  // dselect's list of all packages, which debootstrap feeds by hand and apt does not read.
  'var/lib/dpkg/available',
]

/** What apt has in a mode of its own once it has installed something; ours gets the extra packages by it, too. */
const BY_APT = ['var/cache/apt/archives/partial']

/** These the upgrade of the package merges with what was there; there was nothing where it came in at once. */
const MERGED = ['etc/ca-certificates.conf', 'etc/ssl/certs/ca-certificates.crt']

interface Case {
  readonly include: readonly string[]
  /** What is there where apt has installed something, even an empty list of what it chose by itself. */
  readonly come: readonly string[]
  readonly changed: readonly string[]
  /** The same after the updates. */
  readonly updated: { readonly gone: readonly string[]; readonly changed: readonly string[] }
}

const MINBASE = {
  include: [],
  come: [],
  changed: [],
  updated: { gone: [], changed: [...BY_APT, 'var/lib/apt/lists/partial'] },
}
const WITH_MORE = {
  include: INCLUDE,
  come: ['var/lib/apt/extended_states'],
  changed: BY_APT,
  updated: {
    gone: ['etc/ca-certificates.conf.dpkg-old'],
    changed: [...MERGED, ...BY_APT, 'var/lib/apt/lists/partial'],
  },
}

describeEngine('beside debootstrap', () => {
  const names = newNames()
  let room: string
  beforeAll(async () => {
    room = await mkdtemp(join(tmpdir(), 'cbi-oracle-'))
  })
  afterAll(async () => {
    await names.remove()
    await rm(room, { recursive: true, force: true })
  })

  /** Makes a root filesystem by ourselves and returns the file of its tar. */
  const make = async (suite: string, flags: readonly string[]): Promise<string> => {
    const file = join(room, `${[suite, ...flags].join('').replaceAll(/\W/g, '')}.tar`)
    const from = ['--mirror', ownMirror()!, '--cache', join(room, 'cache')]
    if (existsSync(file)) return file
    const words = ['rootfs', `debian:${suite}`, ...from, ...flags, '--output', file]
    await run(process.execPath, [BIN, ...words])
    return file
  }

  const ours = async (suite: string, flags: readonly string[]): Promise<Tree> => {
    const file = await make(suite, flags)
    const tree = await treeOfTar(createReadStream(file), TAKEN)
    // One without flags is taken once more.
    if (flags.length > 0) await rm(file)
    return tree
  }

  test.skipIf(!hasOracle()).for<readonly [string, string, Case]>([
    ['bookworm', 'minbase', MINBASE],
    ['trixie', 'minbase', MINBASE],
    ['bookworm', 'with more packages', WITH_MORE],
  ])(
    '%s, %s, is the same to the last file, but for what is told here (needs root)',
    { timeout: 8 * MINUTES },
    async ([suite, , { include, come, changed, updated }]) => {
      const flags = include.length === 0 ? [] : ['--include', include.join(',')]
      const [theirs, plain] = await Promise.all([
        byDebootstrap({ suite, include, updates: true, cache: join(room, 'debs') }),
        ours(suite, [...flags, '--no-updates']),
      ])
      expect(plain.size).toBeGreaterThan(5000)
      expect(unexplained(theirs.plain, plain)).toEqual({
        gone: [],
        come: [...SETTINGS, ...come],
        changed: [...CHANGED, ...changed].toSorted(),
      })
      expect(unexplained(theirs.updated!, await ours(suite, flags))).toEqual({
        gone: updated.gone,
        come: SETTINGS,
        changed: [...CHANGED, ...updated.changed].toSorted(),
      })
    },
  )

  test.skipIf(ownMirror() === null)(
    'an image of it installs, reinstalls every package and becomes the next release',
    { timeout: 8 * MINUTES },
    async ({ made }) => {
      const tag = made.image(names.tag('life'))
      const file = await make('bookworm', [])
      const imported = await docker(['import', file, tag])
      expect(imported.exitCode, imported.stderr).toBe(0)
      const words = ['run', '--rm', '--interactive', tag, 'sh', '-e']
      const { exitCode, stdout, stderr } = await docker(words, process.env, LIFE)
      expect(exitCode, `${stdout}${stderr}`.slice(-3000)).toBe(0)
      expect(stdout.split('\n').filter(line => line.startsWith('= '))).toEqual([
        '= Hello, world!',
        '= bookworm, 0 faults',
        '= trixie, 0 faults',
      ])
    },
  )
})

/** Lines with = are for the test; dpkg tells of each file that is not as its package has it. */
const LIFE = `
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
told() { echo "= $1, $({ dpkg --audit; dpkg --verify; } | wc -l) faults"; }
apt-get -q update
apt-get -qy install hello
echo "= $(hello)"
apt-get -qy --reinstall install $(dpkg-query --show --showformat '\${Package}\\n')
told bookworm
sed -i s/bookworm/trixie/ /etc/apt/sources.list.d/debian.sources
apt-get -q update
apt-get -qy dist-upgrade
. /etc/os-release
told "$VERSION_CODENAME"
`
