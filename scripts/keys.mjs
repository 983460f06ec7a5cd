// Renews assets/keys from the keyring packages in Debian's archive, and prints the fingerprints.
//
//   node scripts/keys.mjs [MIRROR]      MIRROR: of Debian; the first of this machine's own apt sources unless told
//
// The packages are taken from a signed index that is verified with the keys that are here already. What is new must be
// compared with what the distributions say (https://ftp-master.debian.org/keys.html) before it is committed.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { readKeys } from 'openpgp'
import { temporaryFolder } from './temporary/folder.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'assets/keys')
const SUITE = 'trixie'

/** The keyrings in each package; those of removed keys are for releases that have ended. */
const KEYRINGS = [
  [
    'debian',
    'debian-archive-keyring',
    'debian-archive-keyring.pgp',
    'debian-archive-removed-keys.pgp',
  ],
  ['ubuntu', 'ubuntu-keyring', 'ubuntu-archive-keyring.gpg'],
]

const work = temporaryFolder('keys-')
const mirror = process.argv[2] ?? (await ownMirror())
const index = await trustedIndex(mirror)
const now = Date.now()
const listed = []
for (const [distribution, name, ...rings] of KEYRINGS)
  for (const ring of rings) listed.push(...(await keysOf(index, distribution, name, ring, now)))
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for (const { file, armored } of listed) await writeFile(join(folder, file), armored)
const rows = listed.map(({ armored: _armored, ...row }) => row)
await writeFile(join(folder, 'keys.json'), `${JSON.stringify({ keys: rows }, null, 2)}\n`)
for (const { fingerprint, name, expires } of rows)
  console.log(`${fingerprint}  ${name}${expires === null ? '' : `, until ${expires}`}`)

async function ownMirror() {
  const lists = await readdir('/etc/apt/sources.list.d')
  const files = ['/etc/apt/sources.list', ...lists.map(name => `/etc/apt/sources.list.d/${name}`)]
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    const found = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s*(https?:\/\/\S+\/debian)\/?(?:\s|$)/m.exec(text)
    if (found !== null) return found[1]
  }
  throw new Error('This machine has no apt source of Debian: name a mirror.')
}

/** The index of a suite, opened by our own code. */
async function trustedIndex(archive) {
  const outfile = join(work, 'deb.mjs')
  const contents = `export * from './suite.ts'; export * from './packages-index.ts'`
  const resolveDir = join(root, 'src/bootstrap/deb')
  await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    plugins: [
      {
        name: 'beside',
        setup: build =>
          build.onResolve({ filter: /^(openpgp|xz-decompress|fzstd)$/ }, ({ path }) => ({
            path: import.meta.resolve(path),
            external: true,
          })),
      },
    ],
    logLevel: 'error',
  })
  const { openSuite, fetchIndexes, openPackages } = await import(pathToFileURL(outfile).href)
  const { keys } = JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8'))
  const request = {
    codename: SUITE,
    architecture: 'amd64',
    now: Date.now(),
    snapshot: false,
    keys: await Promise.all(
      keys.map(async ({ file, fingerprint }) => ({
        file,
        fingerprint,
        certificate: await readFile(join(folder, file)),
      })),
    ),
  }
  const source = { archive, suite: SUITE, components: ['main'], role: 'release', optional: false }
  const fetcher = { bytes: async ({ url }) => ({ bytes: await fetched(url), from: 'network' }) }
  const opening = { request, fetcher, signal: new AbortController().signal }
  const suite = await openSuite(source, opening)
  return openPackages(await fetchIndexes(suite, opening), 'amd64')
}

async function fetched(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
}

/** The keys of one keyring that can still sign, each with its own signatures alone. */
async function keysOf(index, distribution, name, ring, now) {
  const { url, sha256, version } = index.newest(name)
  const deb = await fetched(url)
  if (createHash('sha256').update(deb).digest('hex') !== sha256)
    throw new Error(`${url} has another hash`)
  const path = join(work, `${name}.deb`)
  await writeFile(path, deb)
  const tar = execFileSync('dpkg-deb', ['--fsys-tarfile', path], { maxBuffer: 64e6 })
  const binaryKeys = execFileSync('tar', ['-xO', `./usr/share/keyrings/${ring}`], {
    input: tar,
    maxBuffer: 16e6,
  })
  const keys = await readKeys({ binaryKeys })
  const rows = await Promise.all(
    keys.map(key => rowOf(key, distribution, `${name} ${version}`, ring, now)),
  )
  return rows.flatMap(row => row ?? [])
}

async function rowOf(key, distribution, source, ring, now) {
  const usable = await key.getSigningKey(undefined, new Date(now)).catch(() => null)
  // What signs installation discs signs no index.
  if (usable === null || /CD Image/.test(key.users[0].userID.userID)) return null
  for (const user of key.users) user.otherCertifications = []
  // They only name who else may revoke the key, which openpgp does not heed, and they are half of its size.
  key.directSignatures = key.directSignatures.filter(
    ({ revocationKeyClass }) => revocationKeyClass === null,
  )
  const expires = await key.getExpirationTime()
  const fingerprint = key.getFingerprint().toUpperCase()
  return {
    file: `${distribution}-${fingerprint}.asc`,
    fingerprint,
    name: key.users[0].userID.userID,
    distribution,
    removed: ring.includes('removed'),
    expires: expires instanceof Date ? expires.toISOString().slice(0, 10) : null,
    source,
    armored: key.armor(),
  }
}
