import { rename, rm } from 'node:fs/promises'
import { release } from 'node:os'
import { dirname, join } from 'node:path'
import type { Facts } from '../engine/facts.ts'
import { shownCommands } from '../plan/shown-commands.ts'
import type { Step } from '../plan/types.ts'
import { printableLines } from '../text/printable.ts'
import { version } from '../version.ts'
import { digestOf, fileDigest, writeWhole } from './project/files.ts'
import { OURS, saveState } from './project/project.ts'
import type { RunContext } from './context.ts'
import type { StepFailed } from './events.ts'
import { resolveWord } from './values.ts'
import { makeFolders } from '../text/make-folders.ts'

/** What is added to a failure that nobody knows yet: the commands that failed, and the path of the text for an issue. */
export type Unknown = Pick<StepFailed, 'commands' | 'issue'>

/**
 * Writes a text that can be sent as an issue beside the journal, where there is one; what a person has made of an earlier
 * one is kept as `issue.md.old`. Never rejects.
 */
export const reportUnknown = async (
  step: Step,
  context: RunContext,
  failed: StepFailed,
): Promise<Unknown> => {
  const commands = shownCommands(step, word => resolveWord(context.values, word))
  if (failed.log === '') return { commands }
  const issue = join(dirname(failed.log), FILE)
  const known = context.redact({ failed, commands })
  try {
    await makeFolders(dirname(issue))
    const found = await fileDigest(issue)
    if (found !== null && found !== context.project.state.issue) await rename(issue, `${issue}.old`)
    const text = issueText(step.title, context.facts, known)
    await writeWhole(issue, text)
    await saveState(context.project, { issue: digestOf(text) })
    return { commands, issue }
  } catch {
    return { commands }
  }
}

/** Removes the text that a failure before left, unless a person has written into it: once all goes well it is of no use. */
export const forgetIssue = async ({ project }: Pick<RunContext, 'project'>): Promise<void> => {
  const { issue, ...state } = project.state
  if (issue === undefined) return
  const path = join(project.directory, OURS, FILE)
  if ((await fileDigest(path)) === issue) await rm(path)
  project.state = state
}

const FILE = 'issue.md'

const issueText = (
  title: string,
  facts: Facts,
  { failed, commands }: { readonly failed: StepFailed; readonly commands: readonly string[] },
): string =>
  printableLines(
    [
      `# "${title}" failed: ${failed.message}`,
      '',
      'Before you send this: take out anything private, and say what you expected.',
      '',
      '## What I ran',
      '',
      ...block([failed.repeat]),
      '## The command that failed',
      '',
      ...block(
        commands.length === 0 ? ['(no command: create-base-image did it by itself)'] : commands,
      ),
      `Exit code: ${failed.exitCode ?? 'none'}`,
      '',
      '## Its last lines',
      '',
      ...block(failed.lastLines.length === 0 ? ['(it said nothing)'] : failed.lastLines),
      '## Versions',
      '',
      ...versions(facts).map(line => `- ${line}`),
      '',
      `The whole log is in ${failed.log}; it can be attached.`,
      '',
    ].join('\n'),
  )

/** A line of what is quoted must not end the quote. */
const block = (lines: readonly string[]): string[] => [
  ...lines.flatMap(line => line.split('\n')).map(line => `    ${line}`),
  '',
]

const versions = ({ platform, arch, engine }: Facts): string[] => [
  `create-base-image ${version()}, Node ${process.version}`,
  `${platform} ${release()}, ${arch}`,
  engine === null
    ? 'no engine'
    : `${engine.serverName} ${engine.serverVersion} (${engine.os}/${engine.arch}), client ${engine.client} ${engine.clientVersion}, builder ${engine.builder}, image store ${engine.store}${engine.rootless ? ', rootless' : ''}${engine.remote ? ', on another machine' : ''}`,
]
