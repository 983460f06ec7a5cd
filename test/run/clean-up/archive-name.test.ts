import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { giveNameBack, rememberName } from '../../../src/run/clean-up/early-name.ts'
import type { RunContext } from '../../../src/run/context.ts'
import { digestOf } from '../../../src/run/project/files.ts'
import { room } from '../../oci/room.ts'

/** A run without an engine that is about to write `image.tar`; `before` is what is there. */
const opened = async (before: string | null) => {
  const folder = await room()
  const archive = join(folder, 'image.tar')
  mkdirSync(join(folder, '.create-base-image'))
  if (before !== null) writeFileSync(archive, before)
  const state = { version: 1, finished: false, answers: {}, written: {}, steps: {} }
  const project = { directory: folder, state: { ...state, archives: { 'image.tar': 'x', b: 'y' } } }
  const context = {
    plan: { namedBy: 'pack', image: { archive, reference: 'hello:latest' } },
    project,
    nameBefore: undefined,
  } as unknown as RunContext
  return { folder, archive, project, context }
}

test('an archive that failed gives its place back to the one that was there', async () => {
  const { archive, project, context } = await opened('before')
  await rememberName(context)
  expect(context.nameBefore).toBe(digestOf('before'))
  writeFileSync(`${archive}.new`, 'new')
  renameSync(`${archive}.new`, archive)
  const id = digestOf('before')
  expect(await giveNameBack(context)).toEqual([{ type: 'given-back', name: archive, id }])
  expect(readFileSync(archive, 'utf8')).toBe('before')
  expect(project.state.archives).toEqual({ 'image.tar': id, b: 'y' })
})

test('where none was, one that failed goes, and its record with it', async () => {
  const { archive, project, context } = await opened(null)
  await rememberName(context)
  expect(context.nameBefore).toBeNull()
  writeFileSync(archive, 'new')
  expect(await giveNameBack(context)).toEqual([{ type: 'given-back', name: archive, id: null }])
  expect(existsSync(archive)).toBe(false)
  expect(project.state.archives).toEqual({ b: 'y' })
})

test('nothing is given back where nothing was taken', async () => {
  const { context } = await opened('before')
  expect(await giveNameBack(context)).toEqual([])
  await rememberName(context)
  expect(await giveNameBack(context)).toEqual([])
  const none = await opened(null)
  await rememberName(none.context)
  expect(await giveNameBack(none.context)).toEqual([])
})

test('a second try remembers what was there before the first', async () => {
  const { archive, context } = await opened('before')
  await rememberName(context)
  writeFileSync(archive, 'half')
  await rememberName(context)
  expect(context.nameBefore).toBe(digestOf('before'))
})
