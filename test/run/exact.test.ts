import { expect, test } from 'vitest'
import type { ContainerStage, Stage, Step } from '../../src/plan/types.ts'
import type { RunContext } from '../../src/run/context.ts'
import { containerName, exactCommands } from '../../src/run/exact.ts'

const CONTAINER: ContainerStage = {
  kind: 'container',
  client: 'docker',
  options: ['--network', 'none'],
  image: 'ubuntu:20.04',
  command: ['work'],
}

const stepOf = (pipeline: readonly Stage[]): Step => ({
  id: 'run',
  title: '',
  why: '',
  pipeline,
  to: { kind: 'log' },
  reader: 'lines',
})

const exact = (...pipeline: Stage[]): string[][] =>
  exactCommands(stepOf(pipeline), {
    values: new Map([['builder.id', 'sha256:1']]),
    runId: 'run-1',
    keptContainers: new Map([['earlier', 'kept-id']]),
  } as unknown as RunContext)

const NAME = 'create-base-image-run-1-run-0'
const CREATE = [
  'docker',
  'create',
  '--name',
  NAME,
  '--label',
  'create-base-image=run-1',
  '--log-driver',
  'none',
  '--init',
  '--network',
  'none',
  'ubuntu:20.04',
  'work',
]
const START = ['docker', 'start', '--attach', NAME]
const REMOVE = ['docker', 'rm', '--force', '--volumes', NAME]

test('a container is made, started and removed, by a name that tells its run, step and place', () => {
  expect(exact(CONTAINER)).toEqual([CREATE, START, REMOVE])
  const second: ContainerStage = { ...CONTAINER, command: ['more'] }
  expect(containerName(stepOf([CONTAINER, second]), second, 'run-1')).toBe(
    'create-base-image-run-1-run-1',
  )
})

test('files are put into it before it starts, and what is kept is kept before it goes', () => {
  const copies = [{ file: 'a', to: '/a' }]
  const keepAs = { image: 'kept:1', changes: [] }
  const words = exact({ ...CONTAINER, copies, keepAs }).map(([, word, ...rest]) => [
    word,
    rest.at(-1),
  ])
  expect(words).toEqual([
    ['create', 'work'],
    ['cp', `${NAME}:/a`],
    ['start', NAME],
    ['commit', 'kept:1'],
    ['rm', NAME],
  ])
})

test('one that stays is not removed, and one of an earlier step is only started', () => {
  expect(exact({ ...CONTAINER, keptForLater: true })).toEqual([CREATE, START])
  expect(exact({ ...CONTAINER, restarts: 'earlier' })).toEqual([
    ['docker', 'start', '--attach', 'kept-id'],
  ])
  expect(exact({ ...CONTAINER, restarts: 'unknown' })).toEqual([START])
})

test('work of ours is told by its equivalent, and not at all where there is none', () => {
  const craft = {
    kind: 'craft',
    craft: 'make-tmp',
    input: { folder: 'files/tmp', keptBy: '.keep' },
  } as const
  expect(exact({ ...craft, shown: ['mkdir', 'tmp'] })).toEqual([['mkdir', 'tmp']])
  expect(exact({ ...craft, shown: [] })).toEqual([])
})

test('commands are told with the harness and with what was learnt, a text of root’s by its file', () => {
  const learnt = { stem: '', learnt: 'builder.id', plain: 'BUILDER' }
  const command = { kind: 'command', program: 'docker', args: ['tag', learnt, 'x'] } as const
  expect(exact({ ...command, harness: ['--quiet'] })).toEqual([
    ['docker', 'tag', '--quiet', 'sha256:1', 'x'],
  ])
  const root = { kind: 'root', sudo: true, below: 'rootfs', args: ['sh', 'own.sh', 'a'] } as const
  const told = exact({ ...root, asset: 'own.sh' })[0]!
  expect(told.slice(0, 3)).toEqual(['sudo', '-n', '--'])
  expect(told.slice(-6)).toEqual(['rootfs', 'sh', '-c', '(the text of own.sh)', 'sh', 'a'])
  expect(exact(root)[0]!.slice(-4)).toEqual(['rootfs', 'sh', 'own.sh', 'a'])
  const pull = { kind: 'pull', client: 'docker', image: 'ubuntu:20.04', platform: null } as const
  expect(exact(pull)).toEqual([
    ['docker', 'system', 'dial-stdio'],
    ['docker', 'pull', 'ubuntu:20.04'],
  ])
})
