import { usageOf } from '../ask/commands.ts'
import { tag } from '../ask/questions/tag.ts'
import { oneOf } from '../ask/one-of.ts'
import { probeFacts } from '../engine/probe.ts'
import { EXIT, UsageError } from '../errors.ts'
import { openStream, type ArchiveSource } from '../oci/source.ts'
import { childEnvironment } from '../run/process/environment.ts'
import { capture, endChild, startChild } from '../run/process/exec.ts'
import type { Io } from '../terminal/io.ts'

/** An image that an engine is writing as an archive. */
export interface Saved {
  readonly source: ArchiveSource
  /** The engine's command line, which writes it. */
  readonly client: string
  /** Ends the engine's client. Returns the exit code of the report, or 1 when the client has failed meanwhile. */
  readonly ended: (told: number) => Promise<number>
}

/**
 * Returns an image of the engine as an archive that streams by: nothing is put on the disk. Throws UsageError when
 * neither a file nor an image has that name, or no engine answers.
 */
export const openSaved = async (
  name: string,
  engine: string | undefined,
  io: Io,
): Promise<Saved> => {
  const wanted = oneOf('engine', ['auto', 'docker', 'podman'] as const, engine ?? 'auto')
  const facts = isImageName(name)
    ? await probeFacts({ engine: wanted, env: io.env, libcs: [] })
    : null
  if (facts === null) throw noFile(name, [])
  const client = facts.engine?.client
  if (client === undefined)
    throw noFile(name, [
      `It is not an image either, because no engine answers. ${facts.engineProblem?.what ?? ''}`.trim(),
    ])
  const place = { cwd: io.cwd, env: childEnvironment(facts, io.env) }
  const found = await capture(client, ['image', 'inspect', '--format', '{{.Id}}', name], {
    ...place,
    seconds: 30,
  })
  if (found.exitCode !== 0)
    throw noFile(name, [`Nor has ${client} an image of that name: ${client} images`])
  const child = startChild(client, ['save', name], { ...place, stdin: 'ignore' })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-LONGEST)))
  child.stderr?.resume()
  const ended = async (told: number): Promise<number> => {
    child.stdout?.resume()
    const { exitCode } = await child
    if (exitCode === 0) return told
    await io.err.write(`\n${client} save ended with exit code ${exitCode}: ${said.trim()}\n`)
    return EXIT.failed
  }
  try {
    return {
      source: await openStream(child.stdout as AsyncIterable<Uint8Array>, name),
      client,
      ended,
    }
  } catch (error) {
    await endChild(child)
    throw said === '' ? error : new UsageError(`${client} save: ${said.trim()}`)
  }
}

const LONGEST = 2000

/** As a name, a name of another registry, or an ID; a path with dots before it does not count. */
const isImageName = (name: string): boolean => {
  if (/^(?:sha256:)?[0-9a-f]{6,64}$/.test(name)) return true
  try {
    return tag.parse(name.replace(/@sha256:[0-9a-f]{64}$/, ''), '') !== ''
  } catch {
    return false
  }
}

const noFile = (name: string, todo: readonly string[]): UsageError =>
  new UsageError(`There is no file ${name}.`, [...todo, `Usage: ${usageOf('inspect')}`])
