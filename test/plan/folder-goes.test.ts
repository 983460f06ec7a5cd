import { expect, test } from 'vitest'
import { withoutFolder } from '../../src/plan/folder-goes.ts'
import { planFor } from '../../src/plan/plan.ts'
import { paintFor } from '../../src/show/paint.ts'
import { outcomeText } from '../../src/show/texts.ts'
import { MINIMAL } from '../recorder/plays.ts'
import { eventsOf, openRecorder, runHere } from '../recorder/recorder.ts'
import { facts, full, noEngine } from './minimal/inputs.ts'

const GOES = { CREATE_BASE_IMAGE_FOLDER: 'removed' }
const plan = planFor(full('/tmp/again/image', '--release=bookworm', '--tag=mine'), facts())

test('where its caller removes the folder, nothing that comes next is in it', () => {
  const folder = JSON.stringify(plan.next)
  expect(folder).toContain('/tmp/again/image')
  const { next, folderIsRemoved } = withoutFolder(plan, GOES)
  expect(folderIsRemoved).toBe(true)
  expect(next.map(words => words.join(' '))).toEqual([
    'docker run --rm --interactive --tty mine',
    'docker history mine',
  ])
  expect(JSON.stringify(next)).not.toContain('again')
})

test('an archive elsewhere stays among the commands', () => {
  const argv = [
    '/tmp/again/image',
    '--release=bookworm',
    '--engine=none',
    '--output=/home/ada/x.tar',
  ]
  const kernelRoot = { problem: null }
  const alone = planFor(full(...argv), facts({ ...noEngine, kernelRoot }))
  expect(withoutFolder(alone, GOES).next).toEqual(alone.next)
})

test.skipIf(process.platform === 'win32')('the end of its run names no file in it', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const ran = await runHere(recorder, ['--yes'], { change: made => withoutFolder(made, GOES) })
  const [outcome] = eventsOf(ran, 'outcome')
  expect(outcome!.files).toEqual([])
  const text = outcomeText(outcome!, paintFor(false))
  expect(text).toContain('  Next\n    docker run --rm hello')
  expect(text).not.toMatch(/Files|Lesson/)
  expect(text).not.toContain(recorder.folder)
})

test('else a plan is as it is', () => {
  expect(withoutFolder(plan, {})).toBe(plan)
})
