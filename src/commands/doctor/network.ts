import type { IncomingMessage } from 'node:http'
import { makeAgents, type Agents } from '../../bootstrap/fetch/agents.ts'
import { proxyFor } from '../../bootstrap/fetch/proxy.ts'
import { fine, type Check } from './check.ts'

/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 5000

/** A clock that is this far off makes signatures and certificates invalid, in milliseconds. */
const CLOCK_OFF = 60 * 60_000

/** What was asked and what arrived. */
interface Answer {
  readonly status: number | null
  /** The server's clock, in milliseconds since 1970, or null. */
  readonly clock: number | null
  /** Why nothing arrived. */
  readonly problem: string | null
}

/** Whether the mirror and the registry answer that a run would use, and whether this clock agrees with theirs. */
export const networkChecks = async (
  mirror: string,
  registry: string,
  env: NodeJS.ProcessEnv,
  now: () => number = Date.now,
): Promise<Check[]> => {
  const agents = makeAgents(env)
  try {
    const [fromMirror, fromRegistry] = await Promise.all([
      request(new URL(`${mirror}/dists/`), agents),
      request(new URL(`${registry}/v2/`), agents),
    ])
    return [
      answerCheck('mirror', 'Mirror', mirror, fromMirror, MIRROR_TODO),
      answerCheck('registry', 'Registry', registry, fromRegistry, REGISTRY_TODO),
      clockCheck([fromMirror, fromRegistry], now()),
    ]
  } finally {
    agents.close()
  }
}

const MIRROR_TODO = ['Set http_proxy, or name another one: --mirror URL']
const REGISTRY_TODO = [
  'Only images that are not here yet come from it.',
  'With a proxy: docs.docker.com/engine/daemon/proxy/',
]

/** A registry answers 401 to anybody who is not logged in: it is there. */
const answerCheck = (
  code: string,
  name: string,
  address: string,
  { status, problem }: Answer,
  todo: readonly string[],
): Check => {
  if (status !== null && (status < 400 || status === 401 || status === 403 || status === 404))
    return fine(code, name, `${address} answers`)
  const says =
    status === null ? `${address}: ${problem ?? 'no answer'}` : `${address} answers with ${status}`
  return { code, state: 'warn', name, says, todo }
}

const clockCheck = (answers: readonly Answer[], now: number): Check => {
  const clock = answers.find(answer => answer.clock !== null)?.clock ?? null
  const here = new Date(now).toISOString().slice(0, 16).replace('T', ' ')
  if (clock === null)
    return { code: 'clock', state: 'unknown', name: 'Clock', says: `${here} UTC`, todo: [] }
  if (Math.abs(now - clock) < CLOCK_OFF) return fine('clock', 'Clock', `${here} UTC, as it should`)
  const there = new Date(clock).toISOString().slice(0, 16).replace('T', ' ')
  return {
    code: 'clock',
    state: 'bad',
    name: 'Clock',
    says: `${here} UTC here, ${there} UTC elsewhere`,
    todo: ['Set the clock: certificates and signed indexes are only good between two dates.'],
  }
}

const request = async (url: URL, agents: Agents): Promise<Answer> => {
  try {
    const answer = await head(url, agents)
    const clock = Date.parse(answer.headers.date ?? '')
    answer.destroy()
    return {
      status: answer.statusCode ?? null,
      clock: Number.isNaN(clock) ? null : clock,
      problem: null,
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { status: null, clock: null, problem: PROBLEMS[code ?? ''] ?? message }
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host, or no network',
  EAI_AGAIN: 'its name could not be looked up just now',
  ECONNREFUSED: 'nothing listens there',
  ENETUNREACH: 'there is no network',
}

const head = async (url: URL, agents: Agents): Promise<IncomingMessage> => {
  const { request, options } = await agents.route(url)
  return new Promise((resolve, reject) => {
    const call = request({ ...options, method: 'HEAD' })
    const timer = setTimeout(() => call.destroy(new Error('no answer within 5 s')), PATIENCE)
    call.on('response', answer => {
      clearTimeout(timer)
      resolve(answer)
    })
    call.on('error', error => {
      clearTimeout(timer)
      reject(error)
    })
    call.end()
  })
}

/** The proxies of this machine and of the engine, without users and passwords. */
export const proxyChecks = (
  env: NodeJS.ProcessEnv,
  mirror: string,
  engineProxy: string | null,
): Check[] => {
  const own = ownProxy(env, mirror)
  const engine =
    engineProxy === null || engineProxy === '' ? 'none' : engineProxy.replace(/\/\/[^/]*@/, '//')
  return [
    fine('proxy', 'Proxy, this machine', own ?? 'none for the mirror'),
    own !== null && engine === 'none'
      ? {
          code: 'proxy-engine',
          state: 'warn',
          name: 'Proxy, engine',
          says: 'none, though this machine has one',
          todo: ['See https://docs.docker.com/engine/daemon/proxy/'],
        }
      : fine('proxy-engine', 'Proxy, engine', engine),
  ]
}

const ownProxy = (env: NodeJS.ProcessEnv, mirror: string): string | null => {
  try {
    return proxyFor(new URL(mirror), env)?.url.origin ?? null
  } catch (error) {
    return (error as Error).message
  }
}
