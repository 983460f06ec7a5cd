import { STAGE_NAME } from '../../plan/names.ts'
import { query, type Client } from '../clean-up/containers.ts'

/** How many an engine keeps: about 120 MB each, more with many packages. */
const MOST_KEPT = 3

/** The label by which `clean` finds what makes the next run fast. */
export const STAGE_LABEL = 'create-base-image.role=stage'

/**
 * Returns the ID of the unpacked packages that an engine has kept under a key, or null. Never throws. By its ID an
 * image that has gone meanwhile is missed, and never looked for at a registry.
 */
export const keptStage = async (client: Client, key: string): Promise<string | null> => {
  const words = ['image', 'inspect', '--format', '{{.Id}}', nameOf(key)]
  const { exitCode, stdout } = await query(client, words)
  return exitCode === 0 ? (/[0-9a-f]{64}/.exec(stdout)?.[0] ?? null) : null
}

/** Keeps an image of unpacked packages under a key, and lets the oldest of the others go. Never throws. */
export const keepStage = async (client: Client, image: string, key: string): Promise<void> => {
  // Another run may have been quicker; what it keeps would lose its name.
  if ((await keptStage(client, key)) !== null) return
  await query(client, ['tag', image, nameOf(key)])
  const { stdout } = await query(client, [
    'images',
    '--filter',
    `label=${STAGE_LABEL}`,
    '--format',
    '{{.Repository}}:{{.Tag}}',
  ])
  const kept = stdout.split('\n').filter(name => name.includes(`${STAGE_NAME}:`))
  // Engines list the newest first, and refuse to remove one that another run works with.
  for (const name of kept.slice(MOST_KEPT)) await query(client, ['rmi', name], 60)
}

const nameOf = (key: string): string => `${STAGE_NAME}:${key.slice(0, 32)}`
