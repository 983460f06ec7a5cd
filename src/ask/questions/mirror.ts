import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

const FORM =
  "An http or https address, in the form of the distribution's own list of mirrors; Debian's and Ubuntu's is the folder that has dists in it"

export const mirror: Question<string> = {
  ...flagOf('mirror'),
  prompt: {
    label: 'Mirror',
    message: 'Which mirror has the packages?',
    hint: `${FORM}.`,
  },
  // In the form of the URL standard a user and a password have no "@" and no "/" in them, so that all of them is
  // found; an "@" in the path is the rest of a password that had a "/".
  parse: text => {
    const url = URL.canParse(text) && !/[?#\s]/.test(text) ? new URL(text) : null
    if (url !== null && /^https?:$/.test(url.protocol) && !url.pathname.includes('@'))
      return url.href.replace(/\/+$/, '')
    throw new UsageError(`--mirror "${shownBad(text)}" is not the address of a mirror.`, [
      `${FORM}: --mirror http://mirror.example/ubuntu`,
      ...(text.includes('@')
        ? ['In a user name or password, write %40 for "@" and %2F for "/".']
        : []),
    ])
  },
}

/** A text that is not an address as it may be shown: a password may be anywhere before its last "@", or behind a "?". */
export const shownBad = (text: string): string =>
  text.replace(/^([a-z]+:\/\/)?.*@/is, '$1').replace(/\?.*/s, '?…')

/** The user and password of an address, with the @ behind them; the empty text when it has none. */
export const secretOf = (url: string): string => /^[a-z]+:\/\/([^/@]*@)/i.exec(url)?.[1] ?? ''

/** An address as it may be shown and saved: without user and password. */
export const withoutSecret = (url: string): string => url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1')
