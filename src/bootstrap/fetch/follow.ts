import { loginOf, withoutLogin } from './address.ts'
import { exchange } from './exchange.ts'
import type { Answer, RequestOptions } from './exchange.ts'
import { FetchFailure } from './failure.ts'

const MOST_REDIRECTS = 5
const REDIRECTS = [301, 302, 303, 307, 308]

/**
 * Sends a GET and follows at most five redirects: never twice to one address, never from https to http, and to nothing
 * but these two. A login is sent to its own host only, and never taken from a redirect.
 * Throws FetchFailure `redirect-loop` or `redirect-scheme`, and as `exchange` does.
 */
export const follow = async (address: string, options: RequestOptions): Promise<Answer> => {
  const first = addressOf(address, options.what)
  const login = loginOf(first)
  const seen = new Set<string>()
  let url = withoutLogin(first)
  for (;;) {
    seen.add(url.href)
    const own = url.origin === first.origin && login !== null ? { authorization: login } : {}
    const answer = await exchange(url, { ...options, headers: { ...options.headers, ...own } })
    const location = answer.headers.location
    if (!REDIRECTS.includes(answer.status) || location === undefined) return answer
    await leave(answer)
    url = next(url, location, options.what)
    if (seen.has(url.href) || seen.size > MOST_REDIRECTS)
      throw loop(options.what, first, seen.has(url.href))
  }
}

const addressOf = (address: string, what: string): URL => {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new FetchFailure('redirect-scheme', `${what} has no http or https address.`, {
    isPassing: false,
    todo: ['Name a mirror that begins with http:// or https://.'],
  })
}

const next = (from: URL, location: string, what: string): URL => {
  const to = URL.canParse(location, from.href) ? withoutLogin(new URL(location, from)) : null
  const isWeb = to?.protocol === 'http:' || to?.protocol === 'https:'
  if (to !== null && isWeb && (from.protocol === 'http:' || to.protocol === 'https:')) return to
  const where =
    to === null ? 'something that is not an address' : isWeb ? 'http' : to.protocol.slice(0, -1)
  const why = `${from.hostname} sent the request for ${what} from ${from.protocol.slice(0, -1)} to ${where}`
  throw new FetchFailure('redirect-scheme', `${why}, which is not followed.`, {
    isPassing: false,
    todo: ['Name another mirror with --mirror.'],
  })
}

const loop = (what: string, { hostname }: URL, isCircle: boolean): FetchFailure => {
  const how = isCircle ? 'in a circle' : `more than ${MOST_REDIRECTS} times`
  return new FetchFailure(
    'redirect-loop',
    `${what} could not be fetched: ${hostname} redirects ${how}.`,
    {
      isPassing: false,
      todo: ['Check the address of the mirror, or name another one with --mirror.'],
    },
  )
}

const LONGEST_LEFT = 64 * 1024

// A redirect's short page is read to its end, so that the connection can be used again.
const leave = async (answer: Answer): Promise<void> => {
  let remaining = LONGEST_LEFT
  for await (const chunk of answer.chunks) {
    remaining -= chunk.length
    if (remaining < 0) break
  }
}
