import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { CraftError } from './craft-error.ts'
import type { Craft } from './craft.ts'
import { writeData } from '../project/own-file.ts'

/** Writes the root certificates that Node brings along, Mozilla's list, as one PEM bundle. */
export const writeCertificates: Craft<'write-certificates'> = async (input, { project }) => {
  const bundle = certificateBundle(rootCertificates)
  if (rootCertificates.length === 0) {
    throw new CraftError('no-certificates', 'This Node was built without a list of certificates.', [
      'Take Node from nodejs.org, or leave ca-certificates out of --with.',
    ])
  }
  const kept = await writeData(input.file, bundle, project)
  const result = `${rootCertificates.length} certificates, Mozilla's list in Node ${process.versions.node}`
  return { lines: kept, result: kept.length === 0 ? result : kept.join(', ') }
}

/** A PEM bundle of certificates: each below its subject as a comment, sorted, so that the same list gives the same bytes. */
export const certificateBundle = (certificates: readonly string[]): string =>
  certificates
    .map(pem => ({ subject: subjectOf(pem), pem: pem.trim() }))
    .sort((a, b) => (`${a.subject}\n${a.pem}` < `${b.subject}\n${b.pem}` ? -1 : 1))
    .map(({ subject, pem }) => `# ${subject}\n${pem}\n`)
    .join('\n')

const subjectOf = (pem: string): string => new X509Certificate(pem).subject.replaceAll('\n', ', ')
