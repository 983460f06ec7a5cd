import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeEngine, docker, test } from './engine.ts'
import { expectNothingLeft, printedIn } from './full.ts'
import { eventsOf, newNames, outcomeOf, room, runCli, runOf } from './run-cli.ts'
import { debMirror, type DebMirror } from './deb-mirror.ts'

describeEngine('a full image of our own making', () => {
  const names = newNames()
  let mirror: DebMirror
  beforeAll(async () => {
    mirror = await debMirror('ubuntu')
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
    const inFirst = (name: string): string => readFileSync(join(cwd, 'first', name), 'utf8')
    for (const file of ['packages.lock', 'sbom.spdx.json', 'sbom.cdx.json'])
      expect(
        JSON.parse(inFirst(file)).packages ?? JSON.parse(inFirst(file)).components,
      ).toContainEqual(expect.objectContaining({ name: 'hello-include' }))

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

    // A lock says all that decides the packages, and asks for no index.
    const before = mirror.requests().length
    const keys = `--keyring=${mirror.keyring}`
    const lockedWords = (tag: string, lock: string): string[] => [
      '--yes',
      '--json',
      keys,
      `--locked=${lock}`,
      `--tag=${names.tag(tag)}`,
      tag,
    ]
    const lock = join('first', 'packages.lock')
    // Another name is no part of it, nor is what the engine has kept unpacked.
    const quick = await runCli(lockedWords('locked', lock), { cwd })
    const locked = outcomeOf(quick)
    expect(quick.stdout).toContain('take the packages that are unpacked here already')
    expect(locked).toMatchObject({ id: outcome.id, packages: outcome.packages })
    expect(
      mirror
        .requests()
        .slice(before)
        .filter(path => /dists|\.deb$/.test(path)),
    ).toEqual([])
    const other = await runCli(['--include=hello-plain', ...lockedWords('other', lock)], { cwd })
    expect(eventsOf(other, 'step-failed')[0]!.message).toContain(
      'include is hello-include in the lock, and hello-plain here',
    )

    // What has changed since the lock that was there is told.
    const older = inFirst('packages.lock').replace(
      /("name":"hello-include","version":)"[^"]*"/,
      '$1"0.1"',
    )
    writeFileSync(join(cwd, 'first', 'packages.lock'), older)
    const anew = outcomeOf(await runCli(words('first', include, '--force'), { cwd }))
    expect(anew.id).toBe(outcome.id)
    expect(anew.changes?.newer.map(({ name, from }) => [name, from])).toEqual([
      ['hello-include', '0.1'],
    ])
    expect(anew.hints).toEqual(['packages.lock stays as you changed it.'])

    // The image that is here needs no mirror.
    const env = { ...process.env, http_proxy: 'http://127.0.0.1:9', no_proxy: '' }
    const alone = outcomeOf(await runCli(words('first', include), { cwd, env }))
    expect(alone).toMatchObject({ id: outcome.id, proven: true })
    expect(alone.packages?.unasked).toContain('refused the connection')
    await docker(['image', 'rm', '--force', names.tag('first')])
    const gone = await runCli(words('first', include), { cwd, env })
    expect(eventsOf(gone, 'step-failed')[0]).toMatchObject({ step: 'make' })
  }, 600_000)
})
