/** Returns words as one line for a POSIX shell, quoted only where it is needed. */
export const shellWords = (words: readonly string[]): string => words.map(posixWord).join(' ')

/** Returns a command line of our own that can be typed, also where a word has a blank. */
export const ourCommand = (...words: string[]): string =>
  shellWords(['create-base-image', ...words])

/** Returns words as one line for the shell that people have on that system: PowerShell on Windows, else a POSIX shell. */
export const lineFor = (platform: NodeJS.Platform, words: readonly string[]): string =>
  platform === 'win32' ? words.map(windowsWord).join(' ') : shellWords(words)

const posixWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./…-]+$/.test(word) ? word : posixQuoted(word)

/** Returns a text in the single quotes of a POSIX shell. */
export const posixQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Returns a text in the single quotes of PowerShell. */
export const powershellQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** To PowerShell a comma makes a list, and `--` means that no more flags of its own follow: both are in quotes. */
const windowsWord = (word: string): string => {
  if (/^[A-Za-z0-9_+=:./\\…-]+$/.test(word) && word !== '--') return word
  // What is in double quotes reads alike in cmd, but for these.
  return /["$`%]/.test(word) ? powershellQuoted(word) : `"${word}"`
}

/** Returns the words of a line as a POSIX shell splits it, nothing expanded; null when a quote is left open. */
export const splitWords = (line: string): string[] | null => {
  const words: string[] = []
  let rest = line.trim()
  while (rest !== '') {
    const [whole = ''] = /^(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/s.exec(rest) ?? []
    if (whole === '' || /^\S/.test(rest.slice(whole.length))) return null
    words.push(whole.replaceAll(PIECE, unquoted))
    rest = rest.slice(whole.length).trimStart()
  }
  return words
}

const PIECE = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs

const unquoted = (_: string, single?: string, double?: string, escaped?: string): string =>
  single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? ''
