// Runs before each test file of the run that only looks: writes which functions the file's tests began.
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'

afterAll(() => {
  const hits = [...(globalThis.mutateHits ?? [])]
  writeFileSync(
    join(process.env.CBI_MUTATE_HITS, `${randomUUID()}.json`),
    JSON.stringify({ test: expect.getState().testPath, hits }),
  )
})
