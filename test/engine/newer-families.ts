import { docker } from './engine.ts'
import { aptInstall, buildImage } from './family-mirrors.ts'
import { inFront, ownMirror } from './full-mirrors.ts'

/** The stand-in for the builders of distributions with newer tools, or why there is none. */
export type NewerStandIn =
  | { readonly image: string; readonly lacks: null }
  | { readonly image: null; readonly lacks: string }

/** The suites of Debian that have dnf 5, rpm 6 and pacman 7.1; where the first is broken on the day, the next is taken. */
const SUITES = ['sid', 'testing']

const TOOLS = 'dnf5 rpm zypper pacman-package-manager makepkg gnupg gpg-agent'

/** Makes `create-base-image-tests/families:sid`, or of a suite after it: a minute or two, once for each engine. */
export const newerStandIn = async (): Promise<NewerStandIn> => {
  const mirror = ownMirror()
  if (mirror === null)
    return { image: null, lacks: "this machine's apt sources have no mirror of Debian" }
  let lacks = ''
  for (const suite of SUITES) {
    const image = `create-base-image-tests/families:${suite}`
    try {
      if ((await docker(['image', 'inspect', image])).exitCode !== 0)
        await buildImage(image, recipeOf(mirror, suite))
      return { image, lacks: null }
    } catch (error) {
      lacks = `no builder could be made of Debian ${suite}: ${lastLine(error)}`
    }
  }
  return { image: null, lacks }
}

/**
 * A mirror that is kept at one day has old indexes of suites that go on, whose signature still counts. As in Fedora since
 * 41, `dnf` is dnf5.
 */
const recipeOf = (mirror: string, suite: string): string =>
  [
    'FROM debian:trixie-slim',
    `RUN rm -rf /etc/apt/sources.list.d && echo 'deb ${mirror} ${suite} main' >/etc/apt/sources.list`,
    `RUN ${aptInstall(TOOLS, '-o Acquire::Check-Valid-Until=false')} && ln -s dnf5 /usr/bin/dnf`,
    '',
  ].join('\n')

const lastLine = (error: unknown): string => String(error).trim().split('\n').at(-1)!

/** What stands before a mirror: the status that it answers a path with, or null where the mirror answers. */
export type Door = (path: string) => number | null

/** Puts a door before a mirror until the test ends, and gives its address. */
export const behind = (url: string, door: Door): Promise<string> =>
  inFront(url, (from, to) => {
    const status = door(from.url ?? '')
    if (status === null) return false
    if (status === 401) to.setHeader('WWW-Authenticate', 'Basic realm="test"')
    to.writeHead(status).end()
    return true
  })
