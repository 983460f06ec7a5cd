import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { changedBy } from '../../src/learn/changed.ts'
import type { Step } from '../../src/plan/types.ts'

const BUILD: Step = {
  id: 'build',
  title: '',
  why: '',
  pipeline: [],
  to: { kind: 'log' },
  reader: 'lines',
}

test.skipIf(process.platform === 'win32').each([
  ['Docker', '781312'],
  ['Podman, which rounds', '781 kB'],
])('a layer is as large as %s says in its history', async (_, size) => {
  const directory = mkdtempSync(join(tmpdir(), 'cbi-changed-'))
  try {
    const program = join(directory, 'engine')
    writeFileSync(
      program,
      `#!/bin/sh\nprintf '0\\tCMD ["/hello"]\\t\\n${size}\\tADD hello /\\t\\n'\n`,
    )
    chmodSync(program, 0o755)
    const lines = await changedBy(
      BUILD,
      ['engine build --tag hello .'],
      { directory, client: { program, cwd: directory, env: process.env } },
      { width: 80, unicode: true },
    )
    expect(lines.find(line => line.includes('layer'))).toMatch(/ADD hello \/ +781 kB /)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
