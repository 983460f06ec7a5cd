import { ask, labelledContainers, removeContainer, type Client } from './containers.ts'
import { runState } from '../process/run-id.ts'
import { sweepUnproven } from './unproven.ts'

/** What `clean` did. */
export interface Cleaned {
  readonly removed: number
  readonly kept: number
  readonly builders: readonly { readonly name: string; readonly bytes: number }[]
  readonly buildersRemoved: boolean
}

/** Removes containers of dead runs (with `force` also those of other machines) and, when asked, prepared builders. */
export const cleanEngine = async (
  client: Client,
  { builders, force }: { readonly builders: boolean; readonly force: boolean },
): Promise<Cleaned> => {
  const found = (await labelledContainers(client)) ?? []
  const doomed = found.filter(
    ({ run }) => runState(run) === 'dead' || (force && runState(run) === 'other'),
  )
  const gone = await Promise.all(doomed.map(({ id }) => removeContainer(client, id)))
  await sweepUnproven(client)
  const prepared = await preparedBuilders(client)
  if (builders) await Promise.all(prepared.map(({ name }) => ask(client, ['rmi', name], 60)))
  const removed = gone.filter(Boolean).length
  return { removed, kept: found.length - removed, builders: prepared, buildersRemoved: builders }
}

const preparedBuilders = async (client: Client): Promise<{ name: string; bytes: number }[]> => {
  const listed = await ask(client, [
    'images',
    '--format',
    '{{.Repository}}:{{.Tag}}',
    '--filter',
    'label=create-base-image.role',
  ])
  // Podman says where its names come from, and takes them without that.
  const all = listed.stdout.split('\n').map(name => name.replace(/^localhost\//, ''))
  const names = all.filter(name => name.startsWith('create-base-image/'))
  const sized = names.map(async name => {
    const { stdout } = await ask(client, ['image', 'inspect', '--format', '{{.Size}}', name])
    return { name, bytes: Number(stdout.trim()) }
  })
  return Promise.all(sized)
}
