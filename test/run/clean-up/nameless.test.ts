import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { openRecorder, type Recorder } from '../../recorder/recorder.ts'
import { findInEngine, removeFound } from '../../../src/run/clean-up/clean.ts'
import { namelessBuilders, replacedImages } from '../../../src/run/clean-up/nameless.ts'

const clientIn = ({ folder, env }: Recorder, program = 'docker') => ({ program, cwd: folder, env })

/** An image without a name. */
const nameless = ({ engine }: Recorder, id: string, change: object = {}): string => {
  engine.images.set(id, { ...engine.image('x'), id, name: '<none>:<none>', ...change })
  engine.images.delete('x:latest')
  return id
}

const state = (folder: string, text: string): void => {
  mkdirSync(join(folder, '.create-base-image'), { recursive: true })
  writeFileSync(join(folder, '.create-base-image/state.json'), text)
}

const idOf = (letter: string): string => `sha256:${letter.repeat(64)}`

test('images that projects here took the name of are found by their IDs, once each', async () => {
  const recorder = openRecorder()
  const { folder } = recorder
  const [a, b, c] = ['a', 'b', 'c'].map(letter => nameless(recorder, idOf(letter), { size: 7 }))
  recorder.engine.image('named', { id: idOf('d') })
  const bare = c!.replace('sha256:', '')
  state(folder, JSON.stringify({ replaced: [a, idOf('d')] }))
  state(join(folder, 'one'), JSON.stringify({ replaced: [b, a, idOf('e')] }))
  state(join(folder, 'two'), JSON.stringify({ replaced: [bare] }))
  const found = await replacedImages(clientIn(recorder), folder)
  expect(found.map(({ id, bytes }) => [id, bytes]).toSorted()).toEqual(
    [
      [a, 7],
      [b, 7],
      [bare, 7],
    ].toSorted(),
  )
})

test('what a folder says that is no ID, and what is no state of ours, is not believed', async () => {
  const recorder = openRecorder()
  const { folder } = recorder
  const a = nameless(recorder, idOf('a'))
  const replaced = [`x${a}`, `${a}x`, '--all', 7, null, 'ubuntu:20.04']
  state(join(folder, 'odd'), JSON.stringify({ replaced }))
  state(join(folder, 'text'), JSON.stringify({ replaced: a }))
  state(join(folder, 'none'), '{}')
  state(join(folder, 'broken'), `{"replaced":["${a}"`)
  state(join(folder, 'large'), JSON.stringify({ replaced: [a], more: 'x'.repeat(10_000_000) }))
  mkdirSync(join(folder, 'folder/.create-base-image/state.json'), { recursive: true })
  writeFileSync(join(folder, 'file'), '')
  expect(await replacedImages(clientIn(recorder), folder)).toEqual([])
  expect(await replacedImages(clientIn(recorder), join(folder, 'nowhere'))).toEqual([])
  expect(recorder.asked()).toEqual([])
})

test('a builder that lost its name is one whose last layer is what we install', async () => {
  const recorder = openRecorder()
  const labels = { 'create-base-image.role': 'compiler' }
  const ours = nameless(recorder, idOf('a'), {
    labels,
    size: 9,
    history: ['sh -c echo force-unsafe-io', '/bin/sh'],
  })
  nameless(recorder, idOf('b'), { labels, history: ['RUN make', 'sh -c echo force-unsafe-io'] })
  nameless(recorder, idOf('c'), { history: ['sh -c echo force-unsafe-io'] })
  nameless(recorder, idOf('d'), { labels, history: [] })
  recorder.engine.image('create-base-image/compiler:1', {
    labels,
    history: ['sh -c echo force-unsafe-io'],
  })
  expect(await namelessBuilders(clientIn(recorder))).toEqual([{ id: ours, bytes: 9 }])
})

test('builders and unpacked packages are told by their names, also where Podman says localhost', async () => {
  for (const program of ['docker', 'podman']) {
    const recorder = openRecorder()
    const at = program === 'podman' ? 'localhost/' : ''
    const labels = { 'create-base-image.role': 'x' }
    for (const name of ['create-base-image/compiler:1', 'create-base-image/stage:2', 'mine:3']) {
      const { id } = recorder.engine.image(name, { labels, size: 5 })
      if (at !== '') recorder.engine.image(`${at}${name}`, { id, labels, size: 5 })
      if (at !== '') recorder.engine.images.delete(name)
    }
    // Podman takes its names without that.
    if (at !== '')
      for (const name of ['create-base-image/compiler:1', 'create-base-image/stage:2'])
        recorder.engine.images.set(name, recorder.engine.images.get(`${at}${name}`)!)
    const { found } = await findInEngine(clientIn(recorder, program), recorder.folder, false)
    const all = found.map(({ kind, what, bytes }) => `${kind} ${what} ${bytes}`)
    expect([...new Set(all)]).toEqual([
      'builder create-base-image/compiler:1 5',
      'stage create-base-image/stage:2 5',
    ])
  }
})

test('what is gone already counts as removed, and what stays does not', async () => {
  const recorder = openRecorder({
    faults: [{ to: 'rmi busy', exitCode: 1, stderr: 'image is in use' }],
  })
  recorder.engine.image('there')
  const doomed = ['there', 'gone', 'busy'].map(what => ({
    kind: 'builder' as const,
    what,
    bytes: 1,
  }))
  const removed = await removeFound(clientIn(recorder), doomed)
  expect(removed.map(({ what }) => what)).toEqual(['there', 'gone'])
  expect(recorder.asked('rmi').map(({ seconds }) => seconds)).toEqual([60, 60, 60])
})
