import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ARCHES } from '../../src/catalog/arches.ts'
import { inspectFile } from '../../src/elf/file-kind.ts'
import { rawProgram } from '../../src/elf/raw.ts'
import { RAW_ARCHES, type RawArch } from '../../src/elf/raw-code.ts'
import { archOf } from '../../src/engine/arch.ts'
import { refusal } from '../../src/elf/refusal.ts'
import { isHere, temporaryFolder } from './samples.ts'

const QEMU = 'qemu-aarch64-static'
const linux = process.platform === 'linux'
const here = archOf(process.arch)
const runsAmd64 = linux && here === 'amd64'

/** How QEMU's user emulation names an architecture. */
const EMULATORS: Readonly<Record<RawArch, string>> = {
  amd64: 'qemu-x86_64-static',
  arm64: QEMU,
  arm: 'qemu-arm-static',
  '386': 'qemu-i386-static',
  ppc64le: 'qemu-ppc64le-static',
  s390x: 'qemu-s390x-static',
  riscv64: 'qemu-riscv64-static',
  loong64: 'qemu-loongarch64-static',
}

const written = (message: string, arch: RawArch): string => {
  const path = join(temporaryFolder(), 'hello')
  writeFileSync(path, rawProgram(message, arch), { mode: 0o755 })
  return path
}

/** The words that run a program for `arch` on this machine. */
const commandFor = (path: string, arch: RawArch): [string, ...string[]] =>
  arch === here ? [path] : [EMULATORS[arch], path]

const run = (message: string, arch: RawArch, stdout: 'pipe' | number = 'pipe') => {
  const [program, ...args] = commandFor(written(message, arch), arch)
  return spawnSync(program, args, { stdio: ['ignore', stdout, 'pipe'], maxBuffer: 200_000 })
}

for (const arch of RAW_ARCHES) {
  const runs = linux && (arch === here || isHere(EMULATORS[arch]))
  const reason = `(needs Linux on ${arch}, or ${EMULATORS[arch]})`

  test.skipIf(!runs).each(['Hello from scratch!\n', 'Grüße, 世界 👋', 'x', ''])(
    `the raw program for ${arch} prints %j and exits 0 ${reason}`,
    message => {
      const { status, stdout, stderr } = run(message, arch)
      expect(stdout?.toString()).toBe(message)
      expect(stderr.toString()).toBe('')
      expect(status).toBe(0)
    },
  )

  test.skipIf(!runs).each([255, 256, 3000, 65_535, 65_536])(
    `the raw program for ${arch} prints %i bytes in full ${reason}`,
    length => {
      const message = 'abcdefg'.repeat(10_000).slice(0, length)
      const { status, stdout } = run(message, arch)
      expect(stdout?.toString()).toBe(message)
      expect(status).toBe(0)
    },
  )

  test.skipIf(!runs || !existsSync('/dev/full'))(
    `the raw program for ${arch} exits 1 when the disk is full ${reason}`,
    () => {
      const full = openSync('/dev/full', 'w')
      const { status } = run('Hello\n', arch, full)
      closeSync(full)
      expect(status).toBe(1)
    },
  )

  test.skipIf(!runs)(`the raw program for ${arch} exits 1 when stdout is closed ${reason}`, () => {
    const command = commandFor(written('Hello\n', arch), arch)
    const { status } = spawnSync('sh', ['-c', 'exec "$@" >&-', 'sh', ...command])
    expect(status).toBe(1)
  })

  test.skipIf(!runs)(
    `the raw program for ${arch} fails when its reader is gone ${reason}`,
    async () => {
      const command = commandFor(written('Hello\n', arch), arch)
      const child = spawn('sh', ['-c', 'read line; exec "$@"', 'sh', ...command])
      child.stdout.destroy()
      await new Promise(resolve => child.stdout.once('close', resolve))
      child.stdin.end('go\n')
      const code = await new Promise(resolve => child.once('exit', resolve))
      expect(code).not.toBe(0)
    },
  )
}

test.skipIf(!runsAmd64)('a short write is reported as exit code 1 (needs Linux on amd64)', () => {
  const path = written('x'.repeat(2000), 'amd64')
  const out = join(temporaryFolder(), 'out')
  // `ulimit -f 1` lets a file grow to one block; the signal for more is ignored.
  const script = `trap '' XFSZ; ulimit -f 1; exec "$1" > "$2"`
  const { status } = spawnSync('sh', ['-c', script, 'sh', path, out])
  expect(status).toBe(1)
})

test('it is written for each architecture that --arch takes, and for no other', () => {
  expect(ARCHES).toEqual(RAW_ARCHES)
})

test.skipIf(!isHere('readelf')).each(RAW_ARCHES)(
  'readelf finds nothing to warn of in the raw program for %s (needs readelf)',
  arch => {
    const path = written('Hello\n', arch)
    const { status, stdout, stderr } = spawnSync('readelf', ['-h', '-l', '-W', path])
    expect(status).toBe(0)
    expect(stderr.toString()).toBe('')
    expect(stdout.toString()).toMatch(/LOAD\s+0x0+ 0x0*400000 /)
  },
)

test.skipIf(!isHere(QEMU)).each(['4096', '16384', '65536'])(
  `the raw program for arm64 runs with pages of %s bytes (needs ${QEMU})`,
  page => {
    const { status, stdout } = spawnSync(QEMU, ['-p', page, written('Hello\n', 'arm64')])
    expect(stdout.toString()).toBe('Hello\n')
    expect(status).toBe(0)
  },
)

test.each(RAW_ARCHES)('the raw program for %s may go into a scratch image', async arch => {
  const file = await inspectFile(written('Hello\n', arch))
  expect(file).toMatchObject({ kind: 'elf', elf: { arch, linkage: 'static', type: 'executable' } })
  expect(refusal(file, 'hello', arch)).toBeNull()
})

test('the raw program for arm64 is aligned for pages of 64 KiB', () => {
  const view = new DataView(rawProgram('Hello\n', 'arm64').buffer)
  const [offset, address, alignment] = [8, 16, 48].map(at => view.getBigUint64(64 + at, true))
  expect(alignment).toBe(0x10000n)
  expect((address ?? 1n) % 0x10000n).toBe(offset)
})

test('the same message gives the same bytes, headers and code and message only', () => {
  expect(rawProgram('Hello\n', 'amd64')).toEqual(rawProgram('Hello\n', 'amd64'))
  expect(rawProgram('Hello\n', 'amd64')).toHaveLength(120 + 37 + 6)
  expect(rawProgram('Hello\n', 'arm64')).toHaveLength(120 + 40 + 6)
})

test('a message that is too long, or has a NUL, is a RangeError', () => {
  expect(() => rawProgram('x'.repeat(65_537), 'amd64')).toThrow(RangeError)
  expect(() => rawProgram('ü'.repeat(32_769), 'arm64')).toThrow(/65538 bytes/)
  expect(() => rawProgram('a\0b', 'amd64')).toThrow(RangeError)
})

test.each(['mips64le', 'toString', ''])(
  'an architecture that is not known is a RangeError: %j',
  arch => {
    expect(() => rawProgram('Hello\n', arch as RawArch)).toThrow(RangeError)
  },
)
