import { expect, test } from 'vitest'
import { programSboms, type ProgramInput } from '../../../src/bootstrap/sbom/program.ts'
import { forms } from './forms.ts'

const HELLO = { file: 'hello', architecture: 'amd64', bytes: 871_760, sha256: 'ab'.repeat(32) }
const input = (change: Partial<ProgramInput> = {}): ProgramInput => ({
  name: 'hello',
  programs: [HELLO],
  madeWith: [
    { name: 'gcc-9', version: '9.4.0-1ubuntu1~20.04.2' },
    { name: 'libc6-dev', version: '2.31-0ubuntu9.17' },
    { name: 'libgcc-9-dev', version: '9.4.0-1ubuntu1~20.04.2' },
  ],
  vendor: 'ubuntu',
  epoch: 0,
  toolVersion: '1.2.3',
  ...change,
})
const several = input({
  programs: ['amd64', 'arm64'].map(architecture => ({
    ...HELLO,
    file: `linux/${architecture}/hello`,
    architecture,
  })),
  madeWith: [
    { name: 'gcc-12', version: '12.2.0-14' },
    { name: 'libc6-dev', version: '2.36-9' },
    { name: 'libc6-dev-arm64-cross', version: '2.36-8cross1' },
  ],
  vendor: null,
})
const raw = input({ madeWith: [], vendor: null })

test.each([
  ['compiled', input()],
  ['for several architectures', several],
  ['written without a compiler', raw],
])('the SBOMs of a program that was %s are valid by their official schemas', (_, one) => {
  const sboms = programSboms(one)
  for (const form of ['spdx', 'cdx'] as const) {
    const document = JSON.parse(sboms[form]) as object
    forms[form](document)
    expect(forms[form].errors, form).toBeNull()
    expect(forms[form]({ ...document, [form === 'spdx' ? 'name' : 'specVersion']: 5 })).toBe(false)
  }
  expect(programSboms(one)).toEqual(sboms)
})

test('the program has its hash and size, the library is in it, and the compiler is not', () => {
  const { cdx, spdx } = programSboms(input())
  expect(JSON.parse(cdx)).toMatchObject({
    components: [
      {
        type: 'application',
        name: 'hello',
        hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }],
        properties: [{ value: '871760' }, { value: 'amd64' }],
      },
      { type: 'application', name: 'gcc-9', scope: 'excluded' },
      {
        type: 'library',
        name: 'libc6-dev',
        version: '2.31-0ubuntu9.17',
        scope: 'required',
        purl: 'pkg:deb/ubuntu/libc6-dev@2.31-0ubuntu9.17',
      },
      { type: 'library', name: 'libgcc-9-dev' },
    ],
    dependencies: [
      { ref: 'image', dependsOn: ['hello'] },
      { ref: 'hello', dependsOn: ['libc6-dev', 'libgcc-9-dev'] },
    ],
  })
  const program = 'SPDXRef-Program-amd64'
  expect(JSON.parse(spdx)).toMatchObject({
    packages: expect.arrayContaining([
      expect.objectContaining({
        SPDXID: program,
        checksums: [{ algorithm: 'SHA256', checksumValue: 'ab'.repeat(32) }],
        comment: '871760 bytes, amd64',
      }),
    ]) as unknown,
    relationships: [
      { relationshipType: 'DESCRIBES' },
      { relationshipType: 'CONTAINS', relatedSpdxElement: program },
      { relationshipType: 'STATIC_LINK', relatedSpdxElement: 'SPDXRef-Package-libc6-dev' },
      { relationshipType: 'STATIC_LINK', relatedSpdxElement: 'SPDXRef-Package-libgcc-9-dev' },
      { relationshipType: 'BUILD_TOOL_OF', spdxElementId: 'SPDXRef-Package-gcc-9' },
    ],
  })
})

test('each of several programs has the library of its own architecture', () => {
  expect(JSON.parse(programSboms(several).cdx)).toMatchObject({
    dependencies: [
      { ref: 'image' },
      { ref: 'linux/amd64/hello', dependsOn: ['libc6-dev'] },
      { ref: 'linux/arm64/hello', dependsOn: ['libc6-dev-arm64-cross'] },
    ],
  })
  // Whose packages they are is not known, so no address is claimed.
  expect(programSboms(several).cdx).not.toContain('pkg:deb')
})
