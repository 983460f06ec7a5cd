import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect } from 'vitest'
import { readAsset } from '../../src/assets.ts'
import { lockOf, lockText } from '../../src/bootstrap/deb/lock.ts'
import { packagesOf } from '../../src/bootstrap/deb/package-set.ts'
import { docker, test } from './engine.ts'
import { describeDebian, plannedBookworm } from './full.ts'
import { ownMirror } from './full-mirrors.ts'
import { newNames, outcomeOf, runCli, stepsDone } from './run-cli.ts'

const MINUTES = 60_000

describeDebian('the scripts of a full image', ['bookworm'], () => {
  const names = newNames()
  // A builder of our own: containers of other tests are no business of ours.
  const builder = `${names.prefix}/builder:bookworm`
  const tag = names.tag('full')
  const ours = `${tag}-ours`
  const slim = `${tag}-slim`
  let room: string
  let folder: string
  let wishes: string[]

  beforeAll(async () => {
    room = await mkdtemp(join(tmpdir(), 'cbi-full-'))
    folder = join(room, 'a folder of mine')
    // bootstrap.sh takes a mirror whose name was not found in time for one that has no updates.
    const patient = 'ENV RES_OPTIONS="single-request-reopen timeout:3 attempts:5"'
    const label = `LABEL cbi-test=${names.prefix}`
    await build(`FROM debian:bookworm-slim\n${patient}\n${label}\n`, builder)
    const here = ['--mirror', ownMirror()!, '--no-updates']
    wishes = ['--release', 'bookworm', '--tag', tag, '--builder', builder, ...here]
    const words = [...wishes, '--verify', '--yes', '--json', 'a folder of mine']
    const end = await runCli(words, { cwd: room })
    outcomeOf(end)
    expect(stepsDone(end)).toContain('verify')
    await docker(['tag', tag, ours])
    await docker(['rmi', tag])
  }, 6 * MINUTES)

  afterAll(async () => {
    await docker(['image', 'rm', '--force', ours, slim, tag])
    await names.remove()
    await rm(room, { recursive: true, force: true })
  })

  const leftovers = async (): Promise<string[]> => {
    const { stdout } = await docker(['ps', '--all', '--quiet', '--filter', `ancestor=${builder}`])
    return stdout.split('\n').filter(Boolean)
  }

  test(
    'the script takes the versions of a lock over newer ones, tells which it lacks, and makes the image of them',
    { timeout: 5 * MINUTES },
    async () => {
      const beside = join(room, 'beside a lock')
      mkdirSync(beside)
      const { request, set } = await plannedBookworm(false)
      const rest = { slim: false, keyring: null, sources: [] }
      const lock = lockText(lockOf(request, set, rest, () => undefined))
      const lacking = lock.replace(/("name":"base-passwd","version":)"[^"]*"/, '$1"0.1"')
      writeFileSync(join(beside, 'packages.lock'), lacking)
      // Without --no-updates, so that it is the lock that keeps them away.
      const words = ['--release', 'bookworm', '--tag', tag, '--mirror', ownMirror()!]
      const { stdout: script } = await runCli([...words, '--script', 'sh'], { cwd: room })
      writeFileSync(join(beside, 'build.sh'), script.replace('debian:bookworm-slim', builder))

      const end = await execa('sh', [join(beside, 'build.sh')], { cwd: tmpdir() })
      expect(end.stdout).toContain('VERSION_CODENAME=bookworm')
      const [, had, all, unlike] = LOCK_TOLD.exec(end.stderr) ?? [end.stderr.slice(-2000)]
      expect(Number(all)).toBe(packagesOf(set).length)
      expect(Number(had)).toBe(Number(all) - 1)
      expect(unlike).toMatch(/^ {2}base-passwd \S+, not 0\.1$/)
      expect(await configOf(tag)).toEqual(await configOf(ours))
      const [theirs, made] = [await treeOf(ours), await treeOf(tag)]
      expect(made.filter(line => !theirs.includes(line))).toEqual(OF_APT)
      const others = theirs.filter(line => !made.includes(line))
      expect(others.map(line => line.split(' ').at(-1))).toEqual([
        'var/cache/apt/archives/partial/',
        'var/lib/apt/lists/partial/',
      ])
      expect(readdirSync(beside).sort()).toEqual([
        'bootstrap.sh',
        'build.sh',
        'pack.sh',
        'packages.lock',
      ])
      expect(await leftovers()).toEqual([])
    },
  )

  test(
    'a step that fails ends build.sh, and nothing is left',
    { timeout: 2 * MINUTES },
    async () => {
      const copy = join(room, 'fails')
      cpSync(folder, copy, { recursive: true })
      writeFileSync(join(copy, 'bootstrap.sh'), 'exit 3\n')
      const before = readdirSync(copy)
      const { exitCode } = await execa('sh', ['build.sh'], { cwd: copy, reject: false })
      expect(exitCode).toBe(3)
      expect(readdirSync(copy)).toEqual(before)
      expect(await leftovers()).toEqual([])
    },
  )

  test('Ctrl-C ends build.sh, and nothing is left', { timeout: 2 * MINUTES }, async () => {
    const copy = join(room, 'stops')
    cpSync(folder, copy, { recursive: true })
    writeFileSync(join(copy, 'bootstrap.sh'), 'echo BEGUN; sleep 600\n')
    const child = execa('sh', ['build.sh'], { cwd: copy, reject: false, detached: true })
    child.stdout.on('data', (text: Buffer) => {
      // A terminal's Ctrl-C reaches the script and its docker.
      if (String(text).includes('BEGUN')) process.kill(-child.pid!, 'SIGINT')
    })
    expect((await child).exitCode).toBe(130)
    expect(existsSync(join(copy, 'rootfs.tar'))).toBe(false)
    expect(await leftovers()).toEqual([])
  })

  test('the Dockerfile alone makes the same', { timeout: 8 * MINUTES }, async () => {
    const empty = join(room, 'empty')
    mkdirSync(empty)
    const { stdout } = await runCli([...wishes, '--script', 'dockerfile'], { cwd: room })
    writeFileSync(join(empty, 'Dockerfile'), stdout)
    // The builder's layers would stay in the engine's cache.
    const words = ['build', '--no-cache', '--force-rm', '--tag', tag, '.']
    const built = await execa('docker', words, { cwd: empty, reject: false, all: true })
    expect(built.exitCode, built.all).toBe(0)
    expect(await configOf(tag)).toEqual(await configOf(ours))
    expect(await treeOf(tag)).toEqual(await treeOf(ours))
  })

  test('what is whole passes verify.sh, slim or not', { timeout: 4 * MINUTES }, async () => {
    expect(await verify(ours, 'amd64')).toMatch(/^(ok: .*\n){8}all 8 checks passed$/)
    const context = join(room, 'slim')
    mkdirSync(context)
    cpSync(join(folder, 'bootstrap.sh'), join(context, 'bootstrap.sh'))
    const finish = 'sh bootstrap.sh --only-finish --suite bookworm --slim'
    const recipe = `FROM ${builder} AS maker\nCOPY --from=${ours} / /rootfs\nCOPY bootstrap.sh .\nRUN ${finish}\nFROM scratch\nCOPY --from=maker /rootfs /\nCMD ["bash"]\n`
    writeFileSync(join(context, 'Dockerfile'), recipe)
    const built = await docker(['build', '--force-rm', '--tag', slim, context])
    expect(built.exitCode, built.stderr).toBe(0)
    expect(await sizeOf(slim)).toBeLessThan(await sizeOf(ours))
    expect(await verify(slim)).toMatch(/^(ok: .*\n){7}all 7 checks passed$/)
  })

  test('verify.sh finds what is broken', { timeout: 4 * MINUTES }, async () => {
    const broken = `${tag}-broken`
    await build(
      `FROM ${ours}
RUN echo >> /usr/bin/yes && rm /usr/share/doc/bash/copyright
RUN sed -i '0,/^Status: install ok installed/s//Status: install ok unpacked/' /var/lib/dpkg/status
RUN sed -i 's/^root:[^:]*/root:hash/' /etc/shadow && sed -i 's/^bin:x:/bin::/' /etc/passwd
RUN echo '-----BEGIN PRIVATE KEY-----' > /etc/made.key
RUN echo list > /var/lib/apt/lists/left_Packages && echo log > /var/log/left.log
RUN rm -f /etc/apt/sources.list.d/* && echo "deb http://127.0.0.1:9/debian bookworm main" > /etc/apt/sources.list
`,
      broken,
    )
    const said = await verify(broken, 's390x').finally(() => docker(['rmi', broken]))
    const wrong = said.split(/^E: failed:  /m)
    expect(wrong).toHaveLength(8)
    expect(wrong[1]).toMatch(/^its packages are for s390x\nthey are for amd64$/m)
    expect(wrong[2]).toContain('/var/lib/apt/lists/left_Packages\n/var/log/left.log')
    expect(wrong[3]).toMatch(/^root has a password\nbin needs none$/m)
    expect(wrong[3]).not.toContain('hash')
    expect(wrong[4]).toContain('\netc/made.key\n')
    expect(wrong[5]).toMatch(/dpkg --audit.*\n.*not yet configured/)
    expect(wrong[6]).toMatch(/\?\?5\?+ +\/usr\/bin\/yes/)
    expect(wrong[6]).toMatch(/missing +\/usr\/share\/doc\/bash\/copyright/)
    expect(wrong[7]).toMatch(/^W: Failed to fetch http:\/\/127\.0\.0\.1:9/m)
    // Without lists, that nothing installs would be the same finding told twice.
    expect(said).not.toContain('a package installs')
    expect(said).not.toContain('checks passed')
  })

  test('a slim image may lack documents, but no licence', { timeout: 2 * MINUTES }, async () => {
    const broken = `${tag}-broken`
    await build(`FROM ${slim}\nRUN rm /usr/share/doc/bash/copyright /usr/bin/yes\n`, broken)
    const said = await verify(broken).finally(() => docker(['rmi', broken]))
    const [, found = ''] = said.split(/^E: failed:  /m)
    const lines = found.split('\n').filter(line => line.startsWith('missing'))
    expect(lines.map(line => line.split(/ +/).at(-1))).toEqual([
      '/usr/share/doc/bash/copyright',
      '/usr/bin/yes',
    ])
  })
})

