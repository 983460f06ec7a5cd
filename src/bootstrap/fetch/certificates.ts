import { readFile } from 'node:fs/promises'
import * as tls from 'node:tls'

/** Where systems keep the certificates that their programs trust: Debian, Fedora, openSUSE, Alpine and macOS. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * Returns the certificates to trust, in PEM: Node's own, the machine's (a company's own authority is among them) and
 * the file that NODE_EXTRA_CA_CERTS names. SSL_CERT_FILE replaces the machine's bundle. A file that cannot be
 * read is left out, as Node does.
 */
export const trustedCertificates = async (
  env: NodeJS.ProcessEnv,
  bundles: readonly string[] = BUNDLES,
): Promise<string[]> => {
  const machine = await firstOf(env['SSL_CERT_FILE'] ? [env['SSL_CERT_FILE']] : bundles)
  const extra = await firstOf(env['NODE_EXTRA_CA_CERTS'] ? [env['NODE_EXTRA_CA_CERTS']] : [])
  return [...new Set([...tls.rootCertificates, ...systemStore(), ...machine, ...extra])]
}

const firstOf = async (files: readonly string[]): Promise<string[]> => {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
    if (found !== null) return found.map(each => each.replaceAll('\r\n', '\n'))
  }
  return []
}

// Newer versions of Node read the stores of Windows and macOS, which are not files.
const systemStore = (): readonly string[] => {
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'system') => string[] }
  try {
    return getCACertificates?.('system') ?? []
  } catch {
    return []
  }
}
