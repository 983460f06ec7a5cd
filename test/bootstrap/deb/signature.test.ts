import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { verifySigned } from '../../../src/bootstrap/deb/signature.ts'
import { makeSigner, signText } from './signed.ts'

const MADE = new Date('2026-01-01T00:00:00Z')
const SIGNED = new Date('2026-02-01T00:00:00Z')
const NOW = Date.parse('2026-03-01T00:00:00Z')
const TEXT = 'Suite: stable\nCodename: bookworm\n- dashed\n'

const [ours, other, brief] = await Promise.all([
  makeSigner(MADE),
  makeSigner(MADE),
  makeSigner(MADE, 40),
])
const signed = await signText(TEXT, [ours], SIGNED)
const codeOf = (bytes: Uint8Array, keys = [ours.key], now = NOW) =>
  verifySigned(bytes, keys, now, 'The index').then(
    ({ text }) => text,
    (error: { code: string }) => error.code,
  )

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/bootstrap/${name}`, import.meta.url))

test('a good signature gives the signed text and who signed', async () => {
  const { text, signedBy } = await verifySigned(signed, [ours.key, other.key], NOW, 'The index')
  expect(text).toBe(TEXT)
  expect(signedBy).toEqual([ours.key.fingerprint])
})

test('one good signature among unknown ones is enough', async () => {
  expect(await codeOf(await signText(TEXT, [other, ours], SIGNED))).toBe(TEXT)
})

test('a changed text, an unknown key, an expired key, no signature, a page: each its own', async () => {
  expect(await codeOf(Buffer.from(signed.toString().replace('stable', 'stible')))).toBe(
    'signature-wrong',
  )
  expect(await codeOf(signed, [other.key])).toBe('key-unknown')
  expect(await codeOf(await signText(TEXT, [brief], SIGNED), [brief.key])).toBe('key-expired')
  expect(await codeOf(Buffer.from(TEXT))).toBe('index-unsigned')
  expect(await codeOf(signed.subarray(0, signed.length - 60))).toBe('index-unsigned')
  expect(await codeOf(Buffer.from('<!doctype html><p>Log in</p>'))).toBe('index-unsigned')
})

test('a key that was revoked, even by a signature from before', async () => {
  const { revokeKey } = await import('openpgp')
  const { publicKey } = await revokeKey({ key: ours.privateKey, date: SIGNED, format: 'armored' })
  const revoked = { file: 'archive.asc', certificate: Buffer.from(publicKey) }
  expect(await codeOf(signed, [revoked])).toBe('key-revoked')
})

test('a signature by SHA-1, which gpg still makes when it is told to, is weak', async () => {
  const key = { file: 'sha1.asc', certificate: fixture('sha1.asc') }
  expect(await codeOf(fixture('sha1.InRelease'), [key])).toBe('signature-weak')
})

test('a key on a curve that Node does not verify is named, and is in nobody’s way', async () => {
  const key = { file: 'brainpool.asc', certificate: fixture('brainpool.asc') }
  expect(await codeOf(fixture('brainpool.InRelease'), [key])).toBe('key-unsupported')
  expect(await codeOf(signed, [key, ours.key])).toBe(TEXT)
})

test('text around the signed part is refused, so that nobody reads it', async () => {
  expect(await codeOf(Buffer.concat([Buffer.from('Suite: evil\n\n'), signed]))).toBe(
    'index-unsigned',
  )
  expect(await codeOf(Buffer.concat([signed, Buffer.from('\nSuite: evil\n')]))).toBe(
    'index-unsigned',
  )
})

test('a clock that is behind is no matter of the signature', async () => {
  expect(await codeOf(signed, [ours.key], Date.parse('2020-01-01'))).toBe(TEXT)
})

test('a key file without the key it is listed with, or without any, is refused by its name', async () => {
  const wrong = { ...other.key, fingerprint: ours.key.fingerprint! }
  await expect(verifySigned(signed, [wrong], NOW, 'It')).rejects.toMatchObject({
    code: 'keyring-malformed',
    message: expect.stringContaining('archive.asc') as string,
  })
  const none = { file: 'none.gpg', certificate: Buffer.from('no key') }
  expect(await codeOf(signed, [none])).toBe('keyring-malformed')
  expect(await codeOf(signed, [{ ...none, certificate: Buffer.alloc(0) }])).toBe(
    'keyring-malformed',
  )
})
