import { existsSync } from 'node:fs'
import { win32 } from 'node:path'

/**
 * Returns whether Windows finds a program, by the folders and endings that `env` names. Elsewhere a missing program is
 * an error of its own; there cmd.exe is asked, which fails in the person's language (cross-spawn 7, lib/parse.js).
 */
export const isOnWindowsPath = (
  program: string,
  env: NodeJS.ProcessEnv,
  exists: (path: string) => boolean = existsSync,
): boolean => {
  const folders = /[\\/]/.test(program) ? [''] : valueOf(env, 'PATH').split(';').filter(Boolean)
  const endings = ['', ...(valueOf(env, 'PATHEXT') || ENDINGS).split(';')]
  return folders.some(folder =>
    endings.some(ending => exists(win32.join(unquoted(folder), program + ending))),
  )
}

const ENDINGS = '.COM;.EXE;.BAT;.CMD'

/** Windows writes it `Path`. */
const valueOf = (env: NodeJS.ProcessEnv, name: string): string =>
  env[Object.keys(env).find(key => key.toUpperCase() === name) ?? name] ?? ''

const unquoted = (folder: string): string => folder.replaceAll('"', '')
