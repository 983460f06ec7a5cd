import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { execa } from 'execa'
import { afterAll, describe, test } from 'vitest'
import type { DockerResult } from './engine.ts'

/** The builder that scripts/podman.sh brings. */
export const UBUNTU = 'docker.io/library/ubuntu:20.04'

/** Runs podman without a shell and without stdin; a failure is a result, not an error. */
export const podman = async (
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<DockerResult> => {
  const options = { env, extendEnv: false, reject: false, stdin: 'ignore' } as const
  const { exitCode, stdout, stderr, shortMessage } = await execa('podman', args, options)
  if (exitCode === undefined) throw new Error(shortMessage)
  return { exitCode, stdout, stderr }
}

/**
 * Groups tests that need a Podman that runs containers and has the builder. Without one they are skipped with the
 * reason in the title; where CBI_NEED_ENGINE is 1 the group fails instead.
 */
export const describePodman = (title: string, body: () => void): void => {
  const reason = whyNot()
  if (reason === null) describe(title, body)
  else if (process.env.CBI_NEED_ENGINE === '1')
    describe(title, () =>
      test('has a Podman to test with', () => Promise.reject(new Error(reason))),
    )
  else describe.skip(`${title} (skipped: ${reason})`, body)
}

let known: string | null | undefined

const whyNot = (): string | null => (known ??= askWhyNot())

const askWhyNot = (): string | null => {
  const args = ['run', '--rm', '--pull', 'never', '--network', 'none', UBUNTU, 'true']
  const result = spawnSync('podman', args, { encoding: 'utf8', timeout: 60_000 })
  if (result.error) return `podman does not run: ${result.error.message}`
  if (result.status === 0) return null
  const last = result.stderr.trim().split('\n').at(-1) ?? ''
  return `${last}; scripts/podman.sh start makes one that works`
}

/** A prefix for the names of one test file's images, which are removed after it. */
export const imagePrefix = (): string => {
  const prefix = `cbi-podman-${randomBytes(4).toString('hex')}`
  afterAll(async () => {
    const listed = await podman(['images', '--format', '{{.Repository}}:{{.Tag}}'])
    const names = listed.stdout.split('\n').filter(name => name.startsWith(`localhost/${prefix}`))
    if (names.length > 0) await podman(['rmi', '--force', ...names])
  })
  return prefix
}

/** The containers that carry a run's label, or any, by their IDs. */
export const podmanContainers = async (run: string): Promise<readonly string[]> => {
  const filter = `label=create-base-image=${run}`
  const { stdout } = await podman(['ps', '--all', '--quiet', '--filter', filter])
  return stdout.split('\n').filter(Boolean)
}
