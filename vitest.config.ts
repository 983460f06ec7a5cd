import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { VENDORED } from './scripts/build/vendor.mjs'
import { Sequencer } from './scripts/sequencer.mjs'

const tests = 'test/**/*.test.{ts,tsx}'
const engineTests = 'test/engine/**/*.test.{ts,tsx}'

/** One file at a time for each engine: the tests of a file may look at all that their engine has. */
const engines = (process.env.CBI_ENGINES ?? '').split(delimiter).length

export default defineConfig({
  // The tests of src verify with the files that ship.
  resolve: {
    alias: { openpgp: fileURLToPath(new URL(VENDORED.openpgp.file, import.meta.url)) },
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What comes at some time comes late on a machine that has more to do.
    expect: { poll: { timeout: 30_000 } },
    globalSetup: './scripts/build/fresh.mjs',
    sequence: { sequencer: Sequencer },
    reporters: ['default', './scripts/summary-reporter.mjs'],
    projects: [
      {
        extends: true,
        test: {
          name: 'here',
          include: [tests],
          exclude: [engineTests, 'test/faults/**', 'test/windows/**'],
          maxWorkers: '100%',
          // It imports JSON in a way that only bundlers take.
          server: { deps: { inline: ['@actions/workflow-parser'] } },
          sequence: { groupOrder: 0 },
        },
      },
      // They bound how long a stop may take, so they come after all others.
      {
        extends: true,
        test: {
          name: 'engine',
          include: [engineTests],
          globalSetup: './test/engine/near-mirror.ts',
          setupFiles: ['./test/engine/own-engine.ts'],
          maxWorkers: engines,
          testTimeout: 400_000,
          hookTimeout: 400_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
