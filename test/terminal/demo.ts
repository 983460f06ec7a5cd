import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { assetsFolder } from '../../src/assets.ts'
import { open, type Terminal } from './terminal.ts'

/** Where the bundle is in the folder that the demo runs in. */
const BUILT = '.built'

/** The Node that runs the program under test; another one than the tests' own by TERMINAL_NODE. */
export const NODE = process.env['TERMINAL_NODE'] ?? process.execPath

/** The wizard with made-up facts, in a terminal. */
export type OpenDemo = (
  args?: readonly string[],
  options?: Parameters<typeof open>[2] & { readonly shell?: string },
) => Terminal

/** Builds the demo for a test file, and ends what a failed test left running. Returns how to open it. */
export const useDemo = (
  fixture = 'wizard-demo.ts',
): { readonly open: OpenDemo; readonly folder: () => string } => {
  let folder = ''
  const running: Terminal[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wizard-'))
    // What ships beside dist must be found beside this bundle too.
    await mkdir(join(folder, BUILT))
    await symlink(assetsFolder(), join(folder, BUILT, 'assets'))
    await build({
      entryPoints: [fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url))],
      outfile: join(folder, BUILT, 'dist', 'demo.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      define: { 'process.env.NODE_ENV': '"production"' },
      plugins: [withoutDevtools],
      banner: {
        js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
      },
    })
  })
  afterEach(() => running.splice(0).forEach(terminal => terminal.kill()))
  afterAll(() => rm(folder, { recursive: true }))
  return {
    folder: () => folder,
    open: (args = [], { shell, ...options } = {}) => {
      const demo = [join(folder, BUILT, 'dist', 'demo.mjs'), ...args]
      const terminal =
        shell === undefined
          ? open(NODE, demo, { cwd: folder, ...options })
          : open('bash', ['--norc', '-c', shell, NODE, ...demo], {
              cwd: folder,
              ...options,
            })
      running.push(terminal)
      return terminal
    },
  }
}

/** The pattern of a question that is drawn to its last line. */
export const whole = ({ source }: RegExp): RegExp => new RegExp(`${source}[^]*Ctrl-C leave$`)

/** The wizard's end, which the demo prints on its last line. */
export const endOf = (terminal: Terminal): Record<string, unknown> => {
  const line = terminal.raw().trimEnd().split('\n').at(-1) ?? ''
  return JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>
}

/** Ink imports its developer tools only when they are asked for, and they are not installed. */
const withoutDevtools: Plugin = {
  name: 'without-devtools',
  setup: build => {
    build.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({
      path,
      namespace: 'none',
    }))
    build.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export default {}' }))
  },
}
