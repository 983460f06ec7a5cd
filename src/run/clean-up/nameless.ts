import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { OURS } from '../project/lock.ts'
import { query, type Client } from './containers.ts'

/** An image without a name, by its ID. */
export interface Nameless {
  readonly id: string
  readonly bytes: number
}

/**
 * The prepared builders that lost their name to another run's. An image that somebody made from one inherits its
 * label, so that only those count whose last layer is what we install.
 */
export const namelessBuilders = async (client: Client): Promise<Nameless[]> => {
  const filters = ['label=create-base-image.role', 'dangling=true']
  const words = ['images', ...filters.flatMap(filter => ['--filter', filter])]
  const { stdout } = await query(client, [...words, '--no-trunc', '--format', '{{.ID}}'])
  const ids = [...new Set(stdout.split('\n').filter(id => id !== ''))]
  const ours = await Promise.all(ids.map(id => isInstalled(client, id)))
  return sized(
    client,
    ids.filter((_, at) => ours[at]),
  )
}

/** The text that only our installing of packages has. */
const INSTALLING = 'force-unsafe-io'

const isInstalled = async (client: Client, id: string): Promise<boolean> => {
  const words = ['history', '--no-trunc', '--format', '{{.CreatedBy}}', id]
  const { stdout } = await query(client, words)
  return stdout.split('\n')[0]?.includes(INSTALLING) === true
}

/** The images that project folders in `parent`, or it itself, took the name of, and that have none now. */
export const replacedImages = async (client: Client, parent: string): Promise<Nameless[]> => {
  const found = await sized(client, [...new Set(projectsIn(parent).flatMap(replacedIn))])
  const nameless = await Promise.all(found.map(({ id }) => hasNoName(client, id)))
  return found.filter((_, at) => nameless[at])
}

const projectsIn = (parent: string): string[] => {
  try {
    return [parent, ...readdirSync(parent).map(name => join(parent, name))]
  } catch {
    return []
  }
}

/** More than this no state of ours has. */
const MOST_BYTES = 10_000_000

const replacedIn = (folder: string): string[] => {
  const path = join(folder, OURS, 'state.json')
  try {
    if (!existsSync(path) || !statSync(path).isFile() || statSync(path).size > MOST_BYTES) return []
    const { replaced } = JSON.parse(readFileSync(path, 'utf8')) as { replaced?: unknown }
    return Array.isArray(replaced) ? replaced.filter(isId) : []
  } catch {
    return []
  }
}

/** What a folder says becomes a word of a command, so that it must be an ID and nothing else. */
const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:sha256:)?[0-9a-f]{64}$/.test(value)

const hasNoName = async (client: Client, id: string): Promise<boolean> => {
  const words = ['image', 'inspect', '--format', '{{len .RepoTags}}', id]
  return (await query(client, words)).stdout.trim() === '0'
}

const sized = async (client: Client, ids: readonly string[]): Promise<Nameless[]> => {
  const all = await Promise.all(
    ids.map(async id => {
      const words = ['image', 'inspect', '--format', '{{.Size}}', id]
      const { exitCode, stdout } = await query(client, words)
      return exitCode === 0 ? [{ id, bytes: Number(stdout.trim()) }] : []
    }),
  )
  return all.flat()
}
