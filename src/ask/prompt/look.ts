/** The signs and colours of the questions. */
export interface PromptStyle {
  readonly strong: Style
  readonly dim: Style
  readonly good: Style
  readonly bad: Style
  readonly chosen: Style
  readonly sign: typeof SIGNS
}

type Style = (text: string) => string

/** Colours only when they are wanted; signs that the terminal's font has. */
export const lookFor = (
  colour: boolean,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): PromptStyle => ({
  strong: style(colour, 1, 22),
  dim: style(colour, 2, 22),
  good: style(colour, 32, 39),
  bad: style(colour, 31, 39),
  chosen: style(colour, 36, 39),
  sign: hasWideFont(env, platform) ? SIGNS : PLAIN_SIGNS,
})

const SIGNS = { asks: '?', chosen: '❯', typed: '›', done: '✔', wrong: '✖', more: '…', rail: '│' }
const PLAIN_SIGNS = {
  asks: '?',
  chosen: '>',
  typed: '>',
  done: '√',
  wrong: '×',
  more: '…',
  rail: '│',
}

const style =
  (colour: boolean, on: number, off: number): Style =>
  text =>
    colour && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text

/** The old Windows console and the Linux console draw boxes instead of signs from wider fonts. */
const hasWideFont = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean => {
  if (platform !== 'win32') return env['TERM'] !== 'linux'
  return (
    env['WT_SESSION'] !== undefined ||
    env['TERM_PROGRAM'] === 'vscode' ||
    env['TERM'] === 'xterm-256color'
  )
}
