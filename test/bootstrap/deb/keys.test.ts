import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fingerprintOf, readKeys } from '../../../src/bootstrap/deb/keys.ts'

const FOLDER = join(import.meta.dirname, '../../../assets/keys')

interface Row {
  readonly file: string
  readonly fingerprint: string
  readonly name: string
  readonly distribution: string
  readonly removed: boolean
  readonly expires: string | null
}

const { keys } = JSON.parse(readFileSync(join(FOLDER, 'keys.json'), 'utf8')) as { keys: Row[] }

test('the list and the folder have the same files', () => {
  const files = readdirSync(FOLDER).filter(name => name !== 'keys.json')
  expect(files.toSorted()).toEqual(keys.map(({ file }) => file).toSorted())
})

test.each(keys)('$name is the key that it is listed as, without a private part', async row => {
  const certificate = readFileSync(join(FOLDER, row.file))
  const [key, ...others] = await readKeys([{ ...row, certificate }])
  expect(others).toEqual([])
  expect(fingerprintOf(key!)).toBe(row.fingerprint)
  expect(key!.isPrivate()).toBe(false)
  const expires = await key!.getExpirationTime()
  expect(expires instanceof Date ? expires.toISOString().slice(0, 10) : null).toBe(row.expires)
  expect(certificate.length).toBeLessThan(10_000)
})

test('the keys of the releases that live are there', () => {
  const named = (pattern: RegExp) => keys.filter(({ name }) => pattern.test(name)).length
  expect(named(/bookworm/)).toBe(3)
  expect(named(/trixie/)).toBe(3)
  expect(named(/Ubuntu Archive Automatic Signing Key \((2012|2018)\)/)).toBe(2)
})

test('all keys of a file are read, armoured one after the other, with text between', async () => {
  const few = keys.slice(0, 3)
  const texts = few.map(({ file }) => readFileSync(join(FOLDER, file), 'latin1'))
  for (const text of texts) expect(text).toContain('-----BEGIN PGP PUBLIC KEY BLOCK-----')
  const certificate = Buffer.from(texts.map((text, n) => `key ${n}\n${text}\n`).join(''), 'latin1')
  const read = await readKeys([{ file: 'all.asc', certificate }])
  expect(read.map(fingerprintOf)).toEqual(few.map(({ fingerprint }) => fingerprint))
  const cut = certificate.subarray(0, certificate.length - 100)
  await expect(readKeys([{ file: 'all.asc', certificate: cut }])).rejects.toMatchObject({
    code: 'keyring-malformed',
  })
})
