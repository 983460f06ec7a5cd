import { basename } from 'node:path'
import { asShellTakes } from '../typed-path.ts'
import { programPrompts } from '../questions/program.ts'
import { Back, type Option } from '../asker.ts'
import { choiceStep, labelOf, problemFor, writeText, writeUnlessUsual } from './ask-question.ts'
import type { Step, StepContext } from './step.ts'
import { problemOf } from './texts.ts'
import { programKind } from './so-far.ts'

/** Which kind of program goes in, and what must be known of it. */
export const programSteps: readonly Step[] = [
  choiceStep(
    'program',
    () => true,
    () => true,
    (value, { kept: { file = '' } }) =>
      value in OWN && file.endsWith('.c') !== (value === 'source') ? OWN[value as 'source'] : value,
  ),
  {
    name: 'file',
    label: programPrompts.source.label,
    matters: state => ['source', 'binary'].includes(programKind(state)),
    shown: text => text,
    ask: async context => {
      const kind = programKind(context.state) === 'source' ? 'source' : 'binary'
      const isFine = (path: string): boolean => problemOf('program', path, context.cwd) === null
      const near = ((await context.nearby?.(kind)) ?? []).filter(isFine)
      if (near.length === 0) return typedFile(context, kind)
      for (;;) {
        const chosen = await nearFile(context, kind, near)
        if (chosen !== OTHER.value) return chosen
        try {
          return await typedFile({ ...context, first: false }, kind)
        } catch (error) {
          if (!(error instanceof Back)) throw error
        }
      }
    },
  },
  {
    name: 'message',
    label: programPrompts.raw.label,
    matters: state => programKind(state) === 'raw',
    shown: text => (text === '' ? GREETING : text),
    ask: context =>
      writeUnlessUsual(context, {
        name: 'message',
        question: 'program',
        asText: text => `raw:${text}`,
        prompt: programPrompts.raw,
        usual: GREETING,
      }),
  },
]

const OWN_FILE = ['FROM scratch', 'ADD yours /', 'CMD ["/yours"]']

/** What a program of the person's leads to before its file is named. */
const OWN = {
  source: {
    made: OWN_FILE,
    costs: [
      'The image is as large as your code and the C library: 10 kB of musl, or 760 of glibc.',
    ],
  },
  binary: { made: OWN_FILE, costs: ['The image is as large as your program.'] },
}

/** Takes one of the files that are near, or none of them. */
const nearFile = (
  { asker, state, first }: StepContext,
  kind: 'source' | 'binary',
  near: readonly string[],
): Promise<string> => {
  const { message } = programPrompts[kind]
  const { file } = state.kept
  return asker.choose({
    message,
    first,
    options: [...near.map(path => ({ value: path, label: path })), OTHER],
    ...(file === undefined ? {} : { initial: near.includes(file) ? file : OTHER.value }),
    ...problemFor('file', state),
  })
}

const OTHER: Option = {
  value: 'other',
  label: 'Another file',
  says: 'Type its path; Tab completes it.',
}

const typedFile = async (context: StepContext, kind: 'source' | 'binary'): Promise<string> => {
  const { file = '' } = context.state.kept
  const standard = file.endsWith('.c') === (kind === 'source') ? file : ''
  const taken = (text: string): string => asShellTakes(text, context.cwd)
  const typed = await writeText(context, {
    name: 'file',
    question: 'program',
    asText: asFile,
    refuses: text => fileProblem(text === '' ? text : taken(text), kind),
    prompt: programPrompts[kind],
    standard: () => standard,
  })
  return taken(typed)
}

/** How the program reads in one line, whether it was asked for or given by a flag. */
export const shownProgram = (text: string): string => {
  if (text === 'raw') return labelOf('program', 'raw')
  if (text.startsWith('raw:')) return `${labelOf('program', 'raw')}: ${text.slice(4)}`
  return text === 'bundled' ? labelOf('program', 'bundled') : basename(text)
}

/** What the raw program says when nothing else is typed. */
const GREETING = 'Hello from your own base image!'

/** A path that can't be taken for one of the other kinds of program. */
const asFile = (text: string): string =>
  /^(?:raw(?::.*)?|bundled)$/.test(text) ? `./${text}` : text

const fileProblem = (text: string, kind: 'source' | 'binary'): string[] | null => {
  if (text === '') return ['Type the path of the file.']
  if (text.endsWith('.c') === (kind === 'source')) return null
  return kind === 'source'
    ? ["A C file's name ends in .c.", 'For a finished program, go back and choose that.']
    : ['That is a C file, not yet a program.', 'Go back and choose: A C file of yours.']
}
