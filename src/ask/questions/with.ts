import { UsageError } from '../../errors.ts'
import type { Extra } from '../answers.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

/** What a program may need besides itself, in the order in which it is put in and written down. */
export const EXTRAS: readonly Extra[] = ['ca-certificates', 'tzdata', 'user', 'tmp']

export const withExtras: Question<readonly Extra[]> = {
  ...flagOf('with'),
  prompt: {
    label: 'Extras',
    message: 'Does it need anything besides itself?',
    hint: 'A scratch image has no certificates, which https needs, no time zones, and no user but root. Many programs do without.',
  },
  parse: text => {
    const names = text.split(',').map(name => name.trim())
    for (const name of names) checkName(name)
    return EXTRAS.filter(extra => names.includes(extra))
  },
}

/** What is asked of each of them once the person chooses: what it means to have it, and to do without. */
export const EXTRA_DOUBTS: Readonly<
  Record<Extra, { readonly message: string; readonly yes: string; readonly no: string }>
> = {
  'ca-certificates': {
    message: 'Does it speak https, or other TLS?',
    yes: 'It gets the list of certificates to trust; without one every https connection fails.',
    no: 'It makes no connections, or none with TLS.',
  },
  tzdata: {
    message: 'Does it use time zones?',
    yes: "It gets every zone's rules; without them a program treats every zone as UTC.",
    no: 'UTC is enough for it.',
  },
  user: {
    message: 'Should it run as a user other than root?',
    yes: 'It gets user names and runs as "nonroot": whoever breaks into it is not root.',
    no: 'It runs as root, and no user has a name.',
  },
  tmp: {
    message: 'Does it write temporary files?',
    yes: 'It gets an empty folder /tmp, open to all users.',
    no: 'It writes none, or somewhere else.',
  },
}

const checkName = (name: string): void => {
  if ((EXTRAS as readonly string[]).includes(name)) return
  throw new UsageError(`--with does not accept "${name}".`, [
    `Valid values: ${EXTRAS.join(', ')}; several are separated by commas: --with ${EXTRAS.slice(0, 2).join(',')}`,
  ])
}
