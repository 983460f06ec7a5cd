import { Buffer } from 'node:buffer'
import { countField, jsonCutter, listField, textField } from './json-values.ts'
import type { Fields } from './json-values.ts'
import { cleanLine, lineCutter } from './lines.ts'
import type { LineCutter } from './lines.ts'
import type { Reader, Reading } from './reader.ts'
import { progressTeller } from './teller.ts'
import { vertexBook } from './vertices.ts'
import type { VertexBook } from './vertices.ts'

interface Build {
  readonly book: VertexBook
  readonly lines: string[]
  /** What was said of each vertex: its name, that it was cached, its error. */
  readonly said: Set<string>
  /** Cuts the output of each vertex, which comes in chunks, into lines. */
  readonly outputs: Map<string, LineCutter>
}

/**
 * Reads BuildKit's `rawjson`, one value a line or spread over many. Log lines are the names of the vertices as they
 * start, what their programs print, errors and warnings, and the text that follows the JSON when a build fails.
 */
export const buildkitJsonReader = (): Reader => {
  const build: Build = { book: vertexBook(), lines: [], said: new Set(), outputs: new Map() }
  const tell = progressTeller()
  const sink = {
    value: (value: Fields) => noteValue(build, value),
    text: (line: string) => {
      endOutputs(build)
      build.lines.push(line)
    },
  }
  const cutters = { stdout: jsonCutter(sink), stderr: jsonCutter(sink) }
  const taken = (): Reading[] => {
    const lines = build.lines.splice(0).map((text): Reading => ({ kind: 'line', text }))
    const progress = build.book.progress()
    return progress === null ? lines : [...lines, ...tell(progress)]
  }
  return {
    read: (chunk, source) => {
      cutters[source].read(chunk)
      return taken()
    },
    end: () => {
      cutters.stdout.end()
      cutters.stderr.end()
      endOutputs(build)
      return taken()
    },
  }
}

const noteValue = (build: Build, value: Fields): void => {
  const known = ['vertexes', 'statuses', 'logs', 'warnings'].some(name => name in value)
  // Other JSON is not progress, so it is said as it is.
  if (!known && Object.keys(value).length > 0) build.lines.push(cleanLine(JSON.stringify(value)))
  for (const vertex of listField(value, 'vertexes')) noteVertex(build, vertex)
  for (const status of listField(value, 'statuses')) noteStatus(build, status)
  for (const log of listField(value, 'logs')) noteLog(build, log)
  for (const warning of listField(value, 'warnings')) noteWarning(build, warning)
}

const noteVertex = (build: Build, vertex: Fields): void => {
  const digest = textField(vertex, 'digest')
  if (digest === null) return
  const name = textField(vertex, 'name') ?? digest
  build.book.see(digest, name)
  if (textField(vertex, 'started') === null) return
  sayVertex(build, digest, vertex['cached'] === true, name)
  noteState(build, digest, vertex)
}

const sayVertex = (build: Build, digest: string, cached: boolean, name: string): void => {
  if (!cached) return sayOnce(build, `name ${digest}`, name)
  build.said.add(`name ${digest}`)
  sayOnce(build, `cached ${digest}`, `CACHED ${name}`)
}

const noteState = (build: Build, digest: string, vertex: Fields): void => {
  const error = textField(vertex, 'error')
  if (textField(vertex, 'completed') === null) return build.book.run(digest)
  build.outputs.get(digest)?.end()
  if (error === null || error === '') return build.book.complete(digest)
  build.book.fail(digest)
  for (const line of error.split('\n')) sayOnce(build, `error ${digest} ${line}`, `ERROR: ${line}`)
}

const sayOnce = (build: Build, key: string, line: string): void => {
  if (build.said.has(key)) return
  build.said.add(key)
  build.lines.push(cleanLine(line))
}

const noteStatus = (build: Build, status: Fields): void => {
  const vertex = textField(status, 'vertex')
  const id = textField(status, 'id')
  if (vertex === null || id === null) return
  const current = countField(status, 'current')
  const total = countField(status, 'total')
  if (current !== null && total !== null) build.book.bytes(vertex, id, current, total)
  build.book.now(vertex, id)
}

const noteLog = (build: Build, log: Fields): void => {
  const vertex = textField(log, 'vertex') ?? ''
  const data = Buffer.from(textField(log, 'data') ?? '', 'base64')
  const output = build.outputs.get(vertex) ?? lineCutter({ line: text => build.lines.push(text) })
  build.outputs.set(vertex, output)
  output.read(data, log['stream'] === 2 ? 'stderr' : 'stdout')
}

const noteWarning = (build: Build, warning: Fields): void => {
  const short = Buffer.from(textField(warning, 'short') ?? '', 'base64').toString('utf8')
  for (const line of short.split('\n'))
    if (line !== '') build.lines.push(cleanLine(`WARN: ${line}`))
}

const endOutputs = (build: Build): void => {
  for (const output of build.outputs.values()) output.end()
}
