import { createReadStream, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { docker, test } from './engine.ts'
import { readAsset } from '../../src/assets.ts'
import { describeDebian } from './full.ts'
import { ownMirror } from './full-mirrors.ts'
import { byDebootstrap, hasOracle, SETTINGS, TAKEN, unexplained } from './oracle.ts'
import { newNames } from './run-cli.ts'
import { treeOfTar } from './tree.ts'

const MINUTES = 60_000
const KEY = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Without CHOWN or SYS_CHROOT a bootstrap fails; without FSETID it ends well, and set-group-ID bits are lost. */
const LEAST = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'SETGID',
  'SETUID',
  'SYS_CHROOT',
].flatMap(right => ['--cap-add', right])
const FEW_RIGHTS = ['--cap-drop', 'ALL', ...LEAST, '--security-opt', 'no-new-privileges']

/** Each account's day is no later than that of the index, which is the same tomorrow. */
const expectDayOfIndex = async (shadow: string): Promise<void> => {
  const release = await (await fetch(`${ownMirror()!}/dists/bookworm/Release`)).text()
  const [, date = ''] = /^Date: (.*)$/m.exec(release) ?? []
  const days = shadow.match(/(?<=^[^:]*:[^:]*:)\d+/gm) ?? []
  expect(days.length).toBeGreaterThan(10)
  expect(new Set(days.map(Number))).toEqual(new Set([Math.floor(Date.parse(date) / 86_400_000)]))
}

/** What a script said: `T:` lines, and `Z:` lines as bytes by words. */
interface Said {
  readonly doing: readonly string[]
  readonly sizes: readonly (readonly [string, number])[]
}

describeDebian('bootstrap.sh and pack.sh in a container', ['bookworm', 'trixie'], () => {
  const names = newNames()
  const builder = (suite: string): string => `${names.prefix}/maker:${suite}`
  const mirror = ownMirror()!
  let room: string

  beforeAll(async () => {
    room = await mkdtemp(join(tmpdir(), 'cbi-bootstrap-'))
    for (const suite of ['bookworm', 'trixie']) await prepare(suite, builder(suite), names.prefix)
  }, 4 * MINUTES)

  afterAll(async () => {
    await names.remove()
    await rm(room, { recursive: true, force: true })
  })

  /** Bootstraps in a container with these options of docker, packs it again from there, and imports the tar. */
  const make = async (suite: string, rights: readonly string[], options: readonly string[]) => {
    const image = names.tag(`${suite}-${options.length}`)
    const tar = join(room, `${image.replaceAll('/', '-')}.tar`)
    const command = ['sh', '-s', '--', '--suite', suite, ...options]
    const create = ['create', '--interactive', ...rights, builder(suite), ...command]
    const { stdout: container, stderr } = await docker(create)
    expect(container, stderr).toMatch(/^[0-9a-f]{64}$/)
    try {
      const made = await start(container, 'bootstrap.sh')
      expect(made.stdout).toBe('')
      const packed = await start(container, 'pack.sh', tar)
      expect(packed.stderr).toBe(`S: ${statSync(tar).size}`)
      const imported = await docker(['import', '--change', 'CMD ["bash"]', tar, image])
      expect(imported.exitCode, imported.stderr).toBe(0)
      return { image, tar, said: parse(made.stderr) }
    } finally {
      await docker(['rm', '--force', container])
    }
  }

  describe.skipIf(!hasOracle())('beside debootstrap on this machine (needs root)', () => {
    test(
      'bookworm has the same files, but for what is told here',
      { timeout: 8 * MINUTES },
      async () => {
        const [{ image, tar, said }, theirs] = await Promise.all([
          make('bookworm', [], ['--mirror', mirror]),
          byDebootstrap({ suite: 'bookworm', cache: join(room, 'debs') }),
        ])
        const ours = await treeOfTar(createReadStream(tar), TAKEN)
        expect(unexplained(theirs.plain, ours)).toEqual({
          gone: [],
          // debootstrap's own line for apt stays here.
          come: SETTINGS.filter(path => !path.endsWith('.sources')),
          // Of the machine that made it: emptied. A container may have made them with another mode.
          changed: ['etc/hostname', 'etc/resolv.conf'],
        })
        const shadow = await execa('tar', ['-xOf', tar, './etc/shadow'])
        await expectDayOfIndex(shadow.stdout)

        expect(said.doing.join('\n')).not.toContain('mknod')
        expect(said.sizes[0]?.[0]).toBe('as debootstrap made it')
        expect(said.sizes.map(([, bytes]) => bytes)).toEqual(falling(said))
        expect(await sizeOf(image)).toBeLessThan(125e6)
        expect(await sh(image, 'dpkg --audit; dpkg --verify')).toBe('')
      },
    )
  })

  test(
    'a slim one is made with the fewest rights and without mknod, and stays slim',
    { timeout: 8 * MINUTES },
    async () => {
      const source = ['--source', `${mirror} bookworm main`]
      const nowhere = ['--source-if-there', `${mirror} bookworm-nonesuch main`]
      const options = [
        '--near',
        mirror,
        '--archive',
        'http://archive.invalid/d',
        ...source,
        ...nowhere,
        '--slim',
      ]
      const { image, tar, said } = await make('bookworm', FEW_RIGHTS, options)
      expect(said.doing[0]).toMatch(/^the mirror has no bookworm-nonesuch, so/)
      expect(said.doing[1]).toContain('refuses mknod')
      expect(said.sizes.map(([, bytes]) => bytes)).toEqual(falling(said))
      expect(await sizeOf(image)).toBeLessThan(80e6)
      expect(await compressed(tar)).toBeLessThan(29e6)

      expect(await sh(image, 'dpkg --audit')).toBe('')
      const lines = (await sh(image, 'dpkg --verify')).split('\n')
      const excluded = /^missing +\/usr\/share\/(doc|info|lintian|locale|man)\//
      expect(lines.filter(line => !excluded.test(line))).toEqual([])
      expect(await sh(image, 'stat -c %a /usr/bin/chage /tmp /run/lock; ls /dev/null')).toBe(
        '2755\n1777\n1777\n/dev/null',
      )
      expect(await sh(image, 'cat /etc/apt/sources.list.d/debian.sources')).toBe(
        `Types: deb\nURIs: ${mirror}\nComponents: main\nSigned-By: ${KEY}\nSuites: bookworm`,
      )
      const install = 'apt-get update -qq && apt-get install -qq less >/dev/null 2>&1'
      const look = 'find /usr/share/doc/less /usr/share/man /var/cache/apt ! -type d'
      expect(await sh(image, `${install}; ${look}`)).toBe(
        '/usr/share/doc/less/copyright\n/var/cache/apt/archives/lock',
      )
    },
  )

  test(
    'trixie keeps file capabilities, odd names and the key of its mirror',
    { timeout: 8 * MINUTES },
    async () => {
      const packages = ['--include', 'mtr-tiny,libcap2-bin,ca-certificates']
      const source = ['--source', `${mirror} trixie main`]
      const options = ['--mirror', mirror, '--keyring', KEY, ...packages, ...source]
      const { image } = await make('trixie', ['--cap-drop', 'MKNOD'], options)
      expect(await sh(image, 'getcap /usr/bin/mtr-packet; ls /etc/ssl/certs | grep ^NetLock')).toBe(
        '/usr/bin/mtr-packet cap_net_raw=ep\nNetLock_Arany_=Class_Gold=_Főtanúsítvány.pem',
      )
      expect(await sh(image, 'grep ^Signed /etc/apt/sources.list.d/debian.sources')).toBe(
        'Signed-By: /etc/apt/keyrings/debian-archive-keyring.pgp',
      )
      expect(await sh(image, 'apt-get update -qq; dpkg --audit; dpkg --verify')).toBe('')
    },
  )

  test('a mirror that is given is never replaced, and nothing is on stdout', async () => {
    const options = ['--suite', 'bookworm', '--mirror', 'http://127.0.0.1:9/debian']
    const fallbacks = ['--archive', mirror, '--moved', mirror]
    const words = ['sh', '-s', '--', ...options, ...fallbacks]
    const run = ['run', '--rm', '--interactive', builder('bookworm'), ...words]
    const input = readAsset('families/deb/bootstrap.sh')
    const ended = await execa('docker', run, { input, reject: false })
    expect(ended).toMatchObject({ exitCode: 1, stdout: '' })
    expect(ended.stderr).toMatch(/^E: NOANSWER\nEA: http:\/\/127\.0\.0\.1:9\/debian$/m)
  })
})

