import { STATUS_CODES } from 'node:http'
import { cleaned } from './address.ts'
import type { Answer } from './exchange.ts'
import { FetchFailure } from './failure.ts'

/** Throws the FetchFailure that a status other than 200, 206 and 304 means; the body is left unread. */
export const checkStatus = (answer: Answer, what: string): void => {
  const { status, url } = answer
  if (status === 200 || status === 206 || status === 304) return
  answer.drop()
  const said = `${url.hostname} answered ${status} ${STATUS_CODES[status] ?? ''}`.trim()
  if (status === 404 || status === 410) {
    throw new FetchFailure('not-found', `${what} is not there: ${said} for ${url.pathname}.`, {
      isPassing: false,
      todo: [
        'Check the release and the mirror. If it is in the middle of an update: try later, or another --mirror.',
      ],
    })
  }
  throw refusal(answer, what, said)
}

const refusal = ({ status, headers, url }: Answer, what: string, said: string): FetchFailure => {
  if (status === 407) {
    return new FetchFailure(
      'proxy-refused',
      `${what} could not be fetched: the proxy requires a login.`,
      {
        isPassing: false,
        todo: [
          'Write user and password into http_proxy and https_proxy: http://USER:PASSWORD@HOST.',
        ],
      },
    )
  }
  const isPassing = status >= 500 || status === 408 || status === 425 || status === 429
  return new FetchFailure(
    'server-refused',
    `${what} could not be fetched: ${said} for ${url.pathname}.`,
    {
      isPassing,
      waitSeconds: waitOf(headers['retry-after']),
      todo: todoOf(status),
    },
  )
}

const todoOf = (status: number): string[] => {
  if (status === 401)
    return [
      'The mirror requires a user and a password: --mirror https://USER:PASSWORD@HOST/PATH, or so in the address in your file of --sources.',
    ]
  if (status === 403)
    return ['The mirror or a proxy forbids it; name another mirror with --mirror.']
  if (status >= 500 || status === 429)
    return ['Try again later, or name another mirror with --mirror.']
  return ['Check the address of the mirror, or name another one with --mirror.']
}

const LONGEST_WAIT = 60

const waitOf = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,6}$/.test(header) ? Math.min(Number(header), LONGEST_WAIT) : null

/**
 * Passes a body on; when its beginning is a web page, which a package and an index never are, it throws FetchFailure
 * `page-instead` with the page's title: a login, a portal of the network, an address that is not a mirror.
 */
export const noPage = async function* (answer: Answer, what: string): AsyncGenerator<Buffer> {
  let isFirst = true
  for await (const chunk of answer.chunks) {
    if (isFirst && isPage(chunk)) throw page(answer.url, chunk, what)
    isFirst = false
    yield chunk
  }
}

const isPage = (start: Buffer): boolean =>
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--|<!doctype\s+html|<html|<head|<script|<meta)/i.test(
    start.toString('latin1', 0, 1024).replace(/^\u00ef\u00bb\u00bf/, ''),
  )

const page = ({ hostname }: URL, start: Buffer, what: string): FetchFailure => {
  const found = /<title[^>]*>([^<]*)/i.exec(start.toString('utf8', 0, 16_384))?.[1] ?? ''
  const title = cleaned(found)
  const named = title === '' ? 'a web page' : `a web page, “${title}”,`
  return new FetchFailure(
    'page-instead',
    `${hostname} answered ${named} in place of ${what.replace(/^The /, 'the ')}.`,
    {
      isPassing: false,
      todo: [
        'If this network asks for a login, open any address in a browser first.',
        'Else check the address of the mirror.',
      ],
    },
  )
}
