import { STAGE_NAME } from '../../plan/names.ts'
import { query, labelledContainers, removeContainer, type Client } from './containers.ts'
import { namelessBuilders, replacedImages, type Nameless } from './nameless.ts'
import { runState } from '../process/run-id.ts'
import { unprovenImages } from './unproven.ts'

/** A thing in an engine that `clean` may remove. */
export interface Found {
  /** Containers of dead runs, their images without a proof, builders with and without a name, unpacked packages, images that were replaced. */
  readonly kind: 'container' | 'unproven' | 'builder' | 'stage' | 'nameless-builder' | 'replaced'
  /** A name or an ID. */
  readonly what: string
  /** As the engine counts them; null for a container. */
  readonly bytes: number | null
}

/** What is there of ours in an engine. */
export interface Findings {
  readonly found: readonly Found[]
  /** Containers of runs that live, and, without `force`, of other machines. */
  readonly kept: readonly string[]
}

/** Looks for what `clean` may remove. `folder` is where project folders are looked for. Removes nothing. */
export const findInEngine = async (
  client: Client,
  folder: string,
  force: boolean,
): Promise<Findings> => {
  const containers = (await labelledContainers(client)) ?? []
  const isDoomed = ({ run }: { readonly run: string }): boolean =>
    runState(run) === 'dead' || (force && runState(run) === 'other')
  const [unproven, builders, nameless, replaced] = await Promise.all([
    unprovenImages(client),
    preparedBuilders(client),
    namelessBuilders(client),
    replacedImages(client, folder),
  ])
  return {
    found: [
      ...containers
        .filter(isDoomed)
        .map(({ id }) => ({ kind: 'container' as const, what: id, bytes: null })),
      ...unproven.map(what => ({ kind: 'unproven' as const, what, bytes: null })),
      ...nameless.map(asFound('nameless-builder')),
      ...replaced.map(asFound('replaced')),
      ...builders.map(({ name, bytes }) => ({
        kind: name.startsWith(`${STAGE_NAME}:`) ? ('stage' as const) : ('builder' as const),
        what: name,
        bytes,
      })),
    ],
    kept: containers.filter(one => !isDoomed(one)).map(({ id }) => id),
  }
}

const asFound =
  (kind: Found['kind']) =>
  ({ id, bytes }: Nameless): Found => ({ kind, what: id, bytes })

/** Removes these things. Returns those that are gone: an image that a container uses stays. */
export const removeFound = async (client: Client, doomed: readonly Found[]): Promise<Found[]> => {
  const gone: Found[] = []
  // An image can't be removed while a container of it is there.
  for (const kind of ['container', 'image'] as const) {
    const due = doomed.filter(one => (one.kind === 'container') === (kind === 'container'))
    const ends = await Promise.all(due.map(one => removeOne(client, one)))
    gone.push(...due.filter((_, at) => ends[at]))
  }
  return gone
}

const removeOne = async (client: Client, { kind, what }: Found): Promise<boolean> => {
  if (kind === 'container') return removeContainer(client, what)
  const { exitCode, stderr } = await query(client, ['rmi', what], 60)
  return exitCode === 0 || /no such image|image not known/i.test(stderr)
}

const preparedBuilders = async (client: Client): Promise<{ name: string; bytes: number }[]> => {
  const listed = await query(client, [
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
    const { stdout } = await query(client, ['image', 'inspect', '--format', '{{.Size}}', name])
    return { name, bytes: Number(stdout.trim()) }
  })
  return Promise.all(sized)
}
