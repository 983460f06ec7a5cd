import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'

export const mirror: Question<string> = {
  name: 'mirror',
  group: 'how',
  value: '<url>',
  says: 'Where packages come from, now and in the image',
  standard: "this machine's own, else the archive; the image gets the archive",
  prompt: { label: 'Mirror', message: 'Which mirror has the packages?' },
  parse: text => {
    const url = URL.canParse(text) ? new URL(text) : null
    if (url !== null && /^https?:$/.test(url.protocol) && url.search === '' && !/\s/.test(text))
      return text.replace(/\/+$/, '')
    throw new UsageError(`--mirror can't be "${withoutSecret(text)}".`, [
      'Write the address that has the folder dists in it: --mirror http://mirror.example/ubuntu',
    ])
  },
}

/** The user and password of an address, with the @ behind them; the empty text when it has none. */
export const secretOf = (url: string): string => /^[a-z]+:\/\/([^/@]*@)/i.exec(url)?.[1] ?? ''

/** An address as it may be shown and saved: without user and password. */
export const withoutSecret = (url: string): string => url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1')
