import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KEY, open } from './terminal/terminal.ts'

const BIN = fileURLToPath(new URL('../bin/create-base-image.js', import.meta.url))
const run = promisify(execFile)

/** Programs of other versions of Node; scripts/other-nodes.sh has them. */
const nodes = (process.env.CBI_NODES ?? '').split(delimiter).filter(Boolean)

/** `22`, of the folder that the program lies in. */
const lineOf = (node: string): string => /\/(\d+)\.[\d.]+\//.exec(node)?.[1] ?? node

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cbi-node-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(nodes.length === 0)('with another version of Node', () => {
  describe.each(nodes.map(node => [lineOf(node), node] as const))('Node %s', (line, node) => {
    const env = () => ({ PATH: process.env['PATH'], HOME: folder })
    const ours = async (...words: string[]): Promise<string> => {
      const { stdout, stderr } = await run(node, [BIN, ...words], { cwd: folder, env: env() })
      // Node's own warnings go there.
      expect(stderr).toBe('')
      return stdout
    }

    test('is that one, and gives help', async () => {
      expect((await run(node, ['--version'])).stdout).toMatch(new RegExp(`^v${line}\\.`))
      expect(await ours('--help')).toMatch(/^Exit codes$/m)
    })

    test('shows a plan', async () => {
      const flags = ['--plan', '--json', '--engine=none', '--release=bookworm', '--yes']
      const plan = JSON.parse(await ours(...flags)) as { readonly steps: readonly object[] }
      expect(plan.steps.length).toBeGreaterThan(3)
      expect(readdirSync(folder)).toEqual([])
    })

    test('ends a question by Ctrl-C, with nothing made', async () => {
      const terminal = open(node, [BIN], { cwd: folder, env: { HOME: folder } })
      await terminal.waitFor(/What kind of base image/)
      terminal.write(KEY.ctrlC)
      expect(await terminal.exit()).toBe(130)
      expect(readdirSync(folder)).toEqual([])
    })

    test('makes an archive, proves it and reads it', async () => {
      const told = await ours('--yes', '--engine=none', '--program=raw', '--json', 'hello')
      const events = told.trim().split('\n')
      expect(JSON.parse(events.at(-1)!)).toMatchObject({ type: 'outcome' })
      const image = JSON.parse(await ours('inspect', '--json', 'hello/hello.tar')) as object
      expect(image).toMatchObject({ verdict: 'right', references: ['hello:latest'] })
    })
  })
})
