// Prints what this package holds, as CycloneDX 1.6: itself, and the libraries that are bundled in dist or lie in
// dist/vendor, their licences and the hashes that the lockfile has.
//   node scripts/sbom.mjs >sbom.cdx.json
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packagesIn } from './build/licences.mjs'
import { VENDORED } from './build/vendor.mjs'

/** The build wrote a licence for each library that left something in the bundles, and for no other. */
const LICENCES = 'dist/THIRD-PARTY-LICENCES.txt'

const read = path => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')
const json = path => JSON.parse(read(path))

/** The bill of materials of what `npm run build` made. Throws when a library in it is not in the lockfile. */
const sbom = () => {
  const { name, version, license, description } = json('package.json')
  const components = [...packagesIn(read(LICENCES)), ...vendoredPackages()].map(componentOf)
  const ref = purlOf(name, version)
  const body = {
    metadata: {
      tools: { components: [{ type: 'application', name: 'scripts/sbom.mjs', version }] },
      component: {
        type: 'application',
        'bom-ref': ref,
        name,
        version,
        description,
        licenses: [licenceOf(license)],
        purl: ref,
      },
    },
    components,
    dependencies: [{ ref, dependsOn: components.map(({ purl }) => purl) }],
  }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(body))}`,
    version: 1,
    ...body,
  }
}

const vendoredPackages = () =>
  Object.keys(VENDORED).map(name => json(`node_modules/${name}/package.json`))

const componentOf = ({ name, version, license }) => {
  const purl = purlOf(name, version)
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    licenses: [licenceOf(license)],
    hashes: [{ alg: 'SHA-512', content: hashOf(name, version) }],
    purl,
  }
}

/** The SHA-512 of the archive that the registry serves. */
const hashOf = (name, version) => {
  const found = Object.entries(lockfile.packages).find(
    ([path, locked]) => path.endsWith(`node_modules/${name}`) && locked.version === version,
  )
  const base64 = /^sha512-(.+)$/.exec(found?.[1].integrity ?? '')?.[1]
  if (base64 === undefined)
    throw new Error(`package-lock.json has no SHA-512 of ${name} ${version}.`)
  return Buffer.from(base64, 'base64').toString('hex')
}

const lockfile = json('package-lock.json')

const licenceOf = text =>
  /^[\w.-]+$/.test(text) ? { license: { id: text } } : { expression: text }

const purlOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`

/** A version 8 UUID (RFC 9562): of the contents, so that the same package has the same. */
const uuidOf = text => {
  const digest = createHash('sha256').update(text).digest('hex')
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}

console.log(JSON.stringify(sbom(), null, 2))
