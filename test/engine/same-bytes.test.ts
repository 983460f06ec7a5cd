import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { clients, describeEngine, docker, test, withClient } from './engine.ts'
import { eventsOf, newNames, outcomeOf, room, runCli, type CliEnd } from './run-cli.ts'

const doors = clients().flatMap(client => [
  [client.label, withClient(client, { ...process.env, DOCKER_BUILDKIT: undefined })] as const,
])

describeEngine('what is shown is what runs', () => {
  const names = newNames()
  afterAll(() => names.remove())

  test.for(doors)(
    '%s: the shown commands, typed by hand, give the same bytes',
    { timeout: 300_000 },
    async ([, env]) => {
      const cwd = await room()
      const tag = names.tag('same')
      // A program that the engine has never seen, because a layer in its cache has the time of another file.
      writeFileSync(join(cwd, 'mine.c'), sourceOf(randomUUID()))
      const builder = ['--compile-in', 'container', '--builder', await names.builder('same-bytes')]
      const all = [...builder, '--program', 'mine.c', '--tag', tag, 'project']
      const planned = await runCli([...all, '--plan'], { cwd, env })
      const end = await runCli([...all, '--yes', '--json'], { cwd, env })
      outcomeOf(end)
      for (const step of ['compile', 'build', 'run'])
        expect(planned.stdout).toContain(asPlanned(commandOf(end, step)))

      const [ours, byHand] = [join(cwd, 'project'), join(cwd, 'by-hand')]
      cpSync(ours, byHand, { recursive: true, preserveTimestamps: true })
      rmSync(join(byHand, 'mine'))
      expect(type(commandOf(end, 'compile'), byHand, env)).toMatchObject({ status: 0 })
      expect(readFileSync(join(byHand, 'mine'))).toEqual(readFileSync(join(ours, 'mine')))

      // The layer holds the time of the file, so the build by hand takes the file that our build took.
      cpSync(join(ours, 'mine'), join(byHand, 'mine'), { preserveTimestamps: true })
      const layers = await layersOf(tag)
      expect(layers).toHaveLength(1)
      await docker(['image', 'rm', tag])
      // Without this the engine would answer from its cache, whatever the command says.
      const build = commandOf(end, 'build').replace('docker build ', 'docker build --no-cache ')
      expect(type(build, byHand, env)).toMatchObject({ status: 0 })
      expect(await layersOf(tag)).toEqual(layers)
      expect(type(commandOf(end, 'run'), byHand, env).stdout).toBe(outcomeOf(end).printed)
    },
  )
})

const sourceOf = (text: string): string =>
  `#include <stdio.h>\nint main(void) { puts("${text}"); }\n`

const commandOf = (end: CliEnd, step: string): string =>
  eventsOf(end, 'step-started').find(event => event.step === step)?.commands[0] ?? ''

/** Before the builder is prepared its name ends in dots. */
const asPlanned = (command: string): string =>
  command.replace(/(create-base-image\/compiler:)[0-9a-f]{12}/, '$1…')

const type = (command: string, cwd: string, env: NodeJS.ProcessEnv) =>
  spawnSync('sh', ['-c', command], { cwd, env, encoding: 'utf8' })

const layersOf = async (image: string): Promise<readonly string[]> => {
  const { stdout } = await docker([
    'image',
    'inspect',
    '--format',
    '{{json .RootFS.Layers}}',
    image,
  ])
  return JSON.parse(stdout) as string[]
}
