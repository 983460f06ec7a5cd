/** What programs that fetch take from the environment, wget first among them. */
const NAMES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy']

/**
 * Returns the lines that hand the proxies of an environment to root's part (root/root-script.ts), where
 * sudo removes them. A value of several lines is not an address, and is left out.
 */
export const proxyLines = (env: NodeJS.ProcessEnv): string =>
  NAMES.filter(name => env[name] && !/[\r\n]/.test(env[name]))
    .map(name => `env ${name}=${env[name]}\n`)
    .join('')

/**
 * The users and passwords of an environment's proxies, as an address has them: `user:password@`. A password may have
 * signs that should be written as %40 and %2F, so all before the last @ is one.
 */
export const proxySecrets = (env: NodeJS.ProcessEnv): string[] =>
  NAMES.map(name => /^(?:[a-z]+:\/\/)?(.*@)/i.exec(env[name] ?? '')?.[1] ?? '').filter(
    login => login.length > '@'.length,
  )
