import { createReadStream, statSync } from 'node:fs'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { docker } from './engine.ts'

/**
 * Has a server listen at the gateway of the engine's bridge network, where containers reach it; gives its origin. Throws
 * when the engine has none, or runs on another machine.
 */
export const listenAtGateway = async (server: Server): Promise<string> => {
  const format = '{{(index .IPAM.Config 0).Gateway}}'
  const { stdout, stderr } = await docker(['network', 'inspect', '--format', format, 'bridge'])
  if (stdout === '') throw new Error(`the engine's bridge has no gateway: ${stderr}`)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, stdout, resolve)
  })
  return `http://${stdout}:${(server.address() as AddressInfo).port}`
}

/** Ends a server, and what it still answers. */
export const closeServer = async (server: Server): Promise<void> => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}

/** Answers with a file, or with 404 where there is none. */
export const sendFile = (file: string, to: ServerResponse): void => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() !== true) to.writeHead(404).end('Not Found\n')
  else createReadStream(file).pipe(to.writeHead(200, { 'Content-Length': found.size }))
}
