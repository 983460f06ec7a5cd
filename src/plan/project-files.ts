import { basename } from 'node:path'
import type { Answers, Given, MinimalAnswers, Places } from '../ask/answers.ts'
import { programPath } from '../ask/questions/program.ts'
import type { Arch } from '../engine/facts.ts'
import { commandLineBeside, commandWordsOf } from './command-line.ts'
import { savedAnswers } from '../ask/saved.ts'
import { recipeValues } from './minimal/file-words.ts'
import { programFor, programName, shownPath, sourceName } from './names.ts'
import type { MinimalInputs } from './minimal/inputs.ts'
import { minimalScript } from './script/minimal-script.ts'
import type { ProjectFile } from './craft-inputs.ts'
import type { Step } from './types.ts'
import type { ProgramSource } from './minimal/program-source.ts'
import { shellWords } from '../text/shell-words.ts'

/** A shell can't read a script with the line ends of Windows, which git may give to files there. */
export const ATTRIBUTES: ProjectFile = { file: '.gitattributes', text: '*.sh text eol=lf\n' }

/** What git leaves out: everything that a run makes from the other files. */
export const ignoredFile = (...made: readonly string[]): ProjectFile => ({
  file: '.gitignore',
  text: `# Made from the other files, which make it again.\n${[...made, '*.tar', '*.old'].map(name => `/${name}\n`).join('')}`,
})

/**
 * Returns answers.json. Its schema is named by where the published package has it: a project folder has no path to the
 * tool, and an address that tells no version leaves the file the same from one to the next.
 */
export const answersFile = (answers: Answers): ProjectFile => ({
  file: 'answers.json',
  text: `${JSON.stringify({ $schema: ANSWERS_SCHEMA, ...savedAnswers(answers) }, null, 2)}\n`,
})

const ANSWERS_SCHEMA =
  'https://cdn.jsdelivr.net/npm/create-base-image/docs/schema/answers.schema.json'

/** The step that writes the project folder. */
export const writeFiles = (files: readonly ProjectFile[], places: Places, why: string): Step => ({
  id: 'files',
  title: 'Write the project files',
  why,
  pipeline: [
    {
      kind: 'craft',
      craft: 'write-project',
      input: { files, shown: shownPath(places.from, places.directory) },
      shown: [],
    },
  ],
  to: { kind: 'log' },
  reader: 'lines',
})

/** The files that a person receives, the program itself left out unless it is their own. */
export const projectFiles = ({
  given,
  programSource,
  engine,
}: Pick<MinimalInputs, 'given' | 'programSource' | 'engine'>): ProjectFile[] => {
  const { answers } = given
  const kind = engine?.kind ?? 'docker'
  const values = { ...templateValues(given, programSource), client: engine?.client ?? 'docker' }
  return [
    { file: 'Dockerfile', asset: 'project/Dockerfile', values },
    { file: '.dockerignore', asset: 'project/dockerignore', values },
    ATTRIBUTES,
    ignoredFile(...(answers.program.kind === 'binary' ? [] : [programName(answers.program)])),
    ...programFiles(given),
    { file: 'README.md', asset: 'project/README.md', values },
    { file: 'build.sh', text: minimalScript('sh', answers, kind), mode: 0o755 },
    { file: 'build.ps1', text: minimalScript('powershell', answers, kind) },
    answersFile(answers),
  ]
}

const programFiles = ({ answers }: Given<MinimalAnswers>): ProjectFile[] => {
  const { program, archs, arch } = answers
  if (program.kind === 'bundled') return [{ file: 'hello.c', asset: 'hello.c', values: {} }]
  if (program.kind === 'source') return [{ file: basename(program.path), copyOf: program.path }]
  if (program.kind !== 'binary') return []
  const name = programName(program)
  const copy = (file: string, of: Arch | null): ProjectFile => ({
    file,
    copyOf: of === null ? program.path : programPath(program.path, of),
    mode: 0o755,
  })
  return archs.length > 0 ? archs.map(one => copy(programFor(one, name), one)) : [copy(name, arch)]
}

const templateValues = (
  given: Given<MinimalAnswers>,
  programSource: ProgramSource,
): Record<string, string> => {
  const { answers } = given
  const compiled = programSource === 'host' || programSource === 'container'
  const source = sourceName(answers.program)
  return {
    tag: answers.tag,
    program: programName(answers.program),
    programs:
      answers.archs.length === 0
        ? programName(answers.program)
        : programFor('*', programName(answers.program)),
    buildOption: answers.archs.length === 0 ? '' : '--build-arg TARGETARCH=amd64 ',
    sourceRow: compiled ? `| \`${source}\` | the program's source |\n` : '',
    changeHint: compiled
      ? `Change \`${source}\` first, and the new text goes into the image.\n`
      : '',
    repeat: shellWords(commandWordsOf(commandLineBeside(given))),
    ...recipeValues(answers),
  }
}
