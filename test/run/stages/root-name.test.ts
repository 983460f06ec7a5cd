import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assetsFolder } from '../../../src/assets.ts'
import { plainWord } from '../../../src/plan/shown-commands.ts'
import { startRoot } from '../../../src/run/stages/root.ts'
import { room } from '../../oci/room.ts'

const named = async (args: readonly string[]): Promise<string> => {
  const cwd = await room()
  const stage = { kind: 'root', sudo: false, args, below: '.' } as const
  const running = startRoot(stage, {
    cwd,
    env: process.env,
    assets: assetsFolder(),
    resolve: plainWord,
  })
  running.stdout.resume()
  running.stderr.resume()
  await running.ended
  return running.name
}

test.skipIf(process.platform !== 'linux')(
  'what root does is told by what a person would type (Linux only)',
  async () => {
    expect(await named(['true', 'a'])).toBe('true')
    expect(await named(['sh', '-c', ':'])).toBe('sh -c')
  },
)

/** What a program instead of the one that is started says about its process group, and what the stage is called. */
const begun = async (sudo: boolean) => {
  const cwd = await room()
  const script = '#!/bin/sh\necho $$; ps -o pgid= -p $$\n'
  for (const name of ['sh', 'sudo']) writeFileSync(join(cwd, name), script, { mode: 0o755 })
  const stage = { kind: 'root', sudo, args: ['rm', '-rf', 'x'], below: '.' } as const
  const running = startRoot(stage, {
    cwd,
    env: { PATH: `${cwd}:${process.env['PATH']}` },
    assets: assetsFolder(),
    resolve: plainWord,
  })
  let said = ''
  running.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()))
  running.stderr.resume()
  await running.ended
  await expect.poll(() => said.trim().split(/\s+/).length).toBe(2)
  const [pid, group] = said.trim().split(/\s+/)
  return { name: running.name, isOwnGroup: pid === group }
}

test.skipIf(process.platform !== 'linux')(
  'sudo stays in our group and session, where it remembers a password (Linux only)',
  async () => {
    expect(await begun(true)).toEqual({ name: 'sudo rm', isOwnGroup: false })
    expect(await begun(false)).toEqual({ name: 'rm', isOwnGroup: true })
  },
)
