import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles fixtures/root-child.ts, which plain Node can run, to a file in the folder. Returns its path. */
export const bundleChild = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'child.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('../fixtures/root-child.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url)",
    },
    logLevel: 'error',
  })
  return outfile
}

/** The ordinary user who lives in a room. */
const UID = 54321

/**
 * The words that run a program as an ordinary user, `pat`, for whom these lines are in sudoers. The user, the lines and
 * what sudo remembers exist in a mount namespace only: this machine's files are not touched. Needs root.
 * `hash` is the user's password as crypt(3) has it; without one nothing matches.
 */
export const room = (folder: string, sudoers: string, hash = '!'): string[] => {
  const etc = join(folder, 'etc')
  mkdirSync(etc)
  chmodSync(folder, 0o755)
  for (const name of ['passwd', 'shadow', 'group']) cpSync(join('/etc', name), join(etc, name))
  const line = `pat:x:${UID}:${UID}::/tmp:/bin/sh\n`
  writeFileSync(join(etc, 'passwd'), line, { flag: 'a' })
  writeFileSync(join(etc, 'shadow'), `pat:${hash}:19000:0:99999:7:::\n`, { flag: 'a' })
  writeFileSync(join(etc, 'group'), `pat:x:${UID}:\n`, { flag: 'a' })
  writeFileSync(join(etc, 'sudoers'), `Defaults env_reset, !fqdn, !lecture\n${sudoers}\n`, {
    mode: 0o440,
  })
  chmodSync(join(etc, 'shadow'), 0o600)
  const enter = `
    for file in passwd shadow group sudoers; do mount --bind "$1/$file" "/etc/$file"; done
    for kept in /run/sudo /var/lib/sudo
    do [ ! -d "$kept" ] || mount -t tmpfs -o mode=711 tmpfs "$kept"
    done
    shift
    exec setpriv --reuid=${UID} --regid=${UID} --clear-groups "$@"`
  return ['unshare', '--mount', 'sh', '-ec', enter, 'sh', etc]
}
