import { distributionNamed } from '../catalog/distributions.ts'
import type { ProjectFile } from './craft-inputs.ts'
import { size } from '../text/units.ts'
import { expectationOf } from './review.ts'
import { filled } from './script/alone.ts'
import { shownCommands } from './shown-commands.ts'
import type { Plan, StepId } from './types.ts'

/** What a plan leads to, in few lines. */
export interface PlanAhead {
  /** The Dockerfile's lines without comments, then the commands, which begin with `$ `. */
  readonly made: readonly string[]
  /** The command of these that shows the question's answer, when it isn't the first. */
  readonly command?: string
  /** How large the image becomes, then how long it takes and what is downloaded. */
  readonly costs: readonly string[]
}

/**
 * Returns what a plan leads to: the Dockerfile, the commands, the image's size, the time. `asset` reads a file of
 * assets/; `question` is the name of the one that is asked, or null.
 */
export const aheadOf = (
  plan: Plan,
  asset: (file: string) => string,
  question: string | null,
): PlanAhead => {
  const steps = plan.steps.filter(({ id }) => !QUIET.has(id))
  const commands = steps.flatMap(step => shownCommands(step)).map(line => `$ ${line}`)
  return {
    // A name is seen where it is used, and that comes last.
    ...(question === 'tag' && { command: commands.at(-1) ?? '' }),
    made: [...(plan.journey === 'minimal' ? dockerfileOf(plan, asset) : []), ...commands],
    costs:
      question === 'directory'
        ? [
            `${plan.directory} gets ${filesOf(plan)
              .map(({ file }) => file)
              .join(', ')}.`,
          ]
        : [
            sizeOf(plan),
            expectationOf(plan),
            (question === 'distro' &&
              distributionNamed(String(plan.answers['distro'])).officialWhen) ||
              '',
          ].filter(Boolean),
  }
}

/** The lines of the Dockerfile that the plan writes, without comments; none when it writes none. */
const dockerfileOf = (plan: Plan, asset: (file: string) => string): string[] => {
  const file = filesOf(plan).find(({ file }) => file === 'Dockerfile')
  if (file === undefined || !('asset' in file)) return []
  return filled(asset(file.asset), file.values)
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
}

const filesOf = ({ steps }: Plan): readonly ProjectFile[] => {
  const [stage] = steps.find(({ id }) => id === 'files')?.pipeline ?? []
  return stage?.kind === 'craft' && stage.craft === 'write-project' ? stage.input.files : []
}

/** Steps that are the same whatever is answered. */
const QUIET: ReadonlySet<StepId> = new Set(['engine', 'files', 'inspect', 'verify'])

const sizeOf = (plan: Plan): string =>
  plan.journey === 'full' ? sizeOfFull(plan) : sizeOfMinimal(plan)

/** Without packages of the person's own. */
const sizeOfFull = ({ answers }: Plan): string => {
  const { sizes, variants } = distributionNamed(String(answers['distro']))
  const { name: first } = variants[0]!
  const own = variants.find(({ name }) => name === answers['variant'])?.measured?.size
  const ofFirst = answers['slim'] === 'no' ? sizes?.whole : sizes?.slim
  const bytes = own ?? (answers['variant'] === first ? ofFirst : undefined)
  if (bytes === undefined) return ''
  return `The image takes ${answers['include'] === undefined ? 'about' : 'more than'} ${rounded(bytes)}.`
}

/**
 * Bytes, as measured on amd64: hello.c with each C library, two system calls, Mozilla's list of certificates, and
 * Debian's time zones.
 */
const GLIBC = 760_000
const MUSL = 10_000
const RAW = 300
const EXTRAS: Readonly<Record<string, number>> = {
  'ca-certificates': 226_000,
  tzdata: 860_000,
}

const sizeOfMinimal = ({ answers }: Plan): string => {
  const program = String(answers['program'] ?? 'bundled')
  const extras = String(answers['with'] ?? '')
    .split(',')
    .reduce((sum, name) => sum + (EXTRAS[name] ?? 0), 0)
  if (program !== 'bundled' && !program.startsWith('raw') && !program.endsWith('.c'))
    return `The image is as large as your program${extras === 0 ? '' : ` and ${rounded(extras)}`}.`
  const own = program.startsWith('raw') ? RAW : answers['libc'] === 'musl' ? MUSL : GLIBC
  return `The image takes about ${rounded(own + extras)}${program.endsWith('.c') ? ', and more for more code' : ''}.`
}

/** A guess has two digits at most. */
const rounded = (bytes: number): string =>
  size(bytes).replace(/\d\d\.\d/, text => String(Math.round(Number(text))))
