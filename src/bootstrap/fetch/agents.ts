import http from 'node:http'
import https from 'node:https'
import { createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import type { HttpsProxyAgent } from 'https-proxy-agent'
import { proxyFor } from './proxy.ts'
import type { Proxy } from './proxy.ts'

/** How an address is asked: the options of a request, and whether by http or https. */
export interface Route {
  readonly request: typeof http.request
  readonly options: http.RequestOptions
  /** The proxy's host and port, for messages; null without one. */
  readonly proxy: string | null
}

/** The connections of a run, kept open between requests. */
export interface Agents {
  readonly route: (url: URL) => Promise<Route>
  readonly close: () => void
}

/** Connections to one host at once. */
export const SOCKETS = 8

// A machine whose IPv6 leads nowhere waits this long for it before it takes IPv4.
const FAMILY_MS = 1000

const KEPT = { keepAlive: true, maxSockets: SOCKETS, autoSelectFamilyAttemptTimeout: FAMILY_MS }

/** Returns the connections of a run: direct or through the environment's proxies, https with the machine's certificates. */
export const makeAgents = (env: NodeJS.ProcessEnv): Agents => {
  const plain = new http.Agent(KEPT)
  let secure: Promise<https.Agent> | undefined
  const secured = (): Promise<https.Agent> => (secure ??= makeSecure(env))
  const tunnels = new Map<string, Promise<Tunnel>>()
  const tunnel = ({ url, login }: Proxy): Promise<Tunnel> => {
    const made = tunnels.get(url.href) ?? makeTunnel(url, login, env)
    tunnels.set(url.href, made)
    return made
  }
  const route = async (url: URL): Promise<Route> => {
    const proxy = proxyFor(url, env)
    const options = targetOf(url)
    if (url.protocol === 'http:') {
      if (proxy !== null) return throughProxy(url, proxy, plain, secured)
      return { request: http.request, options: { ...options, agent: plain }, proxy: null }
    }
    if (proxy === null) {
      return {
        request: https.request,
        options: { ...options, agent: await secured() },
        proxy: null,
      }
    }
    const { agent, context: secureContext } = await tunnel(proxy)
    const tunnelled: https.RequestOptions & { secureContext: SecureContext } = {
      ...options,
      agent,
      secureContext,
    }
    return { request: https.request, options: tunnelled, proxy: proxy.url.host }
  }
  const close = (): void => {
    plain.destroy()
    void secure?.then(agent => agent.destroy())
    for (const each of tunnels.values()) void each.then(({ agent }) => agent.destroy())
  }
  return { route, close }
}

const targetOf = (url: URL): http.RequestOptions => ({
  host: url.hostname.replace(/^\[|\]$/g, ''),
  port: url.port === '' ? null : url.port,
  path: `${url.pathname}${url.search}`,
  headers: { host: url.host },
})

// By RFC 9112 a proxy is asked for the whole address.
const throughProxy = async (
  url: URL,
  proxy: Proxy,
  plain: http.Agent,
  secured: () => Promise<https.Agent>,
): Promise<Route> => {
  const isSecure = proxy.url.protocol === 'https:'
  const login = proxy.login === null ? {} : { 'proxy-authorization': proxy.login }
  const options = {
    ...targetOf(proxy.url),
    path: `${url.protocol}//${url.host}${url.pathname}${url.search}`,
    headers: { host: url.host, ...login },
    agent: isSecure ? await secured() : plain,
  }
  return { request: isSecure ? https.request : http.request, options, proxy: proxy.url.host }
}

const makeSecure = async (env: NodeJS.ProcessEnv): Promise<https.Agent> =>
  new https.Agent({ ...KEPT, secureContext: await trust(env) })

// Read once: a connection that is given certificates reads all of them again.
const trust = async (env: NodeJS.ProcessEnv): Promise<SecureContext> => {
  const { trustedCertificates } = await import('./certificates.ts')
  return createSecureContext({ ca: await trustedCertificates(env) })
}

interface Tunnel {
  readonly agent: HttpsProxyAgent<string>
  readonly context: SecureContext
}

const makeTunnel = async (
  url: URL,
  login: string | null,
  env: NodeJS.ProcessEnv,
): Promise<Tunnel> => {
  const [{ HttpsProxyAgent: Agent }, context] = await Promise.all([
    import('https-proxy-agent'),
    trust(env),
  ])
  const agent = new Agent(url.href, {
    ...KEPT,
    secureContext: context,
    ...(login === null ? {} : { headers: { 'Proxy-Authorization': login } }),
  })
  return { agent, context }
}
