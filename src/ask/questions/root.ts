import { resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import { snapshotOf } from '../../text/moment.ts'
import { namedBytes } from '../named-file.ts'
import { oneOf } from '../one-of.ts'
import { decoded } from '../text-file.ts'
import { asShellTakes } from '../typed-path.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

/** A moment as the snapshot archives name it: `20260701T000000Z`. */
export const snapshot: Question<string> = {
  ...flagOf('snapshot'),
  prompt: { label: 'Snapshot', message: 'As it was on which day?' },
  parse: text => {
    const moment = snapshotOf(text)
    if (moment !== null) return notToCome(moment, text)
    throw new UsageError(`--snapshot "${text}" is not a date.`, [
      'Write a day or a moment: --snapshot 2026-07-01 or --snapshot 20260701T120000Z',
    ])
  },
}

/** A clock that is a little behind is nobody's fault. */
const notToCome = (moment: string, text: string): string => {
  const latest = snapshotOf(new Date(Date.now() + 86_400_000).toISOString())!
  if (moment <= latest) return moment
  throw new UsageError(`--snapshot ${text} is in the future, and no archive has that day yet.`, [
    'Name a past day, or leave it out for the packages of today.',
  ])
}

/** A packages.lock, absolute; it is read once more when the image is made. */
export const locked: Question<string> = {
  ...flagOf('locked'),
  prompt: { label: 'Locked', message: 'Which packages.lock?' },
  parse: (text, base) => resolve(base, asShellTakes(text, base)),
}

/** A file of sources, absolute; what its stanzas say is judged when the image is made. */
export const sources: Question<string> = {
  ...flagOf('sources'),
  prompt: { label: 'Sources', message: 'Which file of sources?' },
  parse: (text, base) => {
    const path = resolve(base, asShellTakes(text, base))
    if (/^Types:/im.test(decoded(namedBytes('sources', path, text, SOURCES_ADVICE)))) return path
    throw new UsageError(`--sources: ${text} has no line that begins with Types:`, [SOURCES_ADVICE])
  },
}

const SOURCES_ADVICE =
  "Give a file in the form of apt's .sources files, as in /etc/apt/sources.list.d: see man sources.list"

export const updates: Question<boolean> = {
  ...flagOf('updates'),
  choices: [
    { value: 'yes', label: 'With them', says: 'The highest version of each package, as of today.' },
    {
      value: 'no',
      label: 'The release alone',
      says: 'As it was published, and as debootstrap takes it.',
    },
  ],
  prompt: { label: 'Updates', message: 'With updates and security fixes?' },
  parse: text => oneOf('updates', ['yes', 'no'], text) === 'yes',
}
