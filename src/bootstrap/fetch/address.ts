/** Returns an address as it may be shown and saved: without user, password, query and fragment. */
export const publicAddress = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`

/** Returns the value of an Authorization header for an address's user and password, or null when it has none. */
export const loginOf = (url: URL): string | null => {
  if (url.username === '' && url.password === '') return null
  const words = `${unescaped(url.username)}:${unescaped(url.password)}`
  return `Basic ${Buffer.from(words).toString('base64')}`
}

// A password with a lone % was never escaped.
const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Returns an address without its user and password. */
export const withoutLogin = (url: URL): URL => {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
}

const LONGEST = 100

/** Returns text of a server for a message: one line, printable, at most 100 letters. */
export const cleaned = (text: string): string => {
  const line = text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST + 1)
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}
