import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A way to a mirror that can be shut. */
export interface Gate {
  readonly url: string
  /** Waits until so many more packages have been asked for. */
  readonly passedMore: (packages: number) => Promise<void>
  /** Ends everything that is under way and takes no more; what it returns opens it again. */
  readonly shut: () => () => Promise<void>
  readonly close: () => void
}

/** Opens a gate before the mirror, at the same address of this machine. */
export const openGate = async (mirror: string): Promise<Gate> => {
  const { hostname, port, pathname } = new URL(mirror)
  const state = { packages: 0, isShut: false }
  const pass = (from: IncomingMessage, to: ServerResponse): void => {
    if (state.isShut) return void from.destroy()
    if (from.url?.endsWith('.deb') === true) state.packages += 1
    const { url: path, method, headers } = from
    const on = request({ hostname, port, path, method, headers }, answer => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
    })
    on.on('error', () => to.destroy())
    on.end()
  }
  const server = createServer(pass)
  await new Promise<void>(resolve => server.listen(0, hostname, resolve))
  return {
    url: `http://${hostname}:${(server.address() as AddressInfo).port}${pathname}`,
    passedMore: async more => {
      const until = state.packages + more
      while (state.packages < until) await sleep(20)
    },
    shut: () => {
      state.isShut = true
      server.closeAllConnections()
      return async () => void (state.isShut = false)
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
