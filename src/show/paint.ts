import { styleText } from 'node:util'

/** Colours for a text, or none. */
export interface Paint {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly strong: (text: string) => string
  readonly dim: (text: string) => string
}

type Style = Parameters<typeof styleText>[0]

/** Paints only when colours are wanted; the texts are complete without them. */
export const paintFor = (colour: boolean): Paint => {
  const by = (style: Style) => (text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text
  return { good: by('green'), bad: by('red'), strong: by('bold'), dim: by('dim') }
}
