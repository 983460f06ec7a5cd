import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { configureOnKernel, roomFor, type KernelRoot } from '../../../src/run/rootfs/kernel-root.ts'
import type { PackageRecord, PackageSet } from '../../../src/bootstrap/types.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { madeTar } from '../../bootstrap/stage/made-deb.ts'

const posix = test.skipIf(process.platform === 'win32')

const TREE = madeTar([
  { path: 'etc/' },
  { path: 'etc/issue', body: 'made here', mtime: 2_000_000_000 },
  { path: 'usr/' },
])

/** A script instead of own-kernel.sh that gives the tree, which it takes on stdin. */
const GIVES = 'cat'

interface Made {
  readonly lines: string[]
  readonly files: Record<string, { readonly text: string; readonly time: number }>
  readonly error: unknown
}

const configured = async (script: string, change: Partial<KernelRoot> = {}): Promise<Made> => {
  const lines: string[] = []
  const files: Made['files'] = {}
  const root: KernelRoot = {
    script,
    bytes: 5e6,
    staged: (async function* () {
      yield TREE
    })(),
    options: ['--slim'],
    epoch: 1_700_000_000,
    signal: new AbortController().signal,
    onLine: line => void lines.push(line),
    ...change,
  }
  const error: unknown = await configureOnKernel(root, async tar => {
    for await (const { path, body, mtime } of tarEntries(tar)) {
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(chunk)
      files[path] = { text: Buffer.concat(chunks).toString(), time: mtime }
    }
  }).then(
    () => null,
    (caught: unknown) => caught,
  )
  expect(getEventListeners(root.signal, 'abort')).toEqual([])
  return { lines, files, error }
}

posix('the staged tree goes in, what it became comes out, and its lines are heard', async () => {
  const script = `printf 'Setting up\\n%s\\n' "$*" >&2; [ "$OWN_TEXT" != '' ] && pwd >&2; ${GIVES}`
  const { error, lines, files } = await configured(script)
  expect(error).toBeNull()
  expect(lines).toEqual(['Setting up', 'make 5000000 1700000000 --slim', '/'])
  expect(files['etc/issue']!.text).toBe('made here')
  // No file is later than the packages.
  expect(files['etc/issue']!.time).toBe(1_700_000_000)
})

posix.each([
  ['before anything came', 'cat >/dev/null; echo "F: base-files" >&2; echo bad >&2; exit 1'],
  ['after all came', 'cat; echo "F: base-files" >&2; echo bad >&2; exit 1'],
  ['without reading', 'echo "F: base-files" >&2; echo bad >&2; exit 1'],
])('packages that fail %s are told by their last lines', async (_, script) => {
  expect((await configured(script)).error).toMatchObject({
    code: 'configure-failed',
    message: 'The packages could not be configured (base-files):\nbad',
    todo: [expect.stringContaining('Docker or Podman') as string],
  })
})

posix('an end without a tree is a failure, whatever the script says of it', async () => {
  expect((await configured('cat >/dev/null')).error).toMatchObject({ code: 'configure-failed' })
})

posix('memory that is full is told as that', async () => {
  const script = 'cat >/dev/null; echo "tar: x: No space left on device" >&2; exit 1'
  expect((await configured(script)).error).toMatchObject({
    code: 'memory-lacks',
    message:
      "Without an engine the tree is made in this machine's memory: it became larger than 5.0 MB, or than what is free.",
    todo: [
      'Take fewer packages, end other programs, or start Docker or Podman, which make it on disk.',
    ],
  })
})

posix('a tree that breaks off is told by its own error, and ends the script', async () => {
  const staged = (async function* () {
    yield Buffer.from('half')
    await Promise.reject(new Error('the disk is gone'))
  })()
  const { error, files } = await configured('cat >/dev/null; exec sleep 60', { staged })
  expect(error).toMatchObject({ message: 'the disk is gone' })
  expect(files).toEqual({})
})

posix('a stop ends the script, and is thrown on', async () => {
  const stop = new AbortController()
  const { error } = await configured('echo ready >&2; exec sleep 60', {
    signal: stop.signal,
    onLine: () => stop.abort('SIGTERM'),
  })
  expect(error).toBe('SIGTERM')
})

const record = (installedBytes: number, size = 0): PackageRecord =>
  ({ installedBytes, size }) as PackageRecord

const setOf = (change: Partial<PackageSet>): PackageSet =>
  ({ required: [], base: [], extras: [], ...change }) as PackageSet

test('the room is twice what the packages say with a tenth and 64 MB, and must be free', () => {
  const set = setOf({ required: [record(100e6)], base: [record(50e6)] })
  expect(roomFor(set, 1e9)).toBe(2 * (165e6 + 64e6))
  // Extra packages lie in the tree as archives too.
  const extras = setOf({ extras: [record(100e6, 10e6)] })
  expect(roomFor(extras, 1e9)).toBe(2 * (121e6 + 64e6))
  expect(roomFor(set, 229e6)).toBe(458e6)
  expect(() => roomFor(set, 228e6)).toThrow('needs 229 MB, and 228 MB are free')
})
