import { BlockList, isIP } from 'node:net'
import { BootstrapError } from '../errors.ts'
import { loginOf, withoutLogin } from './address.ts'

/** A proxy to go through; its user and password are apart, so that no message has them. */
export interface Proxy {
  readonly url: URL
  /** The value of a Proxy-Authorization header, or null. */
  readonly login: string | null
}

/**
 * Returns the proxy that an environment names for an address, or null for none: `http_proxy`, `https_proxy` or
 * `all_proxy`, in small letters first, unless `no_proxy` names the host. HTTP_PROXY in capitals is read as well.
 * Throws BootstrapError `proxy-refused` for a proxy that is not an http or https address.
 */
export const proxyFor = (url: URL, env: NodeJS.ProcessEnv): Proxy | null => {
  const name = `${url.protocol.slice(0, -1)}_proxy`
  const text = setting(env, name) || setting(env, 'all_proxy')
  if (text === '' || isExempt(url, setting(env, 'no_proxy'))) return null
  const address = parsed(text)
  if (address === null) throw unusable(name)
  return { url: withoutLogin(address), login: loginOf(address) }
}

const setting = (env: NodeJS.ProcessEnv, name: string): string =>
  (env[name] || env[name.toUpperCase()] || '').trim()

const parsed = (text: string): URL | null => {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(whole)) return null
  const url = new URL(whole)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null
}

const unusable = (name: string): BootstrapError =>
  new BootstrapError('proxy-refused', `The proxy in ${name} is not an http or https address.`, [
    `Write it as http://HOST:PORT, or unset ${name}.`,
  ])

/**
 * Returns whether `no_proxy` names the host of an address. As curl and wget read it: words parted by commas or spaces;
 * a name covers itself and all below it, with or without a dot before it; `*` covers all; an address block as 10.0.0.0/8
 * covers addresses; a port after a colon limits a word to it.
 */
export const isExempt = (url: URL, noProxy: string): boolean =>
  noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some(word => word !== '' && covers(word, url))

const covers = (word: string, url: URL): boolean => {
  if (word === '*') return true
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (word.includes('/')) return inBlock(word, host)
  const { name, port } = nameAndPort(word)
  if (port !== '' && port !== portOf(url)) return false
  const bare = name.replace(/^\*?\./, '')
  return host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`))
}

const nameAndPort = (word: string): { readonly name: string; readonly port: string } => {
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(word)
  if (bracketed !== null) return { name: bracketed[1] ?? '', port: bracketed[2] ?? '' }
  const parts = /^([^:]*):(\d+)$/.exec(word)
  return parts === null ? { name: word, port: '' } : { name: parts[1] ?? '', port: parts[2] ?? '' }
}

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80')

const inBlock = (word: string, host: string): boolean => {
  const [net = '', bits = ''] = word.split('/')
  const family = isIP(net)
  if (family === 0 || family !== isIP(host) || !/^\d{1,3}$/.test(bits)) return false
  if (Number(bits) > (family === 4 ? 32 : 128)) return false
  const blocks = new BlockList()
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  blocks.addSubnet(net, Number(bits), kind)
  return blocks.check(host, kind)
}
