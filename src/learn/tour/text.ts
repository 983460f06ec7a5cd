import { barLines, type Drawing } from '../bars.ts'
import { wrap } from '../../text/wrap.ts'
import type { Scene, TourCommand } from './types.ts'
import { SCENE_WORDS } from './words.ts'

/** How the tour is written on a screen. */
export interface TourPage extends Drawing {
  readonly strong: (text: string) => string
}

/** Returns what comes before a stop's commands. */
export const beforeScene = (
  id: Scene['id'],
  number: number,
  total: number,
  page: TourPage,
): string => {
  const { title, before } = SCENE_WORDS[id]
  const line = (page.unicode ? '─' : '-').repeat(2)
  return text([
    '',
    `${line} ${number} of ${total} ${line} ${page.strong(title)}`,
    '',
    ...wrap(before, page.width, '  '),
    '',
  ])
}

/** Returns a stop's commands with what they printed, its sizes as bars, and what it comes to. */
export const afterScene = ({ id, commands, sizes }: Scene, page: TourPage): string =>
  text([
    ...commands.flatMap(command => commandLines(command, page)),
    ...(sizes.length === 0 ? [] : ['', ...barLines(sizes, shrunk(page)).map(line => `  ${line}`)]),
    '',
    ...wrap(SCENE_WORDS[id].after, page.width, '  '),
  ])

const PRINTED = 8

const commandLines = ({ command, exitCode, printed }: TourCommand, page: TourPage): string[] => [
  ...wrap(`$ ${command}`, page.width, '  '),
  ...printed.slice(0, PRINTED).flatMap(line => wrap(line, page.width, '    ')),
  ...(exitCode === 0 || exitCode === null ? [] : [`    (exit code ${exitCode})`]),
]

const shrunk = (page: TourPage): Drawing => ({ width: page.width - 2, unicode: page.unicode })

const text = (lines: readonly string[]): string => lines.map(line => `${line.trimEnd()}\n`).join('')
