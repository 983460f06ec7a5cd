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