const prepare = async (suite: string, image: string, label: string): Promise<void> => {
  const recipe = `FROM debian:${suite}-slim
LABEL cbi-test=${label}
RUN apt-get update -qq && apt-get install -qq --no-install-recommends debootstrap
`
  const env = { ...process.env, DOCKER_BUILDKIT: '0' }
  const built = await docker(['build', '--force-rm', '--tag', image, '-'], env, recipe)
  expect(built.exitCode, built.stderr).toBe(0)
}

/** Starts the container with a script on its stdin; what it writes goes to `file`, or into the result. */
const start = async (container: string, script: string, file?: string) => {
  const input = readAsset(join(script === 'pack.sh' ? 'families/shared' : 'families/deb', script))
  const stdout = file === undefined ? 'pipe' : { file }
  const words = ['start', '--attach', '--interactive', container]
  // A tar is larger than what execa would keep of it beside the file.
  const buffer = { stdout: file === undefined }
  const ended = await execa('docker', words, { input, stdout, buffer, reject: false })
  const tail = ended.stderr.split('\n').slice(-20).join('\n')
  expect(ended.exitCode, tail).toBe(0)
  return { stdout: ended.stdout ?? '', stderr: ended.stderr }
}

const parse = (stderr: string): Said => ({
  doing: [...stderr.matchAll(/^T: (.*)$/gm)].map(([, words]) => words ?? ''),
  sizes: [...stderr.matchAll(/^Z: (\d+) (.*)$/gm)].map(([, n, words]) => [words ?? '', Number(n)]),
})

/** The sizes in falling order, each once: what they are when each rule took something away. */
const falling = ({ sizes }: Said): number[] =>
  [...new Set(sizes.map(([, bytes]) => bytes))].sort((a, b) => b - a)

const sh = async (image: string, script: string): Promise<string> => {
  const { stdout, stderr } = await docker(['run', '--rm', image, 'sh', '-c', script])
  return [stdout, stderr].filter(text => text !== '').join('\n')
}

const sizeOf = async (image: string): Promise<number> =>
  Number((await docker(['image', 'inspect', '--format', '{{.Size}}', image])).stdout)

const compressed = async (tar: string): Promise<number> =>
  Number((await execa('sh', ['-c', 'gzip -9nc "$1" | wc -c', 'sh', tar])).stdout)
