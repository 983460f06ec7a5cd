import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { docker } from '../engine/engine.ts'

/** What is there of ours that no run may leave: engine, temporary folder. */
export const inventory = async (
  env: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, readonly string[]>>> => ({
  containers: await listed(env, [
    'ps',
    '--all',
    '--filter',
    'label=create-base-image',
    '--format',
    '{{.Names}}',
  ]),
  unproven: await listed(env, ['images', '--format', '{{.Tag}}', 'create-base-image/unproven']),
  builders: await listed(env, [
    'images',
    '--filter',
    'label=create-base-image.role',
    '--filter',
    'dangling=true',
    '--format',
    '{{.ID}}',
  ]),
  temporary: readdirSync(tmpdir())
    .filter(name => /^(?:create-base-image|cbi-compiler|cbi-probe)/.test(name))
    .toSorted(),
})

const listed = async (env: NodeJS.ProcessEnv, words: readonly string[]): Promise<string[]> =>
  (await docker(words, env)).stdout.split('\n').filter(Boolean).toSorted()
