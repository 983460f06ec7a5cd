import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'

const schema = (name: string): object =>
  JSON.parse(
    readFileSync(new URL(`../../fixtures/sbom/${name}.schema.json`, import.meta.url), 'utf8'),
  ) as object

const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)
// Draft 7 has formats for names of other alphabets; no name here is in one.
for (const name of ['iri-reference', 'idn-email']) ajv.addFormat(name, true)
for (const name of ['spdx', 'jsf-0.82']) ajv.addSchema(schema(name))
/** Checks of both forms by their official schemas. */
export const forms = {
  cdx: ajv.compile(schema('bom-1.6')),
  spdx: ajv.compile(schema('spdx-2.3')),
}
