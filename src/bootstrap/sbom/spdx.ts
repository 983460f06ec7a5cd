import { spdxId } from './licences.ts'
import type { Contents, Frame, Listed } from './write.ts'

/** Returns the document of SPDX 2.3 (https://spdx.github.io/spdx-spec/v2.3/), to be written as JSON. */
export const spdx = ({ facts, packages, ...frame }: Contents): unknown => {
  const { name } = frame
  const ids = packages.map(one => `SPDXRef-Package-${idText(one.name)}-${idText(one.architecture)}`)
  const licences = new Set(packages.flatMap(one => one.licences))
  const unlisted = [...licences].filter(one => spdxId(one) === null).sort()
  const foreign = [...new Map(unlisted.map(one => [refOf(one), one])).values()]
  return {
    ...documentOf(frame),
    packages: [
      {
        SPDXID: ROOT,
        name,
        ...(facts.release !== '' && { versionInfo: facts.release }),
        downloadLocation: NONE,
        filesAnalyzed: false,
        primaryPackagePurpose: 'OPERATING_SYSTEM',
        licenseConcluded: NONE,
        licenseDeclared: NONE,
        copyrightText: NONE,
      },
      ...packages.map((one, n) => packageOf(one, ids[n]!)),
    ],
    ...(foreign.length > 0 && {
      hasExtractedLicensingInfos: foreign.map(one => ({
        licenseId: refOf(one),
        name: one,
        extractedText: `The licence that Debian's copyright files call "${one}". Its text is in those, below /usr/share/doc.`,
      })),
    }),
    relationships: [
      relation('SPDXRef-DOCUMENT', 'DESCRIBES', ROOT),
      ...ids.map(id => relation(ROOT, 'CONTAINS', id)),
    ],
  }
}

/** Returns what every document begins with. */
export const documentOf = ({ name, toolVersion, date, digest }: Frame) => ({
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name,
  documentNamespace: `https://spdx.org/spdxdocs/create-base-image-${digest}`,
  creationInfo: { created: date, creators: [`Tool: create-base-image-${toolVersion}`] },
})

/** What is not claimed. */
export const NONE = 'NOASSERTION'
const ROOT = 'SPDXRef-RootFilesystem'

/** Returns a text as it may be in an identifier: letters, digits, dots and hyphens only. */
export const idText = (text: string): string =>
  text.replaceAll('+', '-plus').replaceAll(/[^A-Za-z0-9.-]/g, '-')

const refOf = (licence: string): string => `LicenseRef-${idText(licence)}`

/** Returns a relationship between two identifiers. */
export const relation = (from: string, relationshipType: string, to: string) => ({
  spdxElementId: from,
  relationshipType,
  relatedSpdxElement: to,
})

const packageOf = (one: Listed, id: string): unknown => ({
  SPDXID: id,
  name: one.name,
  versionInfo: one.version,
  ...(one.maintainer !== '' && {
    supplier: `Organization: ${one.maintainer.replace(/\s*<([^>]*)>.*$/, ' ($1)')}`,
  }),
  downloadLocation: one.url ?? NONE,
  filesAnalyzed: false,
  ...(one.sha256 !== null && { checksums: [{ algorithm: 'SHA256', checksumValue: one.sha256 }] }),
  ...(one.homepage !== '' && { homepage: one.homepage }),
  sourceInfo: `built from ${one.source} ${one.sourceVersion}`,
  licenseConcluded: NONE,
  licenseDeclared: expressionOf(one.licences),
  copyrightText: NONE,
  ...(one.summary !== '' && { summary: one.summary }),
  externalRefs: [
    { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: one.purl },
  ],
})

const expressionOf = (licences: readonly string[]): string =>
  licences.length === 0 ? NONE : licences.map(one => spdxId(one) ?? refOf(one)).join(' AND ')
