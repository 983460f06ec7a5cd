import { UNPROVEN_NAME } from '../../plan/names.ts'
import { ask, type Client } from './containers.ts'
import { runState } from '../process/run-id.ts'

/** Removes the images of runs on this machine that died before they were proven. Returns their number. */
export const sweepUnproven = async (client: Client): Promise<number> => {
  const listed = await ask(client, [
    'images',
    '--format',
    '{{.Repository}} {{.Tag}}',
    UNPROVEN_NAME,
  ])
  const dead = listed.stdout
    .split('\n')
    .map(line => line.split(' ')[1] ?? '')
    .filter(run => run !== '' && runState(run) === 'dead')
  await Promise.all(dead.map(run => ask(client, ['rmi', `${UNPROVEN_NAME}:${run}`], 60)))
  return dead.length
}
