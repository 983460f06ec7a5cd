import { STAGED_NAME, UNPROVEN_NAME } from '../../plan/names.ts'
import { query, type Client } from './containers.ts'
import { runState } from '../process/run-id.ts'

/** The images of runs on this machine that died before they were proven, by name. */
export const unprovenImages = async (client: Client): Promise<string[]> =>
  (await Promise.all([UNPROVEN_NAME, STAGED_NAME].map(name => deadOf(name, client)))).flat()

const deadOf = async (name: string, client: Client): Promise<string[]> => {
  const listed = await query(client, ['images', '--format', '{{.Repository}} {{.Tag}}', name])
  return listed.stdout
    .split('\n')
    .map(line => line.split(' ')[1] ?? '')
    .filter(run => run !== '' && runState(run) === 'dead')
    .map(run => `${name}:${run}`)
}

/** Removes the images of runs on this machine that died before they were proven. Returns their number. */
export const sweepUnproven = async (client: Client): Promise<number> => {
  const dead = await unprovenImages(client)
  await Promise.all(dead.map(name => query(client, ['rmi', name], 60)))
  return dead.length
}
