import type { MinimalAnswers } from '../../ask/answers.ts'
import { recipeValues } from '../minimal/file-words.ts'
import { hasFiles } from '../minimal/extras.ts'
import { programFor, programName, sourceName } from '../names.ts'
import type { ScriptEngine } from './engine-words.ts'
import { isCompiled, printDockerfile } from './minimal-dockerfile.ts'

/** The files that a script of a minimal image writes when it stands alone, by their names. */
export type AloneTexts = Readonly<Record<string, string>>

/**
 * Returns the files that a script needs beside it. `asset` reads a file of assets/, or the person's source by its
 * absolute path. What goes in besides the program comes from a builder then, as there is no folder with it.
 */
export const aloneTexts = (
  answers: MinimalAnswers,
  engine: ScriptEngine,
  asset: (file: string) => string,
): AloneTexts => {
  const { program } = answers
  const source = program.kind === 'source' ? asset(program.path) : asset('hello.c')
  const needed =
    isCompiled(answers) && hasFiles(answers) ? sourceName(program) : recipeValues(answers)['letIn']!
  return {
    ...(isCompiled(answers) ? { [sourceName(program)]: source } : {}),
    Dockerfile: hasFiles(answers)
      ? printDockerfile(answers, engine)
      : filled(asset('project/Dockerfile'), {
          ...recipeValues(answers),
          program: programName(program),
        }),
    '.dockerignore': `*\n!${needed}\n`,
  }
}

/** The lines of a POSIX script that write the files. Files that are there stay: they may have been changed. */
export const shTexts = (texts: AloneTexts): string =>
  Object.entries(texts)
    .map(
      ([file, text]) => `
# ${file} is written here unless it exists.
[ -e ${file} ] || cat > ${file} <<'END OF ${file}'
${text.trimEnd()}
END OF ${file}
`,
    )
    .join('')

/** The same for PowerShell. */
export const psTexts = (texts: AloneTexts): string => `
# Writes a file with Unix line endings, unless it exists.
function Write-Text($Name, $Text) {
  if (Test-Path -LiteralPath $Name) { return }
  [IO.File]::WriteAllText("$PSScriptRoot/$Name", $Text.Replace("\`r\`n", "\`n") + "\`n")
}
${Object.entries(texts)
  .map(([file, text]) => `Write-Text ${file} @'\n${text.trimEnd()}\n'@\n`)
  .join('')}`

/** A finished program can't be written by a script. */
export const besideNote = (answers: MinimalAnswers, texts: AloneTexts | null): string =>
  texts === null || isCompiled(answers)
    ? ''
    : answers.archs.length > 0
      ? `# Put a static Linux program for each architecture next to this file: ${programFor('ARCH', programName(answers.program))}\n`
      : `# Put ${programName(answers.program)}, a static Linux program, next to this file.\n`

/** A template with its `{{name}}`s replaced; one without a value stays. */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole)
