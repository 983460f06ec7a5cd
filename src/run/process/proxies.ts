import { withoutSecrets } from '../../plan/public-plan.ts'

/** What programs that fetch take from the environment, wget first among them. */
const NAMES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy']

/** The words that give a program the proxies of an environment, where another one, as sudo does, would take them away. */
export const proxyWords = (env: NodeJS.ProcessEnv): string[] => {
  const words = NAMES.filter(name => env[name]).map(name => `${name}=${env[name]}`)
  return words.length === 0 ? [] : ['env', ...words]
}

/**
 * The users and passwords of an environment's proxies, as an address has them: `user:password@`. A password may have
 * signs that should be written as %40 and %2F, so all before the last @ is one.
 */
export const proxySecrets = (env: NodeJS.ProcessEnv): string[] =>
  NAMES.map(name => /^(?:[a-z]+:\/\/)?(.*@)/i.exec(env[name] ?? '')?.[1] ?? '').filter(
    login => login.length > '@'.length,
  )

/** The words of `proxyWords` as they may be shown: without user and password. */
export const shownProxies = (env: NodeJS.ProcessEnv): string[] =>
  withoutSecrets(proxyWords(env), proxySecrets(env))
