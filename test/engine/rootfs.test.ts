import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { describeEngine } from './engine.ts'
import { ownMirror } from './full-mirrors.ts'
import { room } from './run-cli.ts'

const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))
const run = promisify(execFile)
const BIG = { encoding: 'buffer', maxBuffer: 1e9 } as const

/** Writes a root filesystem's tar to a file and returns its sha256. */
const make = async (folder: string, name: string, ...flags: string[]): Promise<string> => {
  const words = [BIN, 'rootfs', ...flags, '--cache', join(folder, 'cache')]
  const { stdout } = await run(process.execPath, words, BIG)
  await writeFile(join(folder, name), stdout)
  return createHash('sha256').update(stdout).digest('hex')
}

describeEngine('a root filesystem made by us', () => {
  test.skipIf(ownMirror() === null)(
    'by its lock and the cache it is the same again without network',
    async () => {
      const folder = await room()
      const lock = join(folder, 'packages.lock')
      const [hook, motd] = ['hook.sh', 'motd'].map(name => join(folder, name))
      await writeFile(hook!, '#!/bin/sh\ndpkg --audit && cat /bin/motd >/etc/hooked\n')
      await writeFile(motd!, 'hello')
      const own = ['--hook', hook!, '--copy', `${motd}:/bin/`]
      const words = ['debian:bookworm', '--no-updates', '--lock', lock, ...own]
      const first = await make(folder, 'first.tar', ...words)
      expect(await make(folder, 'second.tar', '--locked', lock, '--offline', ...own)).toBe(first)
      const hooked = await run('tar', [
        '-xOf',
        join(folder, 'first.tar'),
        'etc/hooked',
        'usr/bin/motd',
      ])
      expect(hooked.stdout).toBe('hellohello')
    },
    600_000,
  )
})
