import { paintFor, type Paint } from '../paint.ts'
import { tidy } from './width.ts'

/** The signs that the live view draws. */
export interface Glyphs {
  readonly done: string
  readonly failed: string
  /** One after another while something runs. */
  readonly spinner: readonly string[]
  readonly full: string
  readonly empty: string
  readonly more: string
  readonly dot: string
}

/** How the live view looks: its signs, its colours, and what it makes of texts from elsewhere. */
export interface ViewStyle {
  readonly glyphs: Glyphs
  readonly paint: Paint
  /** One line, safe to measure and to draw. */
  readonly words: (text: string) => string
  /** Our own text, with signs that the terminal can draw. */
  readonly signs: (text: string) => string
}

/** A look with or without colours, and with or without signs beyond ASCII. */
export const lookFor = ({ colour, unicode }: { colour: boolean; unicode: boolean }): ViewStyle => {
  const signs = unicode ? (text: string): string => text : toAscii
  return {
    glyphs: unicode ? UNICODE : ASCII,
    paint: paintFor(colour),
    words: text => signs(tidy(text)),
    signs,
  }
}

const UNICODE = {
  done: '✔',
  failed: '✘',
  spinner: ['◐', '◓', '◑', '◒'],
  full: '█',
  empty: '░',
  more: '…',
  dot: '·',
} as const satisfies Glyphs

const ASCII = {
  done: '+',
  failed: 'x',
  spinner: ['|', '/', '-', '\\'],
  full: '#',
  empty: '.',
  more: '...',
  dot: '-',
} as const satisfies Glyphs

const REPLACED: Readonly<Record<string, string>> = { '→': '->', '·': '-', '…': '...', '—': '-' }

const toAscii = (text: string): string => text.replaceAll(/[→·…—]/g, sign => REPLACED[sign] ?? sign)
