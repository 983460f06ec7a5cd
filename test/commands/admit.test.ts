import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { admitGiven } from '../../src/commands/admit.ts'
import { given } from '../plan/minimal/inputs.ts'

const folder = mkdtempSync(join(tmpdir(), 'admit-'))
afterAll(() => rmSync(folder, { recursive: true }))

const keyOf = (text: string): string => {
  const path = join(folder, `${text.length}.key`)
  writeFileSync(path, text)
  return path
}

const PRIVATE = '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n'
const signedBy = (key: string, env: NodeJS.ProcessEnv): Promise<void> =>
  admitGiven(given('--program', 'raw', '--push', 'a/b', '--sign', key), 'amd64', env)

test.each([
  ['a file that is not there', () => join(folder, 'none.key'), /does not exist/],
  ['a public key', () => keyOf('-----BEGIN PUBLIC KEY-----\n'), /not a private key/],
  ['a key whose password nobody knows', () => keyOf(PRIVATE), /not in COSIGN_PASSWORD/],
])('%s signs nothing, and it is said before anything is made', async (_, key, message) => {
  await expect(signedBy(key(), {})).rejects.toThrow(message)
})

test('an empty password is one, and a key service has its own', async () => {
  await signedBy(keyOf(PRIVATE), { COSIGN_PASSWORD: '' })
  await signedBy('awskms:///alias/a', {})
})
