import { expect, test } from 'vitest'
import { room } from '../oci/room.ts'
import { fuzzCommandLines } from './command-lines.ts'
import { fuzz, targets } from './targets.ts'

// Fewer where somebody waits for the tests; .ci/run asks for 10,000.
const INPUTS = Number(process.env['CBI_FUZZ'] ?? 1000)

test.each(targets)(
  `${INPUTS} mutated inputs for $name end in no error but those that are meant`,
  async target => {
    await expect(fuzz(target, INPUTS, 1, await room())).resolves.toBeUndefined()
  },
  600_000,
)

// A command line costs about a hundred times what a mutated input does.
const LINES = Number(process.env['CBI_FUZZ_LINES'] ?? 50)

test(`${LINES} random command lines end in our own words, by our exit codes, in their folder`, async () => {
  await expect(fuzzCommandLines(LINES, 1, await room())).resolves.toBeUndefined()
}, 600_000)
