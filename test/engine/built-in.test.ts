import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeEngine, docker, test } from './engine.ts'
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
