import { defineConfig } from 'vitest/config'

const tests = 'test/**/*.test.{ts,tsx}'
const engineTests = 'test/engine/**/*.test.{ts,tsx}'

export default defineConfig({
  test: {
    testTimeout: 30_000,
    globalSetup: './scripts/build/fresh.mjs',
    reporters: ['default', './scripts/summary-reporter.mjs'],
    projects: [
      {
        extends: true,
        test: {
          name: 'here',
          include: [tests],
          exclude: [engineTests, 'test/faults/**'],
          sequence: { groupOrder: 0 },
        },
      },
      // They share one engine and bound how long a stop may take, so one file at a time, after all others.
      {
        extends: true,
        test: {
          name: 'engine',
          include: [engineTests],
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 90_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
