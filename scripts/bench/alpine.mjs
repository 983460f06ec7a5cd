// Alpine without an engine, from a warm cache: indexes as long as the real ones, packages of their size.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { OURS, ROOT } from './places.mjs'
import { median } from './stats.mjs'
import { row, s } from './words.mjs'

const WHAT = 'alpine without an engine, an archive from a warm cache'
const BOUND = 2
const RELEASE = '3.20'
const ARCH = process.arch === 'arm64' ? 'aarch64' : 'x86_64'

/** How many packages the indexes of Alpine 3.20 tell of, about. */
const INDEXED = { main: 5600, community: 19_500 }

/** Only ours makes an archive without apk, so there is nothing to compare with: the bound is in seconds. */
export const alpine = async ({ runs }, room) => {
  const program = ['/usr/bin/busybox', '/bin/busybox'].find(existsSync)
  if (program === undefined)
    return [row(WHAT, { ours: 'not measured: it needs busybox-static on this machine' })]
  const mirror = await serveMirror(room, readFileSync(program))
  try {
    const all = []
    // The first one fills the cache.
    for (let i = 0; i <= runs; i++) all.push((await made(room, mirror)).wall)
    const wall = median(all.slice(1))
    const required = { bound: `at most ${BOUND} s`, met: wall <= BOUND }
    return [row(`${WHAT}, runs: ${runs}`, { ours: s(wall), ...required })]
  } finally {
    mirror.server.close()
  }
}

const made = async (room, { url, key }) => {
  const { directory } = room.fresh()
  const archive = `${directory}.tar`
  const words = ['--yes', '--engine', 'none', '--release', `alpine:${RELEASE}`, '--output', archive]
  const command = [...OURS, directory, ...words, '--mirror', url, '--keyring', key]
  const cache = `XDG_CACHE_HOME=${join(room.folder, 'alpine-cache')}`
  const figures = await room.measured(['env', cache, ...command])
  if (!existsSync(archive)) throw new Error(figures.stdout.slice(-1500))
  for (const path of [archive, directory]) rmSync(path, { recursive: true, force: true })
  return figures
}

/** Signed indexes of all packages, and the packages of the least: sizes are those of 3.20's, in kilobytes unpacked. */
const serveMirror = async (room, program) => {
  const { madeIndex, madePackage, signer } = await repositories(room)
  const us = signer('bench@example.org-5f1a2b3c.rsa.pub')
  const key = join(room.folder, us.key.name)
  writeFileSync(key, us.key.pem)
  const packages = leastOf(program).map(one => madePackage(one, us, ARCH))
  const files = new Map(packages.map(({ file, bytes }) => [`main/${ARCH}/${file}`, bytes]))
  for (const [repository, count] of Object.entries(INDEXED)) {
    const own = repository === 'main' ? packages.map(({ record }) => record) : []
    const others = Array.from({ length: count }, (_, at) => recordOf(`${repository}-${at}`))
    files.set(`${repository}/${ARCH}/APKINDEX.tar.gz`, madeIndex([...own, ...others], us))
  }
  const server = createServer(({ url }, to) => {
    const bytes = files.get(decodeURIComponent(url).replace(`/v${RELEASE}/`, ''))
    if (bytes === undefined) to.writeHead(404).end()
    else to.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, key, url: `http://127.0.0.1:${server.address().port}` }
}

/** What the tests make repositories with; it is TypeScript, which not every Node takes as it is. */
const repositories = async room => {
  const outfile = join(room.folder, 'repository.mjs')
  const entry = join(ROOT, 'test/bootstrap/apk/repository.ts')
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile })
  return import(pathToFileURL(outfile).href)
}

const leastOf = program => {
  const osRelease = `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${RELEASE}.3\nPRETTY_NAME="Alpine Linux v${RELEASE}"\n`
  return [
    {
      name: 'alpine-baselayout',
      depends: 'alpine-baselayout-data /bin/sh',
      files: [{ path: 'dev/' }, { path: 'proc/' }, { path: 'tmp/', mode: 0o1777 }],
    },
    {
      name: 'alpine-baselayout-data',
      files: [
        { path: 'etc/passwd', bytes: 'root:x:0:0:root:/root:/bin/sh\n' },
        { path: 'etc/group', bytes: 'root:x:0:\n' },
        { path: 'etc/shadow', bytes: 'root:*::0:::::\n', mode: 0o640, gid: 42 },
      ],
    },
    { name: 'alpine-keys', files: [{ path: 'etc/apk/keys/other.rsa.pub', bytes: 'another' }] },
    { name: 'alpine-release', files: [{ path: 'etc/os-release', bytes: osRelease }] },
    { name: 'apk-tools', depends: 'libcrypto3 libssl3 zlib', files: [sized('sbin/apk', 310)] },
    {
      name: 'busybox',
      depends: 'musl',
      files: [{ path: 'bin/busybox', bytes: program, mode: 0o755 }],
    },
    {
      name: 'busybox-binsh',
      provides: '/bin/sh',
      priority: 100,
      depends: 'busybox',
      files: [
        { path: 'bin/sh', link: '/bin/busybox' },
        { path: 'bin/cat', link: '/bin/busybox' },
      ],
    },
    { name: 'libc-utils', depends: 'musl-utils', files: [] },
    { name: 'musl', files: [sized('lib/ld-musl.so.1', 650)] },
    { name: 'musl-utils', depends: 'scanelf', files: [sized('usr/bin/ldd', 140)] },
    { name: 'scanelf', files: [sized('usr/bin/scanelf', 80)] },
    { name: 'zlib', files: [sized('lib/libz.so.1', 110)] },
    { name: 'libcrypto3', files: [sized('lib/libcrypto.so.3', 4500)] },
    { name: 'libssl3', depends: 'libcrypto3', files: [sized('lib/libssl.so.3', 800)] },
  ]
}

/** A file of so many kilobytes, half of which a compressor can't shrink. */
const sized = (path, kilobytes) => {
  const block = at => createHash('sha512').update(`${path} ${at}`).digest()
  const half = Buffer.concat(Array.from({ length: kilobytes * 8 }, (_, at) => block(at)))
  return { path, bytes: Buffer.concat([half, Buffer.alloc(half.length, path)]), mode: 0o755 }
}

/** A record as long as most are, of a package that nobody installs. */
const recordOf = name => {
  const sum = createHash('sha1').update(name).digest('base64')
  return `C:Q1${sum}\nP:${name}\nV:1.0-r0\nA:${ARCH}\nS:123456\nI:345678\nT:A package that ${name} stands for in this index\nU:https://example.org/projects/${name}\nL:GPL-2.0-or-later\no:${name}\nm:Somebody Maintains <somebody@example.org>\nt:1700000000\nc:${'0123456789abcdef'.repeat(2)}01234567\nD:so:libc.musl-${ARCH}.so.1 so:lib${name}.so.1\np:cmd:${name}=1.0-r0\n`
}
