import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'

const NAME = 'create-base-image'

/** The machine as far as it decides where a cache goes. */
export interface CacheMachine {
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
  readonly home: string
}

/** Returns this machine. */
export const thisMachine = (): CacheMachine => ({
  platform: process.platform,
  env: process.env,
  home: homedir(),
})

/**
 * Returns the folder of the cache by the system's convention: XDG_CACHE_HOME or ~/.cache, ~/Library/Caches on macOS,
 * %LOCALAPPDATA% on Windows. A relative XDG_CACHE_HOME is ignored, as its specification asks.
 */
export const cacheFolder = ({ platform, env, home }: CacheMachine = thisMachine()): string => {
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local')
    return win32.join(local, NAME, 'Cache')
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Caches', NAME)
  const given = env['XDG_CACHE_HOME'] ?? ''
  return posix.join(posix.isAbsolute(given) ? given : posix.join(home, '.cache'), NAME)
}
