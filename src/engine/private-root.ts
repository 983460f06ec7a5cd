/** A program with its argument list, as it is started. */
export interface ProgramCall {
  readonly program: string
  readonly args: readonly string[]
}

/**
 * The command that runs `argv` with `directory` as its whole file system, without an engine; its exit code is the
 * program's. `directory` is an absolute path on this machine, `argv[0]` a path inside it.
 *
 * `namespaces` needs no privilege (util-linux 2.36 or newer): the program has no capabilities, no network and no sight
 * of other processes. `chroot` needs root; the program runs as user 65534, in this machine's network.
 * A program run this way ignores SIGTERM, as process 1 of its namespace: stop it by SIGKILL to `unshare`, which takes
 * the program with it.
 */
export const privateRootArgs = (
  kind: 'namespaces' | 'chroot',
  directory: string,
  argv: readonly string[],
): ProgramCall =>
  kind === 'namespaces'
    ? { program: 'unshare', args: [...NAMESPACES, `--root=${directory}`, '--wd=/', ...argv] }
    : { program: 'chroot', args: ['--userspec=65534:65534', directory, ...argv] }

// The user is mapped to 65534 and not to root: only then does the kernel drop all capabilities at exec,
// without which a program could leave its root directory again.
const NAMESPACES = [
  '--user',
  '--map-user=65534',
  '--map-group=65534',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  '--net',
  '--ipc',
  '--uts',
]
