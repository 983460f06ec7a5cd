import { createHash } from 'node:crypto'
import { bomOf } from './cyclonedx.ts'
import { documentOf, idText, NONE, relation } from './spdx.ts'
import { dateOf, textOf, type Sboms } from './write.ts'
import { counted } from '../../text/units.ts'

/** What the SBOM of a minimal image describes. */
export interface ProgramInput {
  /** Of the program. */
  readonly name: string
  /** The program, or one for each architecture. */
  readonly programs: readonly {
    readonly file: string
    /** Debian's name: `amd64`. */
    readonly architecture: string
    readonly bytes: number
    readonly sha256: string
  }[]
  /** The builder's packages of its compiler and of the C library, as its dpkg lists them; none where that is not known. */
  readonly madeWith: readonly { readonly name: string; readonly version: string }[]
  /** `debian` or `ubuntu`, where the builder is known to be of it. */
  readonly vendor: string | null
  /** Seconds since 1970 that the documents bear. */
  readonly epoch: number
  /** Of this tool. */
  readonly toolVersion: string
}

type Program = ProgramInput['programs'][number]
type Part = ReturnType<typeof partsOf>[number]

/** Returns the SBOM of a minimal image as SPDX 2.3 and as CycloneDX 1.6: its program, and what was compiled into it. */
export const programSboms = (input: ProgramInput): Sboms => {
  const { name, programs, epoch, toolVersion } = input
  const parts = partsOf(input)
  const digest = createHash('sha256')
    .update(JSON.stringify([name, programs, parts]))
    .digest('hex')
  const frame = { name, toolVersion, date: dateOf(epoch), digest }
  const linked = (one: Program): Part[] => librariesOf(one, parts)
  return {
    cdx: textOf({
      ...bomOf(frame, 'image'),
      components: [...programs.map(applicationOf), ...parts.map(componentOf)],
      dependencies: [
        { ref: 'image', dependsOn: programs.map(({ file }) => file) },
        ...programs.map(one => ({
          ref: one.file,
          dependsOn: linked(one).map(part => part.name),
        })),
      ],
    }),
    spdx: textOf({
      ...documentOf(frame),
      packages: [
        { ...packageOf(ROOT, name), primaryPackagePurpose: 'CONTAINER' },
        ...programs.map(one => ({
          ...packageOf(programId(one), one.file),
          checksums: [{ algorithm: 'SHA256', checksumValue: one.sha256 }],
          comment: `${counted(one.bytes, 'byte')}, ${one.architecture}`,
          primaryPackagePurpose: 'APPLICATION',
        })),
        ...parts.map(one => ({
          ...packageOf(partId(one), one.name),
          versionInfo: one.version,
          ...(one.purl !== null && {
            externalRefs: [
              {
                referenceCategory: 'PACKAGE-MANAGER',
                referenceType: 'purl',
                referenceLocator: one.purl,
              },
            ],
          }),
        })),
      ],
      relationships: [
        relation('SPDXRef-DOCUMENT', 'DESCRIBES', ROOT),
        ...programs.flatMap(one => [
          relation(ROOT, 'CONTAINS', programId(one)),
          ...linked(one).map(part => relation(programId(one), 'STATIC_LINK', partId(part))),
          ...parts
            .filter(part => part.isTool)
            .map(part => relation(partId(part), 'BUILD_TOOL_OF', programId(one))),
        ]),
      ],
    }),
  }
}

const ROOT = 'SPDXRef-Image'

const programId = ({ architecture }: Program): string => `SPDXRef-Program-${idText(architecture)}`
const partId = ({ name }: Part): string => `SPDXRef-Package-${idText(name)}`

const packageOf = (id: string, name: string) => ({
  SPDXID: id,
  name,
  downloadLocation: NONE,
  filesAnalyzed: false,
  licenseConcluded: NONE,
  licenseDeclared: NONE,
  copyrightText: NONE,
})

const partsOf = ({ madeWith, vendor }: ProgramInput) =>
  madeWith.map(({ name, version }) => ({
    name,
    version,
    isTool: name.startsWith('gcc-'),
    purl:
      vendor === null
        ? null
        : `pkg:deb/${vendor}/${encodeURIComponent(name)}@${encodeURIComponent(version)}`,
  }))

/** A cross compiler links with its own; the builder's own libraries are in the program of its own architecture. */
const librariesOf = ({ architecture }: Program, parts: readonly Part[]): Part[] => {
  const libraries = parts.filter(one => !one.isTool)
  const cross = libraries.filter(({ name }) => name.endsWith(`-${architecture}-cross`))
  return cross.length > 0 ? cross : libraries.filter(({ name }) => !name.endsWith('-cross'))
}

const applicationOf = ({ file, architecture, bytes, sha256 }: Program) => ({
  type: 'application',
  'bom-ref': file,
  name: file,
  hashes: [{ alg: 'SHA-256', content: sha256 }],
  properties: [
    { name: 'create-base-image:bytes', value: String(bytes) },
    { name: 'create-base-image:architecture', value: architecture },
  ],
})

const componentOf = ({ name, version, isTool, purl }: Part) => ({
  type: isTool ? 'application' : 'library',
  'bom-ref': name,
  name,
  version,
  // What makes the program is not in it.
  scope: isTool ? 'excluded' : 'required',
  ...(purl !== null && { purl }),
})
