// Whether a changed source still has the types it must have: the compiler's language server holds the project, and takes
// a file's text from memory (Language Server Protocol 3.17).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const COMPILER = fileURLToPath(new URL('../../node_modules/typescript/lib/tsc.js', import.meta.url))

/** Starts the server for a project. `wrong` gives the first error of a file with this text, or null. */
export const startTypes = async root => {
  const child = spawn(process.execPath, [COMPILER, '--lsp', '--stdio'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`tsc --lsp ended with ${code}`)
  })
  ended.catch(() => undefined)
  const waiting = new Map()
  const send = message => {
    const text = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }))
    child.stdin.write(`Content-Length: ${text.length}\r\n\r\n`)
    child.stdin.write(text)
  }
  listen(child.stdout, message => {
    // What it asks of an editor it gets no answer to but that it was heard.
    if (message.method !== undefined && message.id !== undefined)
      send({ id: message.id, result: null })
    else waiting.get(message.id)?.(message)
  })
  let count = 0
  const ask = (method, params) =>
    Promise.race([
      new Promise(resolve => {
        count += 1
        waiting.set(count, resolve)
        send({ id: count, method, params })
      }),
      ended,
    ])
  const folder = pathToFileURL(root).href
  await ask('initialize', {
    processId: process.pid,
    rootUri: folder,
    capabilities: { textDocument: { diagnostic: {} } },
    workspaceFolders: [{ uri: folder, name: 'project' }],
  })
  send({ method: 'initialized', params: {} })
  const wrong = async (file, text) => {
    const uri = pathToFileURL(join(root, file)).href
    const languageId = file.endsWith('x') ? 'typescriptreact' : 'typescript'
    send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri, languageId, version: count, text } },
    })
    const { result, error } = await ask('textDocument/diagnostic', { textDocument: { uri } })
    send({ method: 'textDocument/didClose', params: { textDocument: { uri } } })
    if (error !== undefined) throw new Error(`tsc --lsp: ${error.message}`)
    // 1 is an error, 4 a hint.
    return result.items.find(({ severity }) => severity === 1)?.message ?? null
  }
  const stop = () => {
    try {
      process.kill(-Number(child.pid), 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
  return { wrong, stop }
}

const HEAD_END = '\r\n\r\n'

/** Takes a stream of messages apart. */
const listen = (stream, hear) => {
  let held = Buffer.alloc(0)
  stream.on('data', chunk => {
    held = Buffer.concat([held, chunk])
    for (;;) {
      const end = held.indexOf(HEAD_END)
      const body = end + HEAD_END.length
      const length = Number(/Content-Length: (\d+)/.exec(held.subarray(0, end).toString())?.[1])
      if (end < 0 || held.length < body + length) return
      hear(JSON.parse(held.subarray(body, body + length).toString()))
      held = held.subarray(body + length)
    }
  })
}
