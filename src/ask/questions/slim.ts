import { oneOf } from '../one-of.ts'
import type { Question } from '../question.ts'

export const slim: Question<boolean> = {
  name: 'slim',
  group: 'image',
  value: '',
  says: 'Leave out documents, man pages and locales, and keep them out',
  standard: 'they stay in; --no-slim says so',
  choices: [
    {
      value: 'no',
      label: 'Everything stays',
      says: 'Documents, man pages and translations, as the packages bring them.',
    },
    {
      value: 'yes',
      label: 'Slim',
      says: 'Without them, now and after each later install: about a third smaller.',
    },
  ],
  prompt: { label: 'Size', message: 'Shall documents stay in?' },
  parse: text => oneOf('slim', ['yes', 'no'], text) === 'yes',
}
