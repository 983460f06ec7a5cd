import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { beforeAll, expect, test } from 'vitest'
import { linesOf, listingOf, withoutMknod } from './full.ts'
import { ownMirror } from './full-mirrors.ts'
import { describePodman, imagePrefix, podman, podmanContainers } from './podman.ts'
import { outcomeOf, room, runCli, runOf, stepsDone } from './run-cli.ts'

const STAND_IN = fileURLToPath(new URL('../../scripts/stand-in.sh', import.meta.url))

describePodman('Podman as the engine of full images', () => {
  const prefix = imagePrefix()
  const builder = `localhost/${prefix}/builder:bookworm`
  const words = (tag: string): string[] => [
    '--yes',
    '--json',
    '--engine=podman',
    '--release=bookworm',
    '--slim',
    '--no-updates',
    `--mirror=${ownMirror()}`,
    `--builder=${builder}`,
    `--tag=${prefix}/${tag}`,
    'project',
  ]
  const listing = (tag: string) => listingOf(`${prefix}/${tag}`, process.env, 'podman')
  let folder: string

  beforeAll(async () => {
    const work = await mkdtemp(join(tmpdir(), 'cbi-podman-full-'))
    const { stdout: tar } = await execa(STAND_IN, [work, 'bookworm'])
    const made = await podman(['import', '--change', 'CMD ["bash"]', tar, builder])
    expect(made.exitCode, made.stderr).toBe(0)
    folder = work
    return () => rm(work, { recursive: true })
  }, 300_000)

  test('bookworm is bootstrapped, proven, named and looked at deeply, and only the image is left', async () => {
    const end = await runCli([...words('full'), '--verify'], { cwd: folder })
    const outcome = outcomeOf(end)
    expect(outcome).toMatchObject({ image: `${prefix}/full`, proven: true })
    expect(outcome.printed).toContain('\nVERSION_CODENAME=bookworm\n')
    expect(outcome.uncompressedBytes).toBeLessThan(85e6)
    expect(outcome.sizes.at(-1)?.after).toBe('without translations')
    expect(linesOf(end, 'verify').at(-1)).toMatch(/^all \w+ checks passed$/)
    expect(await podmanContainers(runOf(end))).toEqual([])
    const { stdout: unproven } = await podman(['images', '--quiet', 'create-base-image/unproven'])
    expect(unproven).toBe('')
    const [config] = JSON.parse((await podman(['image', 'inspect', `${prefix}/full`])).stdout) as [
      { Architecture: string; Os: string; Config: { Cmd: string[]; Labels: object } },
    ]
    expect(config).toMatchObject({
      Os: 'linux',
      Config: { Cmd: ['bash'], Labels: { 'org.opencontainers.image.version': '12' } },
    })

    const second = await runCli(words('full'), { cwd: folder })
    expect(outcomeOf(second).id).toBe(outcome.id)
    expect(stepsDone(second)).toEqual(['engine', 'files', 'run'])
  }, 400_000)

  test('its build.sh calls podman, and makes the same tree', async () => {
    const env = { ...process.env, DOCKER_HOST: 'unix:///nowhere.sock' }
    await podman(['tag', `${prefix}/full`, `${prefix}/tool`])
    const cwd = join(folder, 'project')
    const before = readdirSync(cwd)
    const { exitCode, all } = await execa('sh', ['build.sh'], {
      cwd,
      env,
      all: true,
      reject: false,
    })
    expect(exitCode, all).toBe(0)
    expect(all).toContain('\nVERSION_CODENAME=bookworm\n')
    expect(readdirSync(cwd)).toEqual(before)
    expect(await listing('full')).toEqual(await listing('tool'))
  }, 400_000)

  // By one Podman is enough: that it makes no devices then is what our own script and pack.sh know, not Podman.
  if (process.env.CBI_NEWER_PODMAN === '1') return

  test('where mknod is refused, as without root, it is the same tree', async () => {
    const cwd = await room()
    const end = await runCli(words('without'), { cwd, env: withoutMknod(cwd, 'podman') })
    expect(outcomeOf(end).proven).toBe(true)
    expect(linesOf(end, 'bootstrap').join('\n')).toContain('this engine refuses mknod')
    expect(await listing('without')).toEqual(await listing('tool'))
  }, 400_000)
})
