import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { clients } from './engine.ts'

/** A docker client that waits at one of its commands until the test has seen it. */
export interface Shim {
  readonly env: NodeJS.ProcessEnv
  /** Waits until the client is called with that command; it then goes on. */
  readonly called: () => Promise<void>
  /** Lets a client go on that waits because of `hold`. */
  readonly release: () => Promise<void>
}

/** Puts a docker before the real one that announces calls of `command`, and with `hold` waits until released. */
export const shim = (folder: string, command: string, hold = false): Shim => {
  const bin = join(folder, '.shim')
  const [seen, go] = [join(bin, 'seen'), join(bin, 'go')]
  mkdirSync(bin)
  spawnSync('mkfifo', [seen, go])
  const wait = hold ? ` read -r _ < '${go}';` : ''
  const script = `#!/bin/sh\nif [ "$1" = ${command} ]; then echo > '${seen}';${wait} fi\nexec '${clients()[0]!.path}' "$@"\n`
  writeFileSync(join(bin, 'docker'), script)
  chmodSync(join(bin, 'docker'), 0o755)
  return {
    env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) },
    // Read to its end: a reader that closes early would end the client by SIGPIPE.
    called: async () => void (await readFile(seen)),
    release: async () => {
      const pipe = await open(go, 'w')
      await pipe.write('\n')
      await pipe.close()
    },
  }
}
