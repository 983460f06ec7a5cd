import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { OWN_FOLDER } from '../../bootstrap/deb/own-files.ts'
import { BootstrapError } from '../../bootstrap/errors.ts'
import { finishTar } from '../../bootstrap/stage/finish.ts'
import { STAGED_NAME } from '../../plan/names.ts'
import { query, removeContainer, type Client } from '../clean-up/containers.ts'
import { endChild, startChild, type Child } from '../process/exec.ts'
import { LABEL } from '../process/run-id.ts'
import { configureFailed, hearConfigure } from './configure-lines.ts'
import { isPipeError } from './pipe-error.ts'
import { keepStage, keptStage, STAGE_LABEL } from './kept-stage.ts'
import { unpackTurn } from './unpack-turn.ts'

/** What configures a root filesystem in a container. */
export interface EngineRoot {
  readonly client: Client
  /** `linux/arm64` when it is not the engine's own, or null. */
  readonly platform: string | null
  /** The staged tree: see rootTar. */
  readonly staged: AsyncIterable<Uint8Array>
  /** What the staged tree is kept in the engine by, for the next run; null to keep nothing. */
  readonly key: string | null
  /** Called when the tree is in the engine from an earlier run, and `staged` is not read. */
  readonly onKept: () => void
  /** Options of configure.sh. */
  readonly options: readonly string[]
  /** Seconds since 1970. */
  readonly epoch: number
  readonly runId: string
  readonly signal: AbortSignal
  /** Lines of configure.sh and of dpkg. */
  readonly onLine: (line: string) => void
}

/**
 * The rights of the container that configures: it has no network, and sees no files of this machine. FSETID keeps the
 * setgid bit of /var/mail; SETFCAP is for packages that give their programs capabilities.
 */
const CONFIGURE_OPTIONS: readonly string[] = [
  '--network=none',
  '--hostname=localhost',
  '--security-opt=no-new-privileges',
  '--cap-drop=ALL',
  '--cap-add=CHOWN',
  '--cap-add=DAC_OVERRIDE',
  '--cap-add=FOWNER',
  '--cap-add=FSETID',
  '--cap-add=SETFCAP',
  '--cap-add=SETGID',
  '--cap-add=SETUID',
]

/**
 * Has an engine configure a staged tree with its own dpkg, and gives the finished tar to `write`. Nothing is left in the
 * engine, whatever happens, but the tree under its key after a success. Throws BootstrapError `configure-failed` with the last lines, errors of the tree, and the
 * signal's reason.
 */
export const configureInEngine = async (
  root: EngineRoot,
  write: (tar: AsyncGenerator<Uint8Array>) => Promise<void>,
): Promise<void> => {
  const { client, key } = root
  const image = `${STAGED_NAME}:${root.runId}`
  let container: string | null = null
  let isKept = false
  try {
    const release = await unpackTurn(root.signal)
    try {
      container = await ofKept(root)
      isKept = container !== null
      if (!isKept) await bringTree(root, image)
    } finally {
      release()
    }
    container ??= await createContainer(root, image)
    await configure(root, container)
    await exportTree(root, container, write)
    if (!isKept && key !== null) await keepStage(client, image, key)
  } finally {
    if (brought.get(sharedKey(root)) === image) brought.delete(sharedKey(root))
    if (container !== null) await removeContainer(client, container)
    if (!isKept) await query(client, ['image', 'rm', '--force', image], 60)
  }
}

/** The trees that images of this process are being made of just now, by what they are of. */
const brought = new Map<string, string>()

const sharedKey = ({ client, key }: EngineRoot): string => `${client.program} ${key ?? ''}`

/** Another image of the same packages may have brought the tree a moment ago: then this one names it, too. */
const bringTree = async (root: EngineRoot, image: string): Promise<void> => {
  const other = root.key === null ? undefined : brought.get(sharedKey(root))
  if (other !== undefined && (await query(root.client, ['tag', other, image])).exitCode === 0)
    return root.onKept()
  await importTree(root, image)
  if (root.key !== null) brought.set(sharedKey(root), image)
}

