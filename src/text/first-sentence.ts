/** Returns a text's first sentence: up to a full stop before a capital letter, or all of it. */
export const firstSentence = (text: string): string =>
  /^[^]*?[.!?](?= +[A-Z]|$)/.exec(text)?.[0] ?? text
