import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { distributionNamed } from '../../src/catalog/distributions.ts'
import { fill, findRelease } from '../../src/catalog/releases.ts'
import { docker } from './engine.ts'
import { closeServer, listenAtGateway, sendFile } from './serve.ts'

/** The stand-in for every family's builder: Debian with dnf, zypper and pacman, and what makes their repositories. */
export const STAND_IN = 'create-base-image-tests/families:trixie'

const TOOLS =
  'dnf rpm createrepo-c zypper pacman-package-manager makepkg gnupg gpg-agent busybox-static zstd xz-utils libarchive-tools libcap2-bin'

/** A machine's own Debian packages make it: about 40 s, once for each engine. */
export const makeStandIn = async (): Promise<void> => {
  if ((await docker(['image', 'inspect', STAND_IN])).exitCode === 0) return
  await buildImage(STAND_IN, `FROM debian:trixie-slim\nRUN ${aptInstall(TOOLS)}\n`)
}

/** Returns the command line that installs packages in an image of Debian; `options` are words for the `update`. */
export const aptInstall = (packages: string, options = ''): string =>
  `apt-get -qq -o Acquire::Retries=3 -o Acquire::Languages=none ${options} update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends ${packages} >/dev/null && rm -rf /var/lib/apt/lists/*`

/** Makes an image from the text of a Dockerfile alone. Throws an ExecaError. */
export const buildImage = async (tag: string, input: string): Promise<void> => {
  const env = { ...process.env, DOCKER_BUILDKIT: '0' }
  const words = ['build', '--quiet', '--force-rm', '--tag', tag, '-']
  await execa('docker', words, { input, env, extendEnv: false })
}

/** What the small repository of a distribution is made from. */
interface Wanted {
  readonly distro: string
  readonly release: string
  readonly osRelease: string
  readonly releasePackage: string
}

/** The distributions that have a small repository, each with the os-release that its real one has. */
const WANTED: readonly Wanted[] = [
  {
    distro: 'fedora',
    release: '44',
    osRelease: 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=44\nPRETTY_NAME="Fedora Linux 44"',
    releasePackage: 'fedora-release-container',
  },
  {
    distro: 'rocky',
    release: '9',
    osRelease: 'NAME="Rocky Linux"\nID="rocky"\nVERSION_ID="9.4"\nPLATFORM_ID="platform:el9"',
    releasePackage: 'rocky-release',
  },
  {
    distro: 'almalinux',
    release: '10',
    osRelease: 'NAME="AlmaLinux"\nID="almalinux"\nVERSION_ID="10.0"\nPLATFORM_ID="platform:el10"',
    releasePackage: 'almalinux-release',
  },
  {
    distro: 'centos-stream',
    release: '9',
    osRelease: 'NAME="CentOS Stream"\nID="centos"\nVERSION_ID="9"\nPLATFORM_ID="platform:el9"',
    releasePackage: 'centos-stream-release',
  },
  {
    distro: 'opensuse-leap',
    release: '16.0',
    osRelease: 'NAME="openSUSE Leap"\nID="opensuse-leap"\nVERSION_ID="16.0"',
    releasePackage: 'Leap-release',
  },
  {
    distro: 'opensuse-tumbleweed',
    release: 'tumbleweed',
    osRelease: 'NAME="openSUSE Tumbleweed"\nID="opensuse-tumbleweed"\nVERSION_ID="20261101"',
    releasePackage: 'openSUSE-release',
  },
]

/** Distributions that have a second repository too, whose package manager works in the image; and whose it is in Debian. */
const REAL: Readonly<Record<string, string>> = {
  rocky: 'dnf rpm bash',
  'opensuse-leap': 'zypper rpm bash',
  arch: 'pacman-package-manager bash gnupg',
}

/** What may be wrong with a mirror: no signatures, a damaged package or one that is missing, a portal, no such release, nobody there. */
export type Kind = 'unsigned' | 'tampered' | 'gone' | 'portal' | 'none' | 'down' | 'real'

/** Small signed repositories that containers of the engine can reach. */
export interface FamilyMirrors {
  /** What `--mirror` takes for a distribution; with a fault, one that has it; `real` has a package manager that works. */
  readonly url: (distro: string, kind?: Kind) => string
  /** The key that they are signed with, as text, and one that nothing is signed with. */
  readonly keyring: string
  readonly stranger: string
  readonly close: () => Promise<void>
}

/**
 * Makes the repositories in a container of the stand-in, of all distributions or of those named, and serves them at the
 * gateway of the engine's bridge. Those of `real` get one with a package manager that works.
 */
