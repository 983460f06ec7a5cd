import { randomBytes } from 'node:crypto'
import { query, removeContainer, type Client } from '../../run/clean-up/containers.ts'

/** What the engine says of an image. */
export interface InspectedImage {
  readonly id: string
  readonly arch: string
  readonly bytes: number
  readonly user: string
  /** The digests of its layers, the lowest first. */
  readonly layers: readonly string[]
  /** When it was made, in milliseconds since 1970; 0 when its notes don't say. */
  readonly created: number
}

/** How a container of the image ended, and what it printed. */
export interface RunOf {
  /** Null when it was still running after the time that it is given. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The learner's images, as an engine shows them. */
export interface ImageLook {
  /** Null when there is no image of that name. */
  readonly inspect: (image: string) => Promise<InspectedImage | null>
  /** Runs a container of it without network and removes it. */
  readonly run: (
    image: string,
    options: { readonly args?: readonly string[]; readonly env?: readonly string[] },
  ) => Promise<RunOf>
  /** The text of a file in it; null when there is none. */
  readonly file: (image: string, path: string) => Promise<string | null>
}

/** Seconds that a program of the learner's may take. */
const PATIENCE = 20

/** Returns a look at the images of an engine through its client. */
export const engineLook = (client: Client): ImageLook => ({
  inspect: async image => {
    const { exitCode, stdout } = await query(client, ['image', 'inspect', image])
    return exitCode === 0 ? inspected(JSON.parse(stdout) as unknown) : null
  },
  run: async (image, { args = [], env = [] }) => {
    const name = `create-base-image-check-${randomBytes(4).toString('hex')}`
    const options = ['--rm', '--name', name, '--network', 'none']
    const variables = env.flatMap(variable => ['--env', variable])
    const words = ['run', ...options, ...variables, image, ...args]
    const ended = await query(client, words, PATIENCE)
    if (ended.exitCode === null) await removeContainer(client, name)
    return ended
  },
  file: async (image, path) => fileIn(client, image, path),
})

const inspected = (answer: unknown): InspectedImage => {
  const [image] = answer as [Record<string, unknown>]
  const config = (image['Config'] ?? {}) as { User?: string }
  const root = (image['RootFS'] ?? {}) as Record<string, unknown>
  return {
    id: withAlgorithm(String(image['Id'])),
    arch: String(image['Architecture']),
    bytes: Number(image['Size']),
    user: config.User ?? '',
    layers: ((root['Layers'] ?? []) as string[]).map(withAlgorithm),
    created: Date.parse(String(image['Created'])) || 0,
  }
}

/** Podman leaves the algorithm out. */
const withAlgorithm = (digest: string): string =>
  digest.includes(':') ? digest : `sha256:${digest}`

/** A container that is never started shows the image's files; links are followed. */
const fileIn = async (client: Client, image: string, path: string): Promise<string | null> => {
  const name = `create-base-image-check-${randomBytes(4).toString('hex')}`
  const made = await query(client, ['create', '--name', name, image, 'nothing'])
  if (made.exitCode !== 0) return null
  try {
    const copied = await query(client, ['cp', '--follow-link', `${name}:${path}`, '-'])
    return copied.exitCode === 0 ? textInTar(copied.stdout) : null
  } finally {
    await removeContainer(client, name)
  }
}

const BLOCK = 512

/** `cp` to stdout gives a tar of the one file; our files are texts, so it is read as one. */
const textInTar = (tar: string): string => {
  const size = Number.parseInt(tar.slice(124, 136), 8)
  return Number.isNaN(size) ? '' : tar.slice(BLOCK, BLOCK + size)
}
