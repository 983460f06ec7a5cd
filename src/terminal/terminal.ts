/** What may be done with the terminal: three questions, each with its own answer. */
export interface Terminal {
  /** May questions be asked? */
  readonly canAsk: boolean
  /** May the screen be drawn again and again? */
  readonly animate: boolean
  /** May text be coloured? */
  readonly colour: boolean
  /** Does it show more than ASCII? */
  readonly unicode: boolean
  /** Must everything be plain lines, for a screen reader or a terminal that only prints? */
  readonly plain: boolean
}

/** The parts of a process that tell. */
export interface TerminalSigns {
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  readonly stdin: { readonly isTTY?: boolean }
  readonly stdout: { readonly isTTY?: boolean }
}

/**
 * Reads the signs. ACCESSIBLE and INK_SCREEN_READER are what other tools go by too; the entry file has put
 * NO_COLOR and TERM=dumb into FORCE_COLOR, which beats the terminal's own word.
 */
export const terminalOf = ({ env, platform, stdin, stdout }: TerminalSigns): Terminal => {
  const ci = isSet(env['CI'])
  const plain =
    isSet(env['ACCESSIBLE']) || isSet(env['INK_SCREEN_READER']) || env['TERM'] === 'dumb'
  const shown = stdout.isTTY === true
  return {
    canAsk: stdin.isTTY === true && shown && !ci,
    animate: shown && stdin.isTTY === true && !ci && !plain,
    colour: wantsColour(env['FORCE_COLOR'], shown && !ci && !plain),
    unicode: hasUnicode(env, platform),
    plain,
  }
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && !['', '0', 'false'].includes(value)

const wantsColour = (forced: string | undefined, otherwise: boolean): boolean =>
  forced === undefined ? otherwise : forced !== '0' && forced !== 'false'

/** Windows' old console and Linux' own have no more than ASCII that is safe. */
const hasUnicode = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean => {
  if (platform !== 'win32') return env['TERM'] !== 'linux'
  return (
    isSet(env['WT_SESSION']) || env['TERM_PROGRAM'] === 'vscode' || env['TERM'] === 'xterm-256color'
  )
}
