import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OfficialName } from '../ask/wizard/advice.ts'
import type { Facts } from '../engine/facts.ts'
import { EXIT } from '../errors.ts'
import { officialStart } from '../learn/official.ts'
import { textWidth, wrap } from '../text/wrap.ts'
import { childEnvironment } from '../run/process/environment.ts'
import { endChild, startChild } from '../run/process/exec.ts'
import { withoutBuilderNote } from '../run/progress/builder-note.ts'
import type { Io } from '../terminal/io.ts'
import { leaveAtOnce, stopSignals } from './signals.ts'

/**
 * Writes a project that starts FROM an official image, and builds and runs it where an engine is. Returns 0; 1 when the
 * build or the program failed, and the files stay; 130 when the person stopped it.
 */
export const makeOfficial = async (
  { official, facts }: { readonly official: OfficialName; readonly facts: Facts },
  io: Io,
): Promise<number> => {
  const name = freeName(io.cwd)
  const { from, files } = officialStart(official)
  const folder = join(io.cwd, name)
  await mkdir(folder)
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
  await io.out.write(`\nWritten to ${name}: ${Object.keys(files).join(', ')}\n\n`)
  await io.out.write(`${shownFile(files['Dockerfile'] ?? '')}\n`)
  const client = facts.engine?.client
  if (client === undefined) {
    await io.out.write(`${why(facts)}\n\n${next(name, 'docker', from)}`)
    return EXIT.done
  }
  const stop = stopSignals(leaveAtOnce)
  try {
    const call = (...words: string[]) =>
      shownCall(client, words, { facts, io, signal: stop.signal })
    const built = await call('build', '--tag', name, name)
    const ran = built === 0 ? await call('run', '--rm', name) : built
    if (stop.signal.aborted) return EXIT.cancelled
    await io.out.write(`\n${ran === 0 ? explained(name, from) : failed(name, client)}\n`)
    await io.out.write(next(name, client, from))
    return ran === 0 ? EXIT.done : EXIT.failed
  } finally {
    stop.release()
  }
}

/** A name that no folder here has yet. */
const freeName = (cwd: string): string => {
  const names = Array.from({ length: 99 }, (_, i) => (i === 0 ? 'my-app' : `my-app-${i + 1}`))
  return names.find(name => !existsSync(join(cwd, name))) ?? `my-app-${process.pid}`
}

const shownFile = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map(line => `    ${line}\n`)
    .join('')

interface Surroundings {
  readonly facts: Facts
  readonly io: Io
  readonly signal: AbortSignal
}

/** Runs the client with its output on the screen. Returns its exit code; 1 when it could not be started. */
const shownCall = async (
  client: string,
  words: readonly string[],
  { facts, io, signal }: Surroundings,
): Promise<number> => {
  await io.out.write(`$ ${[client, ...words].join(' ')}\n`)
  const options = { cwd: io.cwd, env: childEnvironment(facts, io.env), stdin: 'ignore' } as const
  const child = startChild(client, words, options)
  const end = (): void => void endChild(child)
  signal.addEventListener('abort', end)
  const isWords = withoutBuilderNote()
  const out = async (text: string): Promise<void> => {
    await io.out.write(text)
  }
  const err = (text: string): Promise<void> => {
    const lines = text.split(/(?<=\n)/).filter(line => isWords(line.replace(/\r?\n$/, '')))
    return out(lines.join(''))
  }
  await Promise.all([tell(child.stdout, out), tell(child.stderr, err)]).catch(() => undefined)
  const { exitCode } = await child
  signal.removeEventListener('abort', end)
  return exitCode ?? 1
}

type Stream = AsyncIterable<Uint8Array> | null | undefined

const tell = async (stream: Stream, to: (text: string) => Promise<void>): Promise<void> => {
  for await (const chunk of stream ?? []) await to(Buffer.from(chunk).toString('utf8'))
}

const paragraph = (text: string): string =>
  wrap(text, textWidth())
    .map(line => `${line}\n`)
    .join('')

const why = ({ engineProblem }: Facts): string =>
  paragraph(
    `It was not built, because there is no engine here. ${engineProblem?.what ?? ''}`.trim(),
  )

const explained = (name: string, from: string): string =>
  paragraph(
    `${name} is an image with a parent: it has every layer of ${from}, with those of COPY and RUN on top. It is not a base image, and need not be one. When ${from} is rebuilt with a fix, build again with --pull, and yours has the fix too.`,
  )

const failed = (name: string, client: string): string =>
  paragraph(
    `${client} says above why it failed; a parent image comes from a registry, which must be reachable. The files stay in ${name}, and the command above tries again.`,
  )

const next = (name: string, client: string, from: string): string =>
  [
    'Next',
    `    ${client} build --pull --tag ${name} ${name}`,
    `    ${client} run --rm ${name}`,
    `    ${client} image history ${name}     # the bottom lines come from ${from}`,
    '    npx create-base-image explain "parent image"',
    '',
  ].join('\n')
