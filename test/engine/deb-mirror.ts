import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { closeServer, listenAtGateway, sendFile } from './serve.ts'

/** What can be wrong with a mirror; scripts/deb-mirror.sh tells each but the portal, which answers all with a page. */
export type Fault = 'expired' | 'stranger' | 'tampered' | 'foreign' | 'portal'

/** A mirror of one distribution that containers of the engine can reach. */
export interface DebMirror {
  /** What debootstrap takes as MIRROR: `http://172.29.7.1:41234/ubuntu` */
  readonly url: string
  /** The same of a mirror that something is wrong with. */
  readonly faulty: (fault: Fault) => string
  /** The file with the mirror's key, in the binary form that gpgv needs. */
  readonly keyring: string
  /** The same key, armoured. */
  readonly armoured: string
  /** A keyring that does not have the mirror's key. */
  readonly stranger: string
  /** The paths asked for so far, in order. */
  readonly requests: () => readonly string[]
  readonly close: () => Promise<void>
}

/**
 * Serves scripts/deb-mirror.sh's mirror at the gateway of the engine's bridge network. The first time on a machine
 * it takes half a minute to make. Throws when it can't be made, or when the engine runs on another machine.
 */
export const debMirror = async (name: 'ubuntu' | 'kali' | 'devuan'): Promise<DebMirror> => {
  const folder = mkdtempSync(join(tmpdir(), `${name}-mirror-`))
  const asked: string[] = []
  const server = createServer(({ url = '/' }, to) => {
    asked.push(url)
    if (url.startsWith('/portal/')) to.setHeader('Content-Type', 'text/html').end(PORTAL)
    else sendFile(join(folder, normalize(decodeURIComponent(url))), to)
  })
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    await execa(SCRIPT, [name, folder])
    const origin = await listenAtGateway(server)
    return {
      url: `${origin}/${name}`,
      faulty: fault => `${origin}/${fault}/${name}`,
      keyring: join(folder, 'keyring.gpg'),
      armoured: join(folder, 'keyring.asc'),
      stranger: join(folder, 'stranger.gpg'),
      requests: () => asked,
      close: async () => {
        await closeServer(server)
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}

const SCRIPT = fileURLToPath(new URL('../../scripts/deb-mirror.sh', import.meta.url))
const PORTAL =
  '<!DOCTYPE html>\n<html><title>Welcome</title><p>Please log in to use this network.</html>\n'
