import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { clients, describeEngine, docker, test } from './engine.ts'
import { expectNothingLeft, printedIn } from './full.ts'
import { eventsOf, newNames, outcomeOf, room, runCli, runOf } from './run-cli.ts'
import { ubuntuMirror, type UbuntuMirror } from './ubuntu-mirror.ts'

describeEngine('a full image of our own making', () => {
  const names = newNames()
  let mirror: UbuntuMirror
  beforeAll(async () => {
    mirror = await ubuntuMirror()
  }, 300_000)
  afterAll(async () => {
    await names.remove()
    await mirror?.close()
  })

  const words = (tag: string, ...more: string[]): string[] => [
    '--yes',
    '--json',
    '--release=focal',
    '--bootstrap=built-in',
    `--mirror=${mirror.url}`,
    `--keyring=${mirror.keyring}`,
    `--tag=${names.tag(tag)}`,
    ...more,
    tag,
  ]

  test('it is proven, has one ID under two names, and is not made again without need', async () => {
    const cwd = await room()
    const include = '--include=hello-include'
    const first = await runCli(words('first', include), { cwd })
    const outcome = outcomeOf(first)
    expect(outcome.printed).toContain('DISTRIB_CODENAME=focal\n')
    expect(outcome).toMatchObject({ proven: true, same: outcome.id })
    expect(outcome.packages?.total).toBeGreaterThan(80)
    expect(await printedIn(names.tag('first'), ['hello-include'])).toContain('included')
    expect(await printedIn(names.tag('first'), ['dpkg', '--audit'])).toBe('')
    await expectNothingLeft(first, join(cwd, 'first'))

    expect(outcomeOf(await runCli(words('second', include), { cwd })).id).toBe(outcome.id)

    const asked = mirror.requests().length
    const again = await runCli(words('first', include), { cwd })
    expect(eventsOf(again, 'step-skipped').map(({ step }) => step)).toEqual([
      'make',
      'load',
      'name',
    ])
    expect(outcomeOf(again)).toMatchObject({ id: outcome.id, packages: outcome.packages })
    // One signed index for each suite, and nothing else.
    expect(mirror.requests().slice(asked).toSorted()).toEqual([
      '/ubuntu/dists/focal-security/InRelease',
      '/ubuntu/dists/focal-updates/InRelease',
      '/ubuntu/dists/focal/InRelease',
    ])
  }, 400_000)

  test('what the real dpkg refuses is made by debootstrap, which is said', async () => {
    const cwd = await room()
    const env = refusingConfigure(cwd)
    const usual = words('fallen').filter(word => word !== '--bootstrap=built-in')
    const end = await runCli(usual, { cwd, env })
    expect(end.exitCode, end.stdout.slice(-2000)).toBe(0)
    expect(end.stderr).toContain('debootstrap makes the image now')
    expect(eventsOf(end, 'step-failed')).toMatchObject([
      { step: 'make', remedy: { code: 'configure-failed' } },
    ])
    expect(eventsOf(end, 'outcome')[0]!.printed).toContain('DISTRIB_CODENAME=focal\n')
    await expectNothingLeft(end, join(cwd, 'fallen'))
  }, 400_000)

  test('a package that is not there is named, and nothing is left', async () => {
    const cwd = await room()
    const end = await runCli(words('lacking', '--include=hello-includ'), { cwd })
    expect(end.exitCode).toBe(1)
    const [failure] = eventsOf(end, 'step-failed')
    expect(failure).toMatchObject({ step: 'make' })
    expect(`${failure!.message} ${failure!.remedy?.todo.join(' ')}`).toContain('hello-include')
    await expectNothingLeft(end, join(cwd, 'lacking'))
    const staged = `create-base-image/staged:${runOf(end)}`
    expect((await docker(['images', '--quiet', staged])).stdout).toBe('')
  }, 400_000)
})

/** An environment whose client does not start the first container that it would, which is the one that configures. */
const refusingConfigure = (folder: string): NodeJS.ProcessEnv => {
  const bin = join(folder, '.bin')
  mkdirSync(bin)
  const mark = join(bin, 'refused')
  const refusal = `[ "$1" != start ] || [ -e '${mark}' ] || { touch '${mark}'; exit 1; }`
  const script = `#!/bin/sh\n${refusal}\nexec '${clients()[0]!.path}' "$@"\n`
  writeFileSync(join(bin, 'docker'), script, { mode: 0o755 })
  return { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) }
}
