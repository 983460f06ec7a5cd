import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Event, StepFailed } from '../../src/run/events.ts'
import { describeEngine, docker, test } from './engine.ts'
import {
  canBootstrapHere,
  expectNothingLeft,
  linesOf,
  printedIn,
  quickBuilder,
  unprovenOf,
} from './full.ts'
import { ownMirror } from './full-mirrors.ts'
import {
  containersOf,
  eventsOf,
  newNames,
  outcomeOf,
  room,
  runCli,
  runOf,
  startCli,
  stepsDone,
  type CliEnd,
} from './run-cli.ts'

/** Nothing that is stopped may take longer, in milliseconds, however busy the machine is; the bench has the real times. */
const PATIENCE = 10_000

const says =
  (step: string, words: RegExp) =>
  (event: Event): boolean =>
    (event.type === 'output' && event.step === step && words.test(event.line)) ||
    (event.type === 'progress' && event.step === step && words.test(event.text ?? ''))

const midway =
  (step: string) =>
  (event: Event): boolean =>
    event.type === 'progress' && event.step === step && (event.fraction ?? 0) > 0.1

describeEngine('a full image that is stopped, spoilt or made again', () => {
  const names = newNames()
  let quick: string
  let home: string

  const words = (tag: string, ...more: string[]): string[] => [
    '--yes',
    '--json',
    ...(has(more, '--release') ? [] : ['--release=bullseye']),
    ...(has(more, '--builder') ? [] : [`--builder=${quick}`]),
    `--tag=${names.tag(tag)}`,
    ...more,
    'project',
  ]

  // The first of all, so that debootstrap has been put in the builder when the others run.
  beforeAll(async () => {
    quick = await quickBuilder(`${names.prefix}/quick:1`, names.prefix)
    home = await mkdtemp(join(tmpdir(), 'cbi-full-'))
    outcomeOf(await runCli(words('again'), { cwd: home }))
  }, 400_000)
  afterAll(async () => {
    await names.remove()
    await rm(home, { recursive: true, force: true })
  })

  test('it is made again when its name points elsewhere, when bootstrap.sh was changed, and by --force', async () => {
    const first = await idOf(names.tag('again'))
    await docker(['tag', 'ubuntu:20.04', names.tag('again')])
    const second = outcomeOf(await runCli(words('again'), { cwd: home }))
    expect(second.printed).toContain('VERSION_CODENAME=bullseye')
    expect(await idOf(names.tag('again'))).toBe(second.id)
    expect([first, await idOf('ubuntu:20.04')]).not.toContain(second.id)
    const script = join(home, 'project', 'bootstrap.sh')
    appendFileSync(script, 'echo mine >"$rootfs/etc/mine"\n')
    const third = await runCli(words('again'), { cwd: home })
    expect(stepsDone(third)).toContain('bootstrap')
    expect(await printedIn(names.tag('again'), ['cat', '/etc/mine'])).toBe('mine')
    await expectNothingLeft(third, join(home, 'project'))
    const forced = await runCli([...words('again'), '--force'], { cwd: home })
    expect(stepsDone(forced)).toContain('bootstrap')
    expect(outcomeOf(forced).id).not.toBe(outcomeOf(third).id)
    await docker(['image', 'rm', first, second.id, outcomeOf(third).id])
  }, 400_000)

  test('one that does not hold when looked at deeply stays, and is only looked at again', async () => {
    const cwd = await room()
    // What apt says must not be of a network that is not there.
    const near = `--mirror=${ownMirror()}`
    const end = await runCli(words('spoilt', near, '--verify', '--include=spoilt'), { cwd })
    expect(end.exitCode).toBe(1)
    expect(failureOf(end).step).toBe('verify')
    expect(linesOf(end, 'verify').join('\n')).toMatch(/E: failed:  every file[^]*\/usr\/bin\/sdiff/)
    expect((await docker(['image', 'inspect', names.tag('spoilt')])).exitCode).toBe(0)
    await expectNothingLeft(end, join(cwd, 'project'))
    const again = await runCli(words('spoilt', near, '--verify', '--include=spoilt'), { cwd })
    expect(failureOf(again).step).toBe('verify')
    expect(stepsDone(again)).not.toContain('bootstrap')
  }, 400_000)

  test.for<readonly [string, boolean, (event: Event) => boolean]>([
    ['while debootstrap is put in the builder', true, says('debootstrap', /^Unpacking/)],
    ['while debootstrap works', false, says('bootstrap', /COPY|copy|bootstrap/i)],
    ['while it is imported', false, midway('import')],
  ])('Ctrl-C %s leaves nothing behind', { timeout: 400_000 }, async ([, fresh, moment]) => {
    const cwd = await room()
    const builder = fresh ? [`--builder=${await names.builder('fresh')}`] : []
    const cli = startCli(words('stopped', ...builder), { cwd })
    await cli.event(moment)
    const began = performance.now()
    cli.kill('SIGINT')
    const end = await cli.ended
    expect(performance.now() - began).toBeLessThan(PATIENCE)
    expect(end, end.stdout.slice(-2000)).toMatchObject({ exitCode: 130, stderr: '' })
    expect(eventsOf(end, 'stopped').map(({ clean }) => clean)).toEqual([false, true])
    expect(eventsOf(end, 'step-failed')).toEqual([])
    expect(readdirSync(cwd)).toEqual([])
    await expectNothingLeft(end, null)
    await staysAway(end)
  })

  test('after SIGTERM in the import nothing stays but the folder, unfinished', async () => {
    const cwd = await room()
    const cli = startCli(words('terminated'), { cwd })
    await cli.event(midway('import'))
    const began = performance.now()
    cli.kill('SIGTERM')
    const end = await cli.ended
    expect(performance.now() - began).toBeLessThan(PATIENCE)
    expect(end).toMatchObject({ exitCode: 143, stderr: '' })
    await expectNothingLeft(end, join(cwd, 'project'))
    await staysAway(end)
    expect(finished(cwd)).toBe(false)
  }, 400_000)

  test('the next run removes what a killed one left: a container, or an image without a proof', async () => {
    const cwd = await room()
    const first = startCli(words('killed'), { cwd })
    await first.event(midway('import'))
    first.kill('SIGKILL')
    const inImport = await first.ended
    expect(await containersOf(runOf(inImport))).toHaveLength(1)

    const second = startCli(words('killed'), { cwd })
    await second.started('run')
    second.kill('SIGKILL')
    const inProof = await second.ended
    expect(await containersOf(runOf(inImport))).toEqual([])
    expect(await unprovenOf(runOf(inProof))).not.toBe('')

    const third = await runCli(words('killed'), { cwd })
    expect(outcomeOf(third).proven).toBe(true)
    await expectNothingLeft(inProof, null)
    expect(finished(cwd)).toBe(true)
    await expectNothingLeft(third, join(cwd, 'project'))
  }, 400_000)

  test.skipIf(!canBootstrapHere())(
    'Ctrl-C while root bootstraps on this machine leaves no mount and no file (needs root and debootstrap)',
    async () => {
      const cwd = await room()
      const more = ['--bootstrap=host', `--mirror=${ownMirror()}`, '--release=bookworm']
      const cli = startCli(words('root', ...more), { cwd })
      await cli.event(says('bootstrap', /^Unpacking/))
      const began = performance.now()
      cli.kill('SIGINT')
      const end = await cli.ended
      expect(performance.now() - began).toBeLessThan(PATIENCE)
      expect(end.exitCode).toBe(130)
      expect(readdirSync(cwd)).toEqual([])
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(cwd)
    },
    240_000,
  )
})

const has = (words: readonly string[], flag: string): boolean =>
  words.some(word => word.startsWith(`${flag}=`))

const idOf = async (image: string): Promise<string> =>
  (await docker(['image', 'inspect', '--format', '{{.Id}}', image])).stdout

const finished = (cwd: string): boolean => {
  const state = join(cwd, 'project', '.create-base-image', 'state.json')
  expect(existsSync(state)).toBe(true)
  return (JSON.parse(readFileSync(state, 'utf8')) as { finished: boolean }).finished
}

/** An engine may still have been working on an import when its client went. */
const staysAway = async (end: CliEnd): Promise<void> => {
  await new Promise(resolve => setTimeout(resolve, 3000))
  await expectNothingLeft(end, null)
}

const failureOf = (end: CliEnd): StepFailed => {
  const [failure] = eventsOf(end, 'step-failed')
  expect(failure, end.stdout.slice(-2000) + end.stderr).toBeDefined()
  return failure!
}
