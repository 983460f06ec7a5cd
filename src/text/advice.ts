/** Returns advice less that to go on without an engine, for where that is done already or would not do. */
export const withEngineOnly = (todo: readonly string[]): string[] =>
  todo.filter(line => !line.includes('--engine none'))
