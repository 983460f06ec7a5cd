import type { RemedyRow } from './row.ts'

/**
 * What a program's own words mean that started in a scratch image and did not end with 0. It did not fail for us: an
 * image is proven by a program that starts.
 */
export const HINT_ROWS: readonly RemedyRow[] = [
  {
    code: 'wants-tmp',
    when: /\/tmp\b[^\n]*no such file or directory|no such file or directory[^\n]*\/tmp\b/i,
    what: 'A scratch image has no /tmp.',
    todo: { all: ['Give it one: {changed --with +tmp --force}'] },
    lacks: false,
  },
  {
    code: 'wants-certificates',
    when: /certificate signed by unknown authority|certificate verify failed|unable to get local issuer certificate|no trusted certificates?/i,
    what: 'A scratch image has no list of certificates to trust.',
    todo: { all: ['Give it one: {changed --with +ca-certificates --force}'] },
    lacks: false,
  },
  {
    code: 'wants-zones',
    when: /unknown time zone|cannot find time zone|zoneinfo\b[^\n]*no such file/i,
    what: 'A scratch image has no time zones.',
    todo: { all: ['Give it all of them: {changed --with +tzdata --force}'] },
    lacks: false,
  },
  {
    code: 'wants-user',
    when: /unknown user(?:id)?\b|user: lookup|no passwd entry|\/etc\/passwd\b[^\n]*no such file/i,
    what: 'A scratch image has no names for users.',
    todo: { all: ['Give it some, and a user to run as: {changed --with +user --force}'] },
    lacks: false,
  },
  {
    code: 'wants-words',
    when: /^/,
    what: 'The program itself ended that way; what it printed may say why.',
    todo: { all: ['If it only needs arguments, they come last: {changed -- WORDS}'] },
    lacks: false,
  },
]
