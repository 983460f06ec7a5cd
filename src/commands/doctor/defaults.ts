import { defaultsLine, defaultsPath, readDefaults } from '../../ask/defaults.ts'
import { UsageError } from '../../errors.ts'
import { fine, type Check } from './check.ts'

const shortPath = (path: string, { HOME = '' }: NodeJS.ProcessEnv): string =>
  HOME !== '' && path.startsWith(HOME) ? `~${path.slice(HOME.length)}` : path

/** Returns whether there is a file with the person's defaults, where it is, and what it says. */
export const defaultsCheck = (env: NodeJS.ProcessEnv): Check => {
  try {
    const { path, texts } = readDefaults(env)
    const said = defaultsLine(path, texts).slice('Defaults from '.length)
    return fine('defaults', 'Your defaults', said || `none in ${shortPath(path, env)}`)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const { message, todo } = error
    const says = message.replace(
      `The file with your defaults, ${defaultsPath(env)}, `,
      `${defaultsPath(env)} `,
    )
    return { code: 'defaults', state: 'bad', name: 'Your defaults', says, todo }
  }
}