/** What apt has in its own way once it has run in a tree. */
const OF_APT = [
  'drwx------ 0/0               0 var/cache/apt/archives/partial/',
  'drwx------ 0/0               0 var/lib/apt/lists/partial/',
  'drwxr-xr-x 0/0               0 var/lib/apt/lists/auxfiles/',
]

/** What bootstrap.sh says of a lock: how many packages have its version, of how many, and which are others. */
const LOCK_TOLD =
  /^T: (\d+) of the (\d+) packages in packages\.lock are here by name and version; these are others:\n((?: {2}.*\n?)*)$/m

const build = async (recipe: string, tag: string): Promise<void> => {
  const env = { ...process.env, DOCKER_BUILDKIT: '0' }
  const { exitCode, stderr } = await docker(['build', '--force-rm', '--tag', tag, '-'], env, recipe)
  expect(exitCode, stderr).toBe(0)
}

const verify = async (image: string, ...args: string[]): Promise<string> => {
  const words = ['run', '--rm', '--interactive', image, 'sh', '-s', '--', ...args]
  const script = readAsset('families/deb/verify.sh')
  return (await docker(words, process.env, script)).stdout
}

const inspect = async (image: string, format: string): Promise<string> =>
  (await docker(['image', 'inspect', '--format', format, image])).stdout

const sizeOf = async (image: string): Promise<number> => Number(await inspect(image, '{{.Size}}'))

/** What an image says of itself, but for when and by what it was made. */
const configOf = async (image: string): Promise<unknown> => {
  const { Cmd, Env, Labels, Entrypoint, User, WorkingDir } = JSON.parse(
    await inspect(image, '{{json .Config}}'),
  ) as Record<string, unknown>
  return { Cmd, Env, Labels, Entrypoint, User, WorkingDir }
}

/** The files of an image: type, mode, owner, size, path and where links lead; without times. */
const treeOf = async (image: string): Promise<string[]> => {
  const { stdout: container } = await docker(['create', image])
  const command = 'docker export "$1" | tar --list --verbose --numeric-owner'
  const listing = execa('sh', ['-c', command, 'sh', container])
  const { stdout } = await listing.finally(() => docker(['rm', container]))
  return stdout
    .split('\n')
    .map(line => line.replace(/^(\S+ +\S+ +\d+) \S+ \S+ /, '$1 '))
    .sort()
}
