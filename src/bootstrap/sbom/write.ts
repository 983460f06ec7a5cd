import { createHash } from 'node:crypto'
import type { PackageRecord } from '../types.ts'
import type { InstalledPackage, RootFacts } from './facts.ts'
import { cycloneDx } from './cyclonedx.ts'
import { spdx } from './spdx.ts'

/** What an SBOM describes. */
export interface SbomInput {
  /** Of the root filesystem or image: `debian bookworm`. */
  readonly name: string
  readonly facts: RootFacts
  /** The verified packages, with their hashes and where they are from. */
  readonly packages: readonly Pick<
    PackageRecord,
    'name' | 'version' | 'architecture' | 'sha256' | 'url'
  >[]
  /** Seconds since 1970 that the documents bear. */
  readonly epoch: number
  /** Of this tool. */
  readonly toolVersion: string
}

/** A package with what an SBOM says about it. */
export interface Listed extends InstalledPackage {
  /** https://github.com/package-url/purl-spec/blob/main/types/deb-definition.json */
  readonly purl: string
  /** Of the .deb, or null for a package that did not come from a verified index. */
  readonly sha256: string | null
  readonly url: string | null
}

/** What every document begins with. */
export interface Frame extends Pick<SbomInput, 'name' | 'toolVersion'> {
  /** ISO 8601, whole seconds. */
  readonly date: string
  /** Of the contents, so that the same contents give the same documents. */
  readonly digest: string
}

/** What both forms are written from. */
export interface Contents extends Frame, Pick<SbomInput, 'facts'> {
  readonly packages: readonly Listed[]
}

/** Names of the forms, by how a file of them ends. */
export const SBOM_ENDINGS = { spdx: '.spdx.json', cdx: '.cdx.json' } as const

/** The texts of the forms. */
export type Sboms = Readonly<Record<keyof typeof SBOM_ENDINGS, string>>

/** Returns the SBOM of a root filesystem as SPDX 2.3 and as CycloneDX 1.6; the same packages give the same texts. */
export const sbomsOf = (input: SbomInput): Sboms => {
  const { name, facts, toolVersion, epoch } = input
  const known = new Map(input.packages.map(one => [keyOf(one), one]))
  const packages = facts.packages.map(one => {
    const { sha256 = null, url = null } = known.get(keyOf(one)) ?? {}
    return { ...one, purl: purlOf(one, facts), sha256, url }
  })
  const digest = createHash('sha256')
    .update(JSON.stringify([name, packages]))
    .digest('hex')
  const contents: Contents = { name, facts, toolVersion, packages, date: dateOf(epoch), digest }
  return { spdx: textOf(spdx(contents)), cdx: textOf(cycloneDx(contents)) }
}

/** Returns seconds since 1970 as the documents have them. */
export const dateOf = (epoch: number): string =>
  new Date(epoch * 1000).toISOString().replace('.000', '')

/** Returns a document as it is written. */
export const textOf = (document: unknown): string => `${JSON.stringify(document, null, 1)}\n`

const keyOf = (one: Pick<PackageRecord, 'name' | 'version' | 'architecture'>): string =>
  `${one.name} ${one.version} ${one.architecture}`

const purlOf = (one: InstalledPackage, { distribution, release }: RootFacts): string => {
  const { name, version, architecture, source, sourceVersion } = one
  const upstream = sourceVersion === version ? source : `${source}@${sourceVersion}`
  const qualifiers = [
    ['arch', architecture],
    ['distro', release === '' ? '' : `${distribution}-${release}`],
    ['upstream', upstream === name ? '' : upstream],
  ].flatMap(([key, value]) => (value === '' ? [] : `${key}=${encodeURIComponent(value!)}`))
  const place = [distribution || 'debian', name].map(encodeURIComponent).join('/')
  return `pkg:deb/${place}@${encodeURIComponent(version)}?${qualifiers.join('&')}`
}
