import { expect, onTestFinished, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { openRecorder, type Fault, type Recorder } from '../../recorder/recorder.ts'
import { forget, namesOf, remember } from '../../../src/run/clean-up/alive.ts'
import {
  clientOf,
  labelledContainers,
  removeContainer,
  sweepDeadRuns,
  type Client,
} from '../../../src/run/clean-up/containers.ts'
import { sweepUnproven, unprovenImages } from '../../../src/run/clean-up/unproven.ts'
import { newRunId } from '../../../src/run/process/run-id.ts'
import { engine, facts, noEngine } from '../../plan/minimal/inputs.ts'

const [machine] = newRunId().split('-')
const LIVING = `${machine}-${process.ppid}-00000001`
const DEAD = `${machine}-4194305-00000002`
const ELSEWHERE = '00000000-1-00000003'

const clientIn = ({ folder, env }: Recorder, program = 'docker'): Client => ({
  program,
  cwd: folder,
  env,
})

/** Removes a container while the client says this of it so often; gives the answer and how often it was asked. */
const removed = async (stderr: string, times: number) => {
  const faults: Fault[] = [{ to: 'rm', times, exitCode: 1, stderr }]
  const recorder = openRecorder({ faults })
  recorder.left('one', DEAD)
  remember('one', { kind: 'container', name: 'one', run: DEAD })
  onTestFinished(() => forget('one'))
  const gone = await removeContainer(clientIn(recorder), 'one')
  return { gone, asked: recorder.asked('rm').length, known: namesOf('container', DEAD).length }
}

test('a removal that another one is in the way of is tried three times, and no other', async () => {
  const BUSY = 'removal of container one is already in progress'
  expect(await removed(BUSY, 2)).toEqual({ gone: true, asked: 3, known: 0 })
  expect(await removed(BUSY, 9)).toEqual({ gone: false, asked: 3, known: 1 })
  expect(await removed('Conflict: it is paused', 1)).toEqual({ gone: true, asked: 2, known: 0 })
  expect(await removed('device or resource busy', 1)).toEqual({ gone: false, asked: 1, known: 1 })
  expect(await removed('Error: No such container: one', 1)).toEqual({
    gone: true,
    asked: 1,
    known: 0,
  })
})

test('a container is removed with its volumes, also while it runs', async () => {
  const recorder = openRecorder()
  recorder.left('one', DEAD, 'running')
  expect(await removeContainer(clientIn(recorder), 'one')).toBe(true)
  expect(recorder.asked('rm')[0]!.argv).toEqual(['rm', '--force', '--volumes', 'one'])
})

test('containers are told with the run in their label, those without one are nobody’s', async () => {
  for (const program of ['docker', 'podman']) {
    const recorder = openRecorder()
    recorder.left('1', LIVING, 'running')
    recorder.left('2', DEAD)
    // Of an image that was made of a container of ours.
    recorder.left('3', '')
    const client = clientIn(recorder, program)
    expect(await labelledContainers(client)).toEqual([
      { id: '1', run: LIVING },
      { id: '2', run: DEAD },
    ])
    expect(await labelledContainers(client, DEAD)).toEqual([{ id: '2', run: DEAD }])
    expect(recorder.asked('ps').map(({ seconds }) => seconds)).toEqual([10, 10])
  }
  const silent = openRecorder({ faults: [{ to: 'ps', exitCode: 1, stdout: `1 ${DEAD}\n` }] })
  expect(await labelledContainers(clientIn(silent))).toBeNull()
})

test('of the containers those of dead runs go, and their number is told', async () => {
  const recorder = openRecorder()
  recorder.left('1', LIVING)
  recorder.left('2', DEAD)
  recorder.left('3', ELSEWHERE)
  recorder.left('4', DEAD, 'running')
  expect(await sweepDeadRuns(clientIn(recorder))).toBe(2)
  expect(recorder.containers().map(({ id }) => id)).toEqual(['1', '3'])
  const silent = openRecorder({ faults: [{ to: 'ps', exitCode: 1 }] })
  expect(await sweepDeadRuns(clientIn(silent))).toBe(0)
})

test('images of dead runs that were never proven, or only staged, go by their names', async () => {
  const recorder = openRecorder()
  const NAMES = ['create-base-image/unproven', 'create-base-image/staged']
  for (const name of NAMES)
    for (const run of [LIVING, DEAD, ELSEWHERE]) recorder.engine.image(`${name}:${run}`)
  recorder.engine.image(`mine:${DEAD}`)
  const client = clientIn(recorder)
  expect(await unprovenImages(client)).toEqual(NAMES.map(name => `${name}:${DEAD}`))
  expect(await sweepUnproven(client)).toBe(2)
  expect(recorder.asked('rmi').map(({ seconds }) => seconds)).toEqual([60, 60])
  expect(recorder.images()).toEqual([
    'ubuntu:20.04',
    ...NAMES.flatMap(name => [`${name}:${LIVING}`, `${name}:${ELSEWHERE}`]),
    `mine:${DEAD}`,
  ])
})

test('the client is that of the engine, and docker where there is none', () => {
  const env = { A: 'b' }
  const podman = facts({ engine: { ...engine, client: 'podman' } })
  expect(clientOf({ facts: podman, env })).toEqual({ program: 'podman', cwd: process.cwd(), env })
  expect(clientOf({ facts: facts(noEngine), env }).program).toBe('docker')
})
