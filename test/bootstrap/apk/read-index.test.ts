import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { keyRing } from '../../../src/bootstrap/apk/keys.ts'
import { readIndex } from '../../../src/bootstrap/apk/read-index.ts'
import { madeIndex, madePackage, signer } from './repository.ts'
import type { Digest } from './repository.ts'

const us = signer()
const stranger = signer('stranger@example.org-00000002.rsa.pub')
const record = madePackage(
  {
    name: 'busybox',
    version: '1.36.1-r29',
    depends: 'so:libc.musl-x86_64.so.1',
    provides: 'cmd:busybox=1.36.1-r29',
    priority: 100,
  },
  us,
).record

const read = (bytes: Buffer, keys = [us.key]) =>
  readIndex(bytes, keyRing(keys), { what: 'the index of v3.20/main', repository: 0 })

const code = (bytes: Buffer, keys = [us.key]) =>
  read(bytes, keys).then(
    () => 'none',
    (error: { code: string }) => error.code,
  )

test.each<Digest>(['RSA', 'RSA256'])('an index signed by %s is read', async digest => {
  const { packages, signedBy } = await read(madeIndex([record], us, digest))
  const [found] = packages
  expect(signedBy).toBe(us.name)
  expect(found).toMatchObject({ name: 'busybox', version: '1.36.1-r29', priority: 100 })
  expect(found?.depends.map(each => each.text)).toEqual(['so:libc.musl-x86_64.so.1'])
  expect(found?.provides).toEqual([{ name: 'cmd:busybox', version: '1.36.1-r29' }])
})

test('each fault has a code of its own', async () => {
  const good = madeIndex([record], us)
  const flipped = Buffer.from(good)
  flipped[good.length - 20] = (flipped[good.length - 20] ?? 0) ^ 0xff
  expect(await code(good)).toBe('none')
  expect(await code(good, [stranger.key])).toBe('key-unknown')
  expect(await code(madeIndex([record], null))).toBe('index-unsigned')
  expect(await code(flipped)).toBe('signature-wrong')
  expect(await code(Buffer.concat([good, gzipSync('more')]))).toBe('signature-wrong')
  expect(await code(Buffer.from('<!DOCTYPE html><html>Log in'))).toBe('page-instead')
  expect(await code(Buffer.from('ADBd....'))).toBe('apk-version-3')
  expect(await code(Buffer.alloc(0))).toBe('apk-malformed')
  expect(await code(good.subarray(0, 40))).toBe('apk-malformed')
  expect(await code(gzipSync('no tar'))).toBe('apk-malformed')
})

test('a nameless key, as of a person, is tried for any signature', async () => {
  expect(await code(madeIndex([record], us), [{ ...us.key, name: null }])).toBe('none')
  expect(await code(madeIndex([record], stranger), [{ ...us.key, name: null }])).toBe(
    'signature-wrong',
  )
})

test('a key of the same name that is not the same key is not believed', async () => {
  const forged = signer(us.name)
  expect(await code(madeIndex([record], forged))).toBe('signature-wrong')
})

test('a message names what was read and what to do', async () => {
  await expect(read(madeIndex([record], us), [stranger.key])).rejects.toMatchObject({
    message: `The index of v3.20/main is signed, but with a key that is not known here: ${us.name}.`,
    todo: [expect.stringContaining('--keyring')],
  })
})

test('records that this apk could not install are left out', async () => {
  const { packages } = await read(
    madeIndex(
      [record, record.replace('P:busybox', 'P:../busybox'), record.replace('T:', 'X:new\nT:')],
      us,
    ),
  )
  expect(packages.map(each => each.name)).toEqual(['busybox'])
})

test('keys are public RSA keys with their known fingerprint', () => {
  const pem = us.privateKey.export({ type: 'pkcs8', format: 'pem' })
  expect(() => keyRing([{ name: 'a', pem: Buffer.from(pem) }])).toThrow('it is not a public key')
  expect(() => keyRing([{ ...us.key, fingerprint: '00' }])).toThrow(
    'its fingerprint is not the one',
  )
  expect(() => keyRing([{ name: 'a', pem: Buffer.from('hello') }])).toThrow(
    'it is not a public key',
  )
})
