import { spdxId } from './licences.ts'
import type { Contents, Frame, Listed } from './write.ts'

/** Returns the document of CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/), to be written as JSON. */
export const cycloneDx = ({ facts, packages, ...frame }: Contents): unknown => ({
  ...bomOf(frame, 'root-filesystem'),
  components: [
    {
      type: 'operating-system',
      'bom-ref': 'operating-system',
      name: facts.distribution || 'linux',
      ...(facts.release !== '' && { version: facts.release }),
    },
    ...packages.map(componentOf),
  ],
  dependencies: [
    { ref: 'root-filesystem', dependsOn: ['operating-system', ...packages.map(one => one.purl)] },
  ],
})

/** Returns what every document begins with; `ref` is how it calls what it is of. */
export const bomOf = ({ name, toolVersion, date, digest }: Frame, ref: string) => ({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: `urn:uuid:${uuidOf(digest)}`,
  version: 1,
  metadata: {
    timestamp: date,
    tools: {
      components: [{ type: 'application', name: 'create-base-image', version: toolVersion }],
    },
    component: { type: 'container', 'bom-ref': ref, name },
  },
})

/** A version 8 UUID (RFC 9562): of the contents, not of chance. */
const uuidOf = (digest: string): string =>
  [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-')

const componentOf = (one: Listed): unknown => ({
  type: 'library',
  'bom-ref': one.purl,
  name: one.name,
  version: one.version,
  ...(one.maintainer !== '' && { supplier: { name: one.maintainer.replace(/\s*<.*$/, '') } }),
  ...(one.summary !== '' && { description: one.summary }),
  ...(one.licences.length > 0 && { licenses: one.licences.map(licenceOf) }),
  purl: one.purl,
  ...((one.url !== null || one.homepage !== '') && {
    externalReferences: [
      ...(one.url === null
        ? []
        : [{ type: 'distribution', url: one.url, ...(one.sha256 !== null && hashOf(one.sha256)) }]),
      ...(one.homepage === '' ? [] : [{ type: 'website', url: one.homepage }]),
    ],
  }),
})

const hashOf = (content: string) => ({ hashes: [{ alg: 'SHA-256', content }] })

const licenceOf = (name: string) => {
  const id = spdxId(name)
  return { license: id === null ? { name } : { id } }
}
