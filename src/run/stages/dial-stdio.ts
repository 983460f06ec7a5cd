import { request, type IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import type { Child } from '../process/exec.ts'

/** How long an engine may take to begin its answer, in milliseconds. A registry's answer comes within. */
const PATIENCE = 60_000

/**
 * Posts to the engine's API over the stdio of a client that dials it. Returns the body of the answer, or null when
 * there is none with status 200. Paths carry no version: each engine takes those (measured).
 */
export const postByStdio = (child: Child, path: string): Promise<IncomingMessage | null> =>
  new Promise(resolve => {
    const none = (): void => {
      clearTimeout(timer)
      resolve(null)
    }
    const socket = new StdioSocket(child)
    const call = request({
      method: 'POST',
      path,
      headers: { Host: 'engine', 'Content-Length': 0 },
      createConnection: () => socket,
    })
    const timer = setTimeout(() => call.destroy(), PATIENCE)
    call.on('response', answer => {
      clearTimeout(timer)
      resolve(answer.statusCode === 200 ? answer : null)
    })
    call.on('error', none)
    socket.on('error', none)
    void child.then(none)
    call.end()
  })

/** A child's stdin and stdout as the one stream that Node's HTTP client wants. */
class StdioSocket extends Duplex {
  readonly #child: Child

  constructor(child: Child) {
    super()
    this.#child = child
    child.stdout.on('data', (chunk: Uint8Array) => {
      if (!this.push(chunk)) child.stdout.pause()
    })
    child.stdout.on('end', () => this.push(null))
    child.stdin.on('error', error => this.destroy(error))
  }

  override _read(): void {
    this.#child.stdout.resume()
  }

  override _write(
    chunk: Uint8Array,
    _: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#child.stdin.write(chunk, done)
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done)
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}
