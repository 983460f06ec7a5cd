import { defineConfig } from 'vitest/config'

/** The tool by Node for Windows under wine, in the root that scripts/windows-node.sh prints (CBI_WINDOWS). */
export default defineConfig({
  test: {
    include: ['test/windows/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['./scripts/build/fresh.mjs'],
    reporters: ['verbose', './scripts/summary-reporter.mjs'],
  },
})
