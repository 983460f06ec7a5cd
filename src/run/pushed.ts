import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Step } from '../plan/types.ts'
import type { RunContext } from './context.ts'

/**
 * Learns the digest that a registry has the pushed image by, where its client reports one. Returns why the run can't go on
 * without it, or null.
 */
export const learnDigest = async (
  { pushes }: Step,
  printed: readonly string[],
  { project, values, plan }: RunContext,
): Promise<string | null> => {
  if (pushes === undefined) return null
  const told =
    pushes.digestFile === null
      ? printed.join('\n')
      : await readFile(join(project.directory, pushes.digestFile), 'utf8').catch(() => '')
  const digest = DIGEST.exec(told)?.[0]
  if (digest !== undefined) values.set('pushed.digest', digest)
  return digest === undefined && plan.steps.some(({ id }) => id === 'sign')
    ? 'It was pushed, but the client did not report its digest in the registry, so it cannot be signed.'
    : null
}

/** docker prints `1: digest: sha256:… size: 527` at the end; a file of podman or skopeo has the digest alone. */
const DIGEST = /(?<=^|digest: )sha256:[0-9a-f]{64}/m
