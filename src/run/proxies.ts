/** What programs that fetch take from the environment, wget first among them. */
const NAMES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy']

/** The words that give a program the proxies of an environment, where another one, as sudo does, would take them away. */
export const proxyWords = (env: NodeJS.ProcessEnv): string[] => {
  const words = NAMES.filter(name => env[name]).map(name => `${name}=${env[name]}`)
  return words.length === 0 ? [] : ['env', ...words]
}

/** A password may have signs that should be written as %40 and %2F; what is before the last @ is not the host. */
const LOGIN = /^(\w+=(?:[a-z]+:\/\/)?).*@/i

/** The users and passwords of an environment's proxies, as an address has them: `user:password@`. */
export const proxySecrets = (env: NodeJS.ProcessEnv): string[] =>
  NAMES.flatMap(name => /^(?:[a-z]+:\/\/)?(.*@)/i.exec(env[name] ?? '')?.[1] ?? [])

/** The same words as they may be shown: without user and password. */
export const shownProxies = (env: NodeJS.ProcessEnv): string[] =>
  proxyWords(env).map(word => word.replace(LOGIN, '$1'))
