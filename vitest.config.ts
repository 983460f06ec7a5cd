import { defineConfig } from 'vitest/config'

const tests = 'test/**/*.test.{ts,tsx}'
const engineTests = 'test/engine/**/*.test.{ts,tsx}'

export default defineConfig({
  test: {
    testTimeout: 30_000,
    reporters: ['default', './scripts/summary-reporter.mjs'],
    projects: [
      { extends: true, test: { name: 'here', include: [tests], exclude: [engineTests] } },
      // They share one engine, so one file at a time.
      { extends: true, test: { name: 'engine', include: [engineTests], fileParallelism: false } },
    ],
  },
})
