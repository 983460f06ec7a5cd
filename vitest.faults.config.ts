import { defineConfig } from 'vitest/config'

/** The fault matrix: real faults on a real engine, one cell at a time. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    fileParallelism: false,
    globalSetup: ['./scripts/build/fresh.mjs', './test/engine/near-mirror.ts'],
    reporters: ['verbose', './scripts/summary-reporter.mjs'],
  },
})