/** Returns a container of the tree that an earlier run has left, or null when there is none that can be had. */
const ofKept = async (root: EngineRoot): Promise<string | null> => {
  const kept = root.key === null ? null : await keptStage(root.client, root.key)
  const container = kept === null ? null : await createContainer(root, kept).catch(() => null)
  if (container !== null) root.onKept()
  return container
}

const platformWords = ({ platform }: EngineRoot): string[] =>
  platform === null ? [] : ['--platform', platform]

const importTree = async (root: EngineRoot, image: string): Promise<void> => {
  const child = start(
    root,
    ['import', ...platformWords(root), '--change', `LABEL ${STAGE_LABEL}`, '-', image],
    'pipe',
  )
  const said = collect(child)
  child.stdout?.resume()
  const fed = pipeline(Readable.from(root.staged, { objectMode: false }), child.stdin, {
    signal: root.signal,
  }).then(
    () => null,
    async (error: unknown) => {
      // An importer takes half a tar for a whole one, so it must not see the end of it.
      await endChild(child, 0)
      return error
    },
  )
  const [error, { exitCode }] = await Promise.all([fed, child])
  root.signal.throwIfAborted()
  if (exitCode !== 0 && (error === null || isPipeError(error))) throw engineFailed('import', said())
  if (error !== null) throw error as Error
}

const createContainer = async (root: EngineRoot, image: string): Promise<string> => {
  const { client, epoch, options, runId } = root
  const { exitCode, stdout, stderr } = await query(
    client,
    [
      'create',
      ...platformWords(root),
      `--label=${LABEL}=${runId}`,
      '--log-driver=none',
      ...(client.program === 'podman' ? ['--pull=never'] : []),
      ...CONFIGURE_OPTIONS,
      `--env=SOURCE_DATE_EPOCH=${epoch}`,
      '--env=HOME=/root',
      image,
      '/bin/sh',
      `/${OWN_FOLDER}/configure`,
      ...options,
    ],
    120,
  )
  const id = /[0-9a-f]{64}/.exec(stdout)?.[0]
  if (exitCode !== 0 || id === undefined) throw engineFailed('create', stderr)
  return id
}

const configure = async (root: EngineRoot, container: string): Promise<void> => {
  const child = start(root, ['start', '--attach', container], 'ignore')
  const stop = () => void endChild(child, 200)
  root.signal.addEventListener('abort', stop)
  const heard = hearConfigure([child.stdout, child.stderr], root.onLine)
  const [{ exitCode }] = await Promise.all([child, heard.ended])
  root.signal.removeEventListener('abort', stop)
  root.signal.throwIfAborted()
  if (exitCode === 0) return
  throw configureFailed(heard.result(), [
    'Make it with debootstrap instead: --bootstrap debootstrap.',
  ])
}

const exportTree = async (
  root: EngineRoot,
  container: string,
  write: (tar: AsyncGenerator<Uint8Array>) => Promise<void>,
): Promise<void> => {
  const child = start(root, ['export', container], 'ignore')
  const stop = () => void endChild(child, 200)
  root.signal.addEventListener('abort', stop)
  const said = collect(child)
  const whole = async function* () {
    yield* child.stdout as AsyncIterable<Uint8Array>
    const { exitCode } = await child
    root.signal.throwIfAborted()
    // The reader must not take what came for all there is.
    if (exitCode !== 0) throw engineFailed('export', said())
  }
  try {
    await write(finishTar(whole(), { epoch: root.epoch }))
  } finally {
    root.signal.removeEventListener('abort', stop)
    await endChild(child, 200)
  }
}

const start = ({ client }: EngineRoot, args: readonly string[], stdin: 'ignore' | 'pipe'): Child =>
  startChild(client.program, args, { cwd: client.cwd, env: client.env, stdin })

/** Keeps the last of what a client says on stderr. */
const collect = (child: Child): (() => string) => {
  let said = ''
  child.stderr?.on('data', (chunk: Uint8Array) => {
    said = (said + Buffer.from(chunk).toString()).slice(-4000)
  })
  child.stderr?.resume()
  return () => said
}

const engineFailed = (verb: string, said: string): BootstrapError =>
  new BootstrapError('engine-refused', `The engine refused ${verb}: ${said.trim().slice(-600)}`, [
    'See what the engine can do here: create-base-image doctor',
  ])
