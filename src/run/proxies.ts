/** What programs that fetch take from the environment, wget first among them. */
const NAMES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy']

/** The words that give a program the proxies of an environment, where another one, as sudo does, would take them away. */
export const proxyWords = (env: NodeJS.ProcessEnv): string[] => {
  const words = NAMES.filter(name => env[name]).map(name => `${name}=${env[name]}`)
  return words.length === 0 ? [] : ['env', ...words]
}

/** The same words as they may be shown: without user and password. */
export const shownProxies = (env: NodeJS.ProcessEnv): string[] =>
  proxyWords(env).map(word => word.replace(/(^|\/\/|=)[^/@=]*@/, '$1'))
