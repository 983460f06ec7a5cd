import type { RootStage, Word } from './types.ts'

/** The words of a root stage as a person would type them: `sudo` first, unless the person is root already. */
export const shownRoot = ({ sudo, args }: RootStage, resolve: (word: Word) => string): string[] => [
  ...(sudo ? ['sudo'] : []),
  ...args.map(resolve),
]
