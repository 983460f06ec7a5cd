import { BootstrapError } from '../errors.ts'
import type { FetchCode } from '../errors.ts'

/** A try to fetch that failed; `isPassing` when trying again may help. */
export class FetchFailure extends BootstrapError {
  readonly isPassing: boolean
  /** Seconds that the server asks to wait, or null. */
  readonly waitSeconds: number | null

  constructor(
    code: FetchCode,
    message: string,
    more: {
      readonly isPassing: boolean
      readonly todo?: readonly string[]
      readonly waitSeconds?: number | null
      readonly cause?: unknown
    },
  ) {
    super(code, message.replace(/^the /, 'The '), more.todo ?? [], more.cause)
    this.isPassing = more.isPassing
    this.waitSeconds = more.waitSeconds ?? null
  }
}

/** Where a request went, for messages: the host, and the proxy that it went through or null. */
export interface Asked {
  readonly host: string
  readonly proxy: string | null
}

/**
 * Returns what an error of a connection means. `what` names the file; a server's words are never in the message, so
 * that no password that an address holds can be.
 */
export const connectionFailure = (error: unknown, what: string, asked: Asked): FetchFailure => {
  if (error instanceof FetchFailure) return error
  const code = codeOf(error)
  if (CERTIFICATE.test(code)) return certificateFailure(code, what, asked)
  const via = asked.proxy === null ? '' : ` through the proxy ${asked.proxy}`
  const clause = CLAUSES[code] ?? otherClause(code)
  return new FetchFailure(
    'unreachable',
    `${what} could not be fetched from ${asked.host}${via}: ${clause}.`,
    {
      isPassing: code !== 'ENOTFOUND' && code !== 'ERR_SSL_WRONG_VERSION_NUMBER',
      todo:
        asked.proxy === null ? directly(code) : [`Check that the proxy ${asked.proxy} answers.`],
      cause: error,
    },
  )
}

const directly = (code: string): string[] => [
  code === 'ECONNREFUSED'
    ? 'Nothing listens there: check the address and the port, or start the mirror.'
    : 'Check the network and the name of the mirror; a proxy is taken from http_proxy.',
]

// With several addresses of a host Node gives one error for each.
const codeOf = (error: unknown): string => {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  if (!(first instanceof Error && 'code' in first)) return ''
  // Node 20 has one code for everything that TLS refuses.
  const isPlain = first.code === 'EPROTO' && first.message.includes('wrong version number')
  return isPlain ? 'ERR_SSL_WRONG_VERSION_NUMBER' : String(first.code)
}

const CLAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'it refused the connection',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no network',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https',
}

const otherClause = (code: string): string => {
  if (code.startsWith('HPE_')) return 'it answered something that is not HTTP'
  return code === '' ? 'the connection failed' : `the connection failed (${code})`
}

const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME|ERR_TLS|HOSTNAME_MISMATCH/

const certificateFailure = (code: string, what: string, { host }: Asked): FetchFailure =>
  new FetchFailure(
    'certificate-wrong',
    `${what} could not be fetched: ${certificateClause(code, host)}.`,
    {
      isPassing: false,
      todo: /EXPIRED|NOT_YET/.test(code)
        ? ["Check this machine's clock, then the mirror."]
        : [
            'If your network has a certificate authority of its own, name its file in NODE_EXTRA_CA_CERTS.',
          ],
    },
  )

const certificateClause = (code: string, host: string): string => {
  if (code.includes('EXPIRED')) return `the certificate of ${host} has expired`
  if (code.includes('NOT_YET')) return `the certificate of ${host} is not valid yet`
  if (code.includes('ALTNAME')) return `the certificate that ${host} shows is for another host`
  return `the certificate of ${host} is not signed by anybody whom this machine trusts`
}
