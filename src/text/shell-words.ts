/** Returns words as one line for a POSIX shell, quoted only where it is needed. */
export const shellWords = (words: readonly string[]): string => words.map(posixWord).join(' ')

/** Returns words as one line for the shell that people have on that system: PowerShell on Windows, else a POSIX shell. */
export const lineFor = (platform: NodeJS.Platform, words: readonly string[]): string =>
  platform === 'win32' ? words.map(windowsWord).join(' ') : shellWords(words)

const posixWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** To PowerShell a comma makes a list, and `--` means that no more flags of its own follow: both stand in quotes. */
const windowsWord = (word: string): string => {
  if (/^[A-Za-z0-9_+=:./\\…-]+$/.test(word) && word !== '--') return word
  // What is in double quotes reads alike in cmd, but for these.
  return /["$`%]/.test(word) ? `'${word.replaceAll("'", "''")}'` : `"${word}"`
}
