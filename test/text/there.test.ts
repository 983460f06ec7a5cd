import { symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readText } from '../../src/text/read-text.ts'
import { entryAt, thereAt } from '../../src/text/there.ts'
import { room } from '../oci/room.ts'

test('where nothing can be there is nothing: no entry, below a file, too long a name, a link to itself', async () => {
  const folder = await room()
  symlinkSync('loop', join(folder, 'loop'))
  for (const path of ['none', 'loop/x', 'x'.repeat(300), `${'d/'.repeat(3000)}x`]) {
    expect(thereAt(join(folder, path))).toBeUndefined()
    expect(entryAt(join(folder, path))).toBeUndefined()
  }
  expect(thereAt(join(folder, 'loop'))).toBeUndefined()
  expect(entryAt(join(folder, 'loop'))?.isSymbolicLink()).toBe(true)
  expect(thereAt(folder)?.isDirectory()).toBe(true)
})

test('a file below a name that is too long is read as one that is not there', () => {
  expect(readText(join(tmpdir(), 'x'.repeat(300), 'file'), { most: 10 })).toBeNull()
})
