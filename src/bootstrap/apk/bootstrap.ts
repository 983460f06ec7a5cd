import { BootstrapError } from '../errors.ts'
import type { Fetcher } from '../types.ts'
import { catalogueOf } from './catalogue.ts'
import { parseDependencies } from './dependency.ts'
import { fetchPackages, fetchRepositories } from './fetch.ts'
import { keyRing } from './keys.ts'
import { readData } from './read-data.ts'
import { fileText } from './read-file.ts'
import { rootTar } from './root.ts'
import { compareNames, inOrder, solve } from './solve.ts'
import { Tree } from './tree.ts'
import type { ApkPackage, ApkRequest } from './types.ts'

/** A root filesystem of Alpine, ready to be written. */
export interface ApkRoot {
  /** In the order of installation. */
  readonly packages: readonly ApkPackage[]
  /** Packages with scripts that would have run at their installation, by name; none has. */
  readonly unrun: readonly string[]
  /** Seconds since 1970: the time of the newest file. */
  readonly epoch: number
  /** Bytes of all files. */
  readonly contentBytes: number
  /** The tar, made afresh at every call. */
  readonly tar: () => AsyncGenerator<Uint8Array>
}

/**
 * Returns a root filesystem of signed packages, without apk and without running anything of the target: indexes and
 * packages are verified before they are unpacked. Throws BootstrapError, and the signal's reason when it is aborted.
 */
export const bootstrapApk = async (request: ApkRequest, fetcher: Fetcher): Promise<ApkRoot> => {
  const keys = keyRing(request.keys)
  const repositories = await fetchRepositories(request, keys, fetcher)
  const world = worldOf(request.packages)
  const chosen = inOrder(world, solve(world, catalogueOf(repositories)))
  const opened = await fetchPackages(request, { chosen, keys, fetcher })
  const tree = new Tree()
  for (const [at, open] of opened.entries()) {
    request.onProgress?.({
      phase: 'unpack',
      done: at,
      total: opened.length,
      subject: open.package.name,
    })
    tree.add(open, await readData(open, request.signal))
  }
  await checkRelease(tree, request)
  const epoch = request.epoch ?? Math.max(0, ...chosen.map(each => each.built))
  const notes = {
    world: world.map(each => each.text),
    repositories: repositories.map(
      ({ name }) => `${request.writtenMirror.replace(/\/+$/, '')}/${request.branch}/${name}`,
    ),
    architecture: request.architecture,
    keys: request.writtenKeys.map(key => ({
      ...key,
      name: key.name ?? repositories[0]?.signedBy ?? 'key.rsa.pub',
    })),
    epoch,
  }
  return {
    packages: chosen,
    unrun: opened
      .filter(({ scripts }) => scripts.some(({ kind }) => AT_INSTALLATION.includes(kind)))
      .map(each => each.package.name),
    epoch,
    contentBytes: contentBytes(tree),
    tar: () => rootTar(tree, notes, request.signal),
  }
}

const AT_INSTALLATION: readonly string[] = ['pre-install', 'post-install', 'trigger']

const worldOf = (packages: readonly string[]): ReturnType<typeof parseDependencies> => {
  try {
    const all = parseDependencies(packages.join(' '))
    const names = new Map(all.map(each => [each.name, each]))
    return [...names.values()].sort((a, b) => compareNames(a.name, b.name))
  } catch (error) {
    throw new BootstrapError('include-unknown', `${(error as Error).message}.`, [
      '--include takes names of packages, or names with versions: bash, "nginx>=1.26".',
    ])
  }
}

const checkRelease = async (tree: Tree, request: ApkRequest): Promise<void> => {
  if (request.version === null) return
  const found = (await fileText(tree, 'etc/alpine-release', request.signal))?.trim()
  if (found === undefined || isOf(found, request.version)) return
  throw new BootstrapError(
    'release-wrong',
    `The mirror’s ${request.branch} is Alpine ${found}, not ${request.version}.`,
    ['Give another --mirror: the folder that has v3.20/main/x86_64 in it.'],
  )
}

const isOf = (found: string, version: string): boolean =>
  found === version || found.startsWith(`${version}.`) || found.startsWith(`${version}_`)

const contentBytes = (tree: Tree): number =>
  tree.installed
    .flatMap(each => each.folders.flatMap(folder => folder.files))
    .reduce((sum, file) => sum + file.size, 0)