export const familyMirrors = async (
  distros: readonly string[] = [...WANTED.map(({ distro }) => distro), 'arch'],
  real: readonly string[] = [],
): Promise<FamilyMirrors> => {
  await makeStandIn()
  const folder = mkdtempSync(join(tmpdir(), 'family-mirrors-'))
  const server = createServer(({ url = '/' }, to) => answer(folder, url, to))
  try {
    await makeAll(folder, distros, real)
    const origin = await listenAtGateway(server)
    return {
      url: (distro, kind) => urlOf(origin, distro, kind),
      keyring: join(folder, 'key.asc'),
      stranger: join(folder, 'stranger.asc'),
      close: async () => {
        await closeServer(server)
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Makes a builder whose own repository is a distribution's first one, by a key that signed nothing there. */
export const makeBuilderOf = async (
  distro: string,
  reference: string,
  parent: string,
  mirrors: FamilyMirrors,
): Promise<void> => {
  const [path] = pathsOf(WANTED.find(wanted => wanted.distro === distro)!).split(' ')
  const repository = `[own]\nname=own\nbaseurl=${mirrors.url(distro)}/${path}\ngpgcheck=1\ngpgkey=file:///stranger.asc\n`
  const put = (bytes: Buffer, to: string): string =>
    `RUN echo ${bytes.toString('base64')} | base64 --decode >${to}\n`
  await buildImage(
    reference,
    `FROM ${parent}\nRUN mkdir -p /etc/yum.repos.d && rm -f /etc/yum.repos.d/*\n` +
      put(Buffer.from(repository), '/etc/yum.repos.d/own.repo') +
      put(readFileSync(mirrors.stranger), '/stranger.asc'),
  )
}

const SCRIPT = fileURLToPath(new URL('../../scripts/family-mirrors.sh', import.meta.url))

const urlOf = (origin: string, distro: string, kind?: Kind): string => {
  if (kind === undefined) return `${origin}/${distro}`
  if (kind === 'unsigned' || kind === 'tampered') return `${origin}/${distro}/${kind}`
  // Nobody listens at the first port.
  if (kind === 'down') return `${origin.replace(/:\d+$/, ':1')}/${distro}`
  return `${origin}/${kind}/${distro}`
}

/** All in one container, because one pair of keys signs them all. */
const makeAll = async (
  folder: string,
  distros: readonly string[],
  real: readonly string[],
): Promise<void> => {
  await makeRepositories(folder, [
    ...distros.map(distro => makeLine(distro, `/out/${distro}`)),
    ...real.map(distro => `REAL='${REAL[distro]}' ${makeLine(distro, `/out/real/${distro}`)}`),
  ])
}

/** Runs lines of scripts/family-mirrors.sh, which lies at /make.sh, in the stand-in, and brings what they left in /out. */
export const makeRepositories = async (folder: string, lines: readonly string[]): Promise<void> => {
  const whole = ['set -e', 'cat >/make.sh', 'sh /make.sh keys /out', ...lines, 'tar -C /out -c .']
  mkdirSync(folder, { recursive: true })
  const options = { env: process.env, extendEnv: false, encoding: 'buffer' } as const
  const { stdout } = await execa(
    'docker',
    ['run', '--rm', '--interactive', STAND_IN, 'sh', '-c', whole.join('\n')],
    { input: readFileSync(SCRIPT), ...options, maxBuffer: 500_000_000 },
  )
  await execa('tar', ['-C', folder, '-x'], { input: stdout })
}

const makeLine = (distro: string, to: string): string => {
  const packages = `PACKAGES='${namesOf(distro)}'`
  if (distro === 'arch')
    return `OS_RELEASE='NAME="Arch Linux"\nID=arch' ${packages} sh /make.sh arch ${to}`
  const one = WANTED.find(wanted => wanted.distro === distro)!
  const words = `RELEASE_PACKAGE=${one.releasePackage} OS_RELEASE='${one.osRelease}' PATHS='${pathsOf(one)}'`
  return `${words} ${packages} sh /make.sh rpm ${to}`
}

const pathsOf = ({ distro, release }: Wanted): string => {
  const settings = distributionNamed(distro).settings as { readonly paths: readonly string[] }
  const found = findRelease(release, '2026-11-28', distro)!
  return settings.paths.map(path => fill(path, found).replaceAll('{machine}', machine())).join(' ')
}

/** uname's name of this machine. */
export const machine = (): string => (process.arch === 'arm64' ? 'aarch64' : 'x86_64')

/** Every package that a variant of the distribution names. */
const namesOf = (distro: string): string =>
  [...new Set(distributionNamed(distro).variants.flatMap(({ packages }) => packages))].join(' ')

const PORTAL = '<!DOCTYPE html>\n<html><title>Welcome</title><p>Please log in.</html>\n'

const answer = (folder: string, url: string, to: ServerResponse): void => {
  if (url.startsWith('/portal/')) {
    to.setHeader('Content-Type', 'text/html').end(PORTAL)
    return
  }
  const gone = url.startsWith('/gone/')
  const path = gone ? url.slice('/gone'.length) : url
  if (gone && /\/cbi-shell-[^/]*\.(?:rpm|zst)$/.test(path)) {
    to.writeHead(404).end('Not Found\n')
    return
  }
  sendFile(join(folder, normalize(decodeURIComponent(path))), to)
}
