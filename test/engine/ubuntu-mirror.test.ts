import { execa } from 'execa'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeEngine, docker, engine, test } from './engine.ts'
import { debMirror, type DebMirror } from './deb-mirror.ts'

const BUILDER = `cbi-mirror-${process.pid}`
const APT = 'apt-get -qq -o Acquire::Retries=3 -o Acquire::Languages=none'
const INSTALL = `${APT} update && ${APT} install --yes --no-install-recommends debootstrap`
const OPTIONS = '--debian-installer --force-check-gpg --keyring=/keyring.gpg --variant=minbase'

describeEngine('the mirror that tests make', () => {
  let mirror: DebMirror

  beforeAll(async () => {
    mirror = await debMirror('ubuntu')
    await must([
      'run',
      '--detach',
      '--init',
      '--name',
      BUILDER,
      'ubuntu:20.04',
      'sleep',
      'infinity',
    ])
    await must(['cp', mirror.keyring, `${BUILDER}:/keyring.gpg`])
    await must(inBuilder(INSTALL))
  }, 400_000)
  afterAll(async () => {
    await docker(['rm', '--force', '--volumes', BUILDER])
    await mirror?.close()
  })

  test(
    'gives debootstrap an image that says focal, includes packages, and updates itself',
    { timeout: 240_000 },
    async ({ made }) => {
      const image = made.image(`${BUILDER}:focal`)
      const include = '--include=hello-include --components=main,universe'
      await must(inBuilder(`debootstrap ${OPTIONS} ${include} focal /rootfs ${mirror.url} 3>&1`))
      await must(inBuilder(`echo 'deb ${mirror.url} focal-updates main' >>/rootfs${SOURCES}`))
      await importRootfs(image)

      expect(await printedIn(image, 'cat', '/etc/lsb-release')).toBe(LSB_RELEASE)
      expect(await printedIn(image, 'hello-include')).toContain('included')
      expect(await printedIn(image, 'sh', '-c', `ls ${LEFT_OUT_WHEN_SLIM}`)).toContain('.mo')
      const updated = await printedIn(image, 'apt-get', 'update')
      expect(updated).toContain(`${mirror.url} focal-updates InRelease`)
      expect(updated).not.toMatch(/^(Err|Ign):/m)
      expect(mirror.requests().filter(path => path.endsWith('.deb')).length).toBeGreaterThan(90)
    },
  )

  test.for([
    ['stranger', () => mirror.faulty('stranger'), 'focal', 'UNKNOWNRELSIG'],
    ['tampered', () => mirror.faulty('tampered'), 'focal', 'BADRELSIG'],
    ['portal', () => mirror.faulty('portal'), 'focal', 'SIGCHECK'],
    ['wrong path', () => `${mirror.url}/nowhere`, 'focal', 'NOGETREL'],
    ['suite it lacks', () => mirror.url, 'bionic', 'NOGETREL'],
    ['unknown suite', () => mirror.url, 'nosuch', 'NOSCRIPT'],
  ] as const)('%s: debootstrap says so', async ([, url, suite, code]) => {
    const end = await docker(inBuilder(`debootstrap ${OPTIONS} ${suite} /refused ${url()} 3>&1`))
    expect(end).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(`E: ${code}`) })
  })

  test('expired: debootstrap does not mind, apt-get does', async () => {
    const url = mirror.faulty('expired')
    const debs = await must(
      inBuilder(`debootstrap ${OPTIONS} --print-debs focal /none ${url} 3>&1`),
    )
    expect(debs).toContain('I: VALIDRELSIG')
    const source = `deb [signed-by=/keyring.gpg] ${url} focal main`
    const end = await docker(inBuilder(`echo '${source}' >${SOURCES}; apt-get update`))
    expect(end).toMatchObject({ exitCode: 100, stderr: expect.stringContaining('is expired') })
  })
})

const SOURCES = '/etc/apt/sources.list'

const LSB_RELEASE = `DISTRIB_ID=Ubuntu
DISTRIB_RELEASE=20.04
DISTRIB_CODENAME=focal
DISTRIB_DESCRIPTION="Ubuntu 20.04 LTS"`

const LEFT_OUT_WHEN_SLIM = [
  '/usr/share/doc/hello-include/README',
  '/usr/share/man/man1/hello-include.1.gz',
  '/usr/share/locale/de/LC_MESSAGES/hello-include.mo',
].join(' ')

const inBuilder = (script: string): string[] => ['exec', BUILDER, 'sh', '-c', script]

const must = async (args: readonly string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await docker(args)
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr || stdout}`)
  return stdout
}

const printedIn = (image: string, ...command: string[]): Promise<string> =>
  must(['run', '--rm', image, ...command])

const importRootfs = async (image: string): Promise<void> => {
  const { env } = engine()
  const tar = ['exec', BUILDER, 'tar', '--numeric-owner', '-C', '/rootfs', '-c', '.']
  const options = { env, extendEnv: false, buffer: false } as const
  await execa('docker', tar, options).pipe('docker', ['import', '-', image], options)
}
