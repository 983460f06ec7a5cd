import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAsset } from '../src/assets.ts'

const KEY = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n'
const SHELLS = ['dash', 'bash --posix', 'busybox sh']

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cbi secrets-'))
  for (const folder of ['etc/ssl/certs', 'root', 'home', 'srv', 'var/lib/dpkg/info'])
    mkdirSync(join(root, folder), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const files = (): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted()

describe.skipIf(process.platform !== 'linux').each(SHELLS)('secrets.sh in %s', shell => {
  const [program = '', ...words] = shell.split(' ')
  const skip = spawnSync(program, [...words, '-c', ':']).error !== undefined
  const run = (call: string): string[] => {
    const script = `set -eu\nsay() { echo "T: $*"; }\n${readAsset('families/shared/secrets.sh')}\n${call}\n`
    const said = execFileSync(program, [...words, '-c', script], { cwd: root, encoding: 'utf8' })
    return said.split('\n').filter(Boolean)
  }

  test.skipIf(skip)('a key goes wherever it is, with the certificate that was made for it', () => {
    put('etc/ssl/private/ssl-cert-snakeoil.key', KEY)
    put('etc/ssl/certs/ssl-cert-snakeoil.pem', '-----BEGIN CERTIFICATE-----\n')
    symlinkSync('ssl-cert-snakeoil.pem', join(root, 'etc/ssl/certs/26fef6f7.0'))
    put('etc/ssl/certs/ca-certificates.crt', '-----BEGIN CERTIFICATE-----\n')
    symlinkSync('/usr/share/ca.crt', join(root, 'etc/ssl/certs/ca.pem'))
    put('etc/ssh/ssh_host_ed25519_key', '-----BEGIN OPENSSH PRIVATE KEY-----\n')
    put('etc/ssh/ssh_host_ed25519_key.pub', 'ssh-ed25519 AAAA\n')
    put('var/lib/some service/private.pem', KEY.replace('PRIVATE', 'EC PRIVATE'))
    put('var/lib/systemd/random-seed', '\0\x01')
    const said = run('drop_secrets')
    expect(said).toHaveLength(4)
    expect(said).toContain(
      'T: remove /var/lib/some service/private.pem: all who start the image would share it',
    )
    expect(files()).toEqual(['etc/ssl/certs/ca-certificates.crt', 'etc/ssl/certs/ca.pem'])
    expect(run('secrets')).toEqual([])
  })

  test.skipIf(skip)('what a package brings as a file stays, and is no finding', () => {
    put('etc/example/server.key', KEY)
    put('var/lib/dpkg/info/example.list', '/etc\n/etc/example\n/etc/example/server.key\n')
    put('etc/example/made.key', KEY)
    expect(run('secrets')).toEqual(['etc/example/made.key'])
    run('drop_secrets')
    expect(files()).toEqual(['etc/example/server.key', 'var/lib/dpkg/info/example.list'])
  })

  test.skipIf(skip)('a tree without these folders, or without a secret, is as it was', () => {
    for (const folder of ['srv', 'home', 'var']) rmSync(join(root, folder), { recursive: true })
    put('etc/hosts', 'PRIVATE KEY\n')
    expect(run('drop_secrets')).toEqual([])
    expect(files()).toEqual(['etc/hosts'])
  })
})
