import { cleanLine, hasBytes } from './bytes.ts'

/** A script; `interpreter` is the program it asks for, and with `env` what that looks for: `/usr/bin/env python3`. */
export interface Script {
  readonly kind: 'script'
  readonly interpreter: string
}

/** Text that looks like C. */
export interface Source {
  readonly kind: 'source'
}

/** Linux reads this many bytes of a file to find the interpreter (`BINPRM_BUF_SIZE`). */
const FIRST_LINE_BYTES = 256

/** What a text must have to look like C; the lengths are bounded, so that no text takes long to match. */
const C_SIGNS: readonly RegExp[] = [
  /^[ \t]{0,40}#[ \t]{0,10}include[ \t]{0,10}[<"]/m,
  /^#(?:define|ifdef|ifndef|pragma)[ \t]/m,
  /^(?:\w{1,20}[ \t]{1,4}){0,3}(?:int|void)\s{1,10}main\s{0,10}\(/m,
  /^(?:\w{1,20}[ \t]{1,4}){0,3}(?:int|void|char|long)[ \t]{1,4}\**\w{1,60}\([^;{}]{0,200}\)\s{0,10}\{/m,
]

/** Recognises a script by its first line, `#!` and a program; null for anything else. */
export const script = (head: Uint8Array): Script | null => {
  if (!hasBytes(head, [0x23, 0x21])) return null
  const [line = ''] = decode(head.subarray(2, FIRST_LINE_BYTES)).split(/[\n\0]/, 1)
  const [program = '', ...rest] = line.trim().split(/\s+/)
  // Rust sources may begin with `#![`.
  if (program === '' || program.startsWith('[')) return null
  return {
    kind: 'script',
    interpreter: cleanLine([program, ...lookedFor(program, rest)].join(' ')),
  }
}

const lookedFor = (program: string, words: readonly string[]): string[] => {
  if (!program.endsWith('/env')) return []
  const word = words.find(candidate => !candidate.startsWith('-') && !candidate.includes('='))
  return word === undefined ? [] : [word]
}

/** Recognises C text by its first bytes: no binary bytes, and an `#include`, a `main` or a function; else null. */
export const source = (head: Uint8Array): Source | null => {
  if (head.some(isBinary)) return null
  const text = decode(head)
  return C_SIGNS.some(sign => sign.test(text)) ? { kind: 'source' } : null
}

/** Tab, line feed, vertical tab, form feed, carriage return and the old end-of-file mark do occur in sources. */
const isBinary = (byte: number): boolean =>
  byte === 127 || (byte < 32 && byte !== 26 && (byte < 9 || byte > 13))

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
