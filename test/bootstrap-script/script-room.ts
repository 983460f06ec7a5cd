import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { readAsset } from '../../src/assets.ts'

/** Whether the scripts can be run here. */
export const linux = process.platform === 'linux'

/** Returns the text of a script. */
export const textOf = (script: string): string =>
  readAsset(join(script === 'pack.sh' ? 'families/shared' : 'families/deb', script))

/** A folder for each test. */
export let folder: string
let temporary: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cbi bootstrap-'))
  temporary = mkdtempSync(join(tmpdir(), 'cbi-bootstrap-'))
})
afterEach(() => {
  const left = readdirSync(temporary)
  rmSync(folder, { recursive: true })
  rmSync(temporary, { recursive: true })
  // Only a container gets as far as to need these, and is removed with them.
  expect(left.filter(name => name !== 'wgetrc' && name !== 'cbi-wget')).toEqual([])
})

/** Runs a script as a container does: `sh -s`, the script on stdin, and nothing but the tools of `folder` before PATH. */
export const run = (script: string, args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync('sh', ['-s', '--', ...args], {
    input: textOf(script),
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      TMPDIR: temporary,
    },
    timeout: 20_000,
  })
  return { status, stdout, stderr }
}

/** Puts a program before all others on the PATH of `run`. */
export const tool = (name: string, script: string): void => {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'bin', name), 0o755)
}

/** A wget that writes this text to the file that it is asked for, or only says that there is one. */
export function writing(text: string): string {
  return `while [ $# -gt 0 ]; do [ "$1" != -O ] || [ "$2" = - ] || echo '${text}' >"$2"; shift; done`
}

/** Tells what debootstrap was called with, on fd 3 as debootstrap speaks, and ends with 7. */
export const TELLING = 'for word; do echo "called with $word" >&3; done; echo noise; exit 7'

/** Returns the words that it tells of. */
export const calledWith = (stderr: string): string[] =>
  [...stderr.matchAll(/^called with (.*)$/gm)].map(([, word]) => word ?? '')

/** A mknod that works, so that no stand-in is put on this machine. */
export const MAKES = 'for file; do case $file in /*) : >"$file" ;; esac; done'

/** A wget whose mirror has a signed index. */
export const SIGNED = writing('-----BEGIN PGP SIGNED MESSAGE-----')

/** What wget does when the server answers with this status. */
export const answering = (status: number): string => `echo '  HTTP/1.1 ${status} Words' >&2; exit 8`
export const ABSENT = answering(404)
