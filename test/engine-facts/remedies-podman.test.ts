import { expect, test } from 'vitest'
import { findRemedy, type RemedyContext } from '../../src/engine/remedies.ts'
import { PODMAN_ROWS } from '../../src/engine/remedies/podman-rows.ts'

const LINUX: RemedyContext = { platform: 'linux', client: 'podman' }
const MAC: RemedyContext = { platform: 'darwin', client: 'podman' }

/** What podman 4.3.1 said on Debian 12, where nothing else is noted; names of machines are changed. */
const SAID: readonly (readonly [string, string])[] = [
  [
    'short-name',
    'Error: short-name "nosuchname:1" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
  ],
  ['image-missing', 'Error: localhost/missing:1: image not known'],
  [
    'no-newuidmap',
    'Error: command required for rootless mode with multiple IDs: exec: "newuidmap": executable file not found in $PATH',
  ],
  [
    'no-subuids',
    'Error: writing blob: adding layer with blob "sha256:c5a4": ApplyLayer stdout:  stderr: potentially insufficient UIDs or GIDs available in user namespace (requested 33:42 for /a): Check /etc/subuid and /etc/subgid if configured locally and run podman-system-migrate: lchown /a: invalid argument exit status 1',
  ],
  // podman 4.4.1 on Rocky 9.2, containers/podman#19334.
  ['no-subuids', 'Error: cannot set up namespace using "/usr/bin/newuidmap": exit status 1'],
  // As pkg/rootless/rootless_linux.go has it.
  [
    'no-user-namespaces',
    'cannot clone: Operation not permitted\nError: cannot re-exec process to join the existing user namespace',
  ],
  [
    'container-limits',
    'Error: crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied',
  ],
  // podman 5.8.6 with runc.
  [
    'container-limits',
    'level=error msg="runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted"',
  ],
  [
    'cgroups',
    'Error: OCI runtime error: crun: cgroups in hybrid mode not supported, drop all controllers from cgroupv2',
  ],
  ['no-runtime', 'Error: default OCI runtime "runc" not found: invalid argument'],
  // containers/podman#8705 and toolbox-container#2.
  [
    'storage-driver',
    `Error: 'overlay' is not supported over overlayfs, a mount_program is required: backing file system is unsupported for this graph driver`,
  ],
  [
    'storage-driver',
    'level=error msg="User-selected graph driver \\"overlay\\" overwritten by graph driver \\"vfs\\" from database - delete libpod local files to resolve."\nError: vfs driver does not support overlay.mount_program options',
  ],
  [
    'container-network',
    'Error: /usr/bin/slirp4netns failed: "open(\\"/dev/net/tun\\"): Permission denied\\nWARNING: Support for seccomp is experimental\\nchild failed(1)"',
  ],
  // containers/podman#24285.
  ['container-network', 'Error: netavark: iptables: No such file or directory (os error 2)'],
  [
    'podman-machine',
    'Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`, or try `podman machine init` and `podman machine start` to manage a new Linux VM\nError: unable to connect to Podman socket: Get "http://d/v4.3.1/libpod/_ping": dial unix /run/nos.sock: connect: no such file or directory',
  ],
  [
    'registry-dns',
    'Trying to pull docker.io/library/ubuntu:22.04...\nError: initializing source docker://ubuntu:22.04: pinging container registry registry-1.docker.io: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 192.0.2.53:53: no such host',
  ],
  [
    'image-missing',
    'Error: initializing source docker://localhost/nope:1: pinging container registry localhost: Get "https://localhost/v2/": dial tcp 127.0.0.1:443: connect: connection refused',
  ],
  [
    'no-program',
    'Error: unable to start container 2725: runc: runc create failed: unable to start container process: exec: "/nosuch": stat /nosuch: no such file or directory: OCI runtime attempted to invoke a command that was not found',
  ],
  // As crun writes it (src/libcrun/linux.c).
  [
    'no-program',
    'Error: crun: executable file `/nosuch` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
  ],
]

test.each(SAID)('%s: %s', (code, text) => {
  expect(findRemedy(text, LINUX)?.code).toBe(code)
})

test('that users have no numbers of their own is only a warning until an image needs them', () => {
  const warned =
    'level=error msg="cannot find UID/GID for user ann: no subuid ranges found for user \\"ann\\" in /etc/subuid - check rootless mode in man pages."\nError: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host'
  expect(findRemedy(warned, LINUX)?.code).toBe('registry-dns')
})

test.each([
  ['no space left on device', 'podman image prune'],
  ['x509: certificate signed by unknown authority', '/etc/containers/certs.d'],
  ['server gave HTTP response to HTTPS client', 'registries.conf'],
  ['proxyconnect tcp: dial tcp 192.0.2.1:3128: connect: connection refused', 'HTTPS_PROXY'],
  ["Temporary failure resolving 'mirror.example'", 'podman network reload'],
  ['OOMKilled', 'podman machine set'],
])('%s: the advice is for Podman on every system', (text, advice) => {
  for (const context of [LINUX, MAC]) {
    const todo = findRemedy(text, context)?.todo.join('\n') ?? ''
    expect(todo).toContain(advice)
    expect(todo).not.toMatch(/docker desktop|systemctl restart docker/i)
  }
})

test('no advice of Podman’s own sends to Docker', () => {
  const texts = PODMAN_ROWS.flatMap(({ what, todo }) => [what, ...Object.values(todo).flat()])
  expect(texts.filter(text => /docker desktop|dockerd|systemctl/i.test(text))).toEqual([])
})
