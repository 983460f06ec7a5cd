import { expect, test } from 'vitest'
import { room } from '../oci/room.ts'
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
