import { expect, test } from 'vitest'
import type { Remedy } from '../../src/engine/facts.ts'
import { findRemedy, remedyOf, type RemedyContext } from '../../src/engine/remedies.ts'

const LINUX = { platform: 'linux' } as const
const MAC = { platform: 'darwin' } as const
const WINDOWS = { platform: 'win32' } as const

const find = (text: string, context: RemedyContext = LINUX): Remedy => {
  const remedy = findRemedy(text, context)
  if (remedy === null) throw new Error(`No remedy for: ${text}`)
  return remedy
}

const advice = (text: string, context: RemedyContext): string => find(text, context).todo.join('\n')

const NO_DAEMON =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'

test.each([
  [
    'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory',
    'no-daemon',
  ],
  [
    'error during connect: Get "http://%2F%2F.%2Fpipe%2FdockerDesktopLinuxEngine/v1.50/version": open //./pipe/dockerDesktopLinuxEngine: Das System kann die angegebene Datei nicht finden.',
    'no-daemon',
  ],
  [
    'error during connect: This error may indicate that the docker daemon is not running.: Get "http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.24/version": open //./pipe/docker_engine: The system cannot find the file specified.',
    'no-daemon',
  ],
  ['open //./pipe/docker_engine: Access is denied.', 'permission-denied'],
  [
    'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
    'permission-denied',
  ],
  [
    'E: A user and a password are wanted by http://mirror.example/debian (E: NOLOGIN)',
    'archive-login',
  ],
  [
    'E: The certificate could not be checked of https://mirror.example/debian (E: NOTLS)',
    'archive-certificate',
  ],
  [
    'E: An error (503) came from the server of http://mirror.example/debian (E: BUSY)',
    'archive-busy',
  ],
  ['sudo: a password is required', 'sudo-password'],
  ['sudo: interactive authentication is required', 'sudo-password'],
  ["The command 'docker' could not be found in this WSL 2 distro.", 'wsl-integration'],
  ['unable to resolve docker endpoint: context "nonsense" does not exist', 'bad-context'],
  [
    'Failed to initialize: unable to resolve docker endpoint: invalid bind address format: foo://bar',
    'bad-docker-host',
  ],
  [
    'Error response from daemon: client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version',
    'too-old',
  ],
  [
    'Error response from daemon: client version 1.99 is too new. Maximum supported API version is 1.41',
    'too-old',
  ],
  [
    'API version 1.41 is not supported by this client: the minimum supported API version is 1.44',
    'too-old',
  ],
  [
    'no matching manifest for windows/amd64 10.0.19045 in the manifest list entries',
    'windows-containers',
  ],
  [
    'error getting credentials - err: exec: "docker-credential-desktop": executable file not found in $PATH, out: ``',
    'credential-helper',
  ],
  ['unexpected EOF', 'engine-gone'],
  [
    'error during connect: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.41/build": EOF',
    'engine-gone',
  ],
  ['read unix @->/run/docker.sock: read: connection reset by peer', 'engine-gone'],
  [
    'ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
    'engine-gone',
  ],
  [
    'Error response from daemon: Get "https://registry.example/v2/": unexpected EOF',
    'download-interrupted',
  ],
  [
    'E: Release file for http://mirror.example/debian/dists/sid/InRelease is expired (invalid since 3d 2h).',
    'apt-expired',
  ],
  [
    'E: Release file for http://mirror.example/ubuntu/dists/noble/InRelease is not valid yet (invalid for another 9h).',
    'clock',
  ],
  ['x509: certificate has expired or is not yet valid: current time is before 2026-01-01', 'clock'],
  [
    'E: Failed to fetch http://mirror.example/pool/main/g/gcc.deb  404  Not Found [IP: 192.0.2.80 80]',
    'apt-stale',
  ],
  ['W: GPG error: http://mirror.example noble InRelease: NO_PUBKEY 871920D1991BC93C', 'apt-key'],
  ['gcc: fatal error: Killed signal terminated program cc1', 'out-of-memory'],
  ['#5 12.31 Killed', 'out-of-memory'],
  ["The command '/bin/sh -c make' returned a non-zero code: 137", 'out-of-memory'],
  ['exec /hello: no such file or directory', 'no-loader'],
  ['[FATAL tini (7)] exec /hello failed: No such file or directory', 'not-started'],
  ['[FATAL tini (7)] exec /hello failed: Exec format error', 'exec-format'],
  ['[FATAL tini (7)] exec /hello failed: Permission denied', 'not-executable'],
  ['unshare: failed to execute /hello: No such file or directory', 'no-loader'],
  ['unshare: failed to execute /hello: Permission denied', 'no-exec'],
  ['chroot: failed to run command ‘/hello’: Permission denied', 'no-exec'],
  ['chroot: failed to run command ‘/hello’: No such file or directory', 'no-loader'],
  ['standard_init_linux.go:228: exec user process caused: no such file or directory', 'no-loader'],
  ['standard_init_linux.go:228: exec user process caused: exec format error', 'exec-format'],
  ['/usr/bin/ld: cannot find -lc: No such file or directory', 'no-static-libc'],
  [
    'ERROR: failed to build: Multi-platform build is not supported for the docker driver.',
    'needs-containerd-store',
  ],
  ['failed to parse platform : "" is an invalid component of platform', 'needs-buildkit'],
  ['E: Invalid Release file, no entry for main/binary-riscv64/Packages', 'debootstrap-no-arch'],
  ['E: Tried to extract package, but file already exists. Exit...', 'debootstrap-old'],
  ['E: Keyring-based check was requested; aborting accordingly', 'debootstrap-keyring'],
  [
    'E: specified keyring file (/usr/share/keyrings/debian-archive-removed-keys.gpg) not found (E: KEYRING)',
    'debootstrap-keyring',
  ],
  // What debootstrap makes of sqv's words.
  [
    'Missing key 60B4CE0F9B2A8C5AD11D0E7B5F0A3C2E9F7A1B2C, which is needed to verify signature.\nE: BADRELSIG',
    'archive-unknown-key',
  ],
  [
    'because: SHA1 is not considered secure since 2023-02-01T00:00:00Z\nE: BADRELSIG',
    'archive-old-signature',
  ],
])('"%s" is taken for %s', (text, code) => {
  expect(find(text).code).toBe(code)
})

test('a text that nobody knows has no remedy', () => {
  expect(findRemedy('hello.c:3:1: error: expected ; before } token', LINUX)).toBeNull()
  expect(findRemedy('', LINUX)).toBeNull()
})

test('a download that failed is the cause, and the package that is then missing is not', () => {
  const text = [
    "W: Failed to fetch http://mirror.example/ubuntu/dists/focal/InRelease  Temporary failure resolving 'mirror.example'",
    'E: Unable to locate package gcc',
  ].join('\n')
  expect(find(text).code).toBe('apt-dns')
  expect(find(text).what).toContain('mirror.example')
})

test('a full disk is the cause, whatever fails after it', () => {
  const text =
    'dpkg: error: No space left on device\nE: Sub-process /usr/bin/dpkg returned an error code (1)'
  expect(find(text).code).toBe('no-space')
})

test('colours and carriage returns do not hide an error', () => {
  expect(find('\u001B[91mE: Unable to locate package \u001B[0mgcc\r\n').code).toBe('apt-no-package')
  expect(find('50%\rE: Unable to locate package gcc\r').what).toContain('gcc')
})

test('an engine that is not running is started in the way of the system', () => {
  expect(advice(NO_DAEMON, LINUX)).toContain('sudo systemctl start docker')
  expect(advice(NO_DAEMON, MAC)).toContain('open -a Docker')
  expect(advice(NO_DAEMON, WINDOWS)).toContain('Start menu')
  expect(advice(NO_DAEMON, { ...LINUX, wsl: true })).toContain('WSL integration')
})

test('the socket tells which engine is to be started', () => {
  const at = (path: string) =>
    `Cannot connect to the Docker daemon at unix://${path}. Is the docker daemon running?`
  expect(advice(at('/Users/ann/.colima/default/docker.sock'), MAC)).toContain('colima start')
  expect(advice(at('/Users/ann/.orbstack/run/docker.sock'), MAC)).toContain('OrbStack')
  expect(advice(at('/run/user/1000/docker.sock'), LINUX)).toContain('systemctl --user start docker')
})

test('an engine at a TCP address is not started with systemctl here', () => {
  const remedy = find(
    'Cannot connect to the Docker daemon at tcp://192.0.2.7:2375. Is the docker daemon running?',
  )
  expect(remedy.what).toContain('tcp://192.0.2.7:2375')
  expect(remedy.todo.join('\n')).not.toContain('systemctl')
})

test('a user without permission is told the group to join, never a sudo in front of docker', () => {
  const text =
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock'
  expect(advice(text, LINUX)).toContain('sudo usermod -aG docker $USER')
  expect(advice(text, LINUX)).not.toMatch(/sudo docker/)
  expect(advice(text, WINDOWS)).toContain('docker-users')
})

test('what ssh said is passed on', () => {
  const text =
    'error during connect: Get "http://docker.example.com/v1.50/version": command [ssh -o ConnectTimeout=30 -T -l ann -- build.example docker system dial-stdio] has exited with exit status 255, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=ann@build.example: Permission denied (publickey).\r\n'
  expect(find(text)).toMatchObject({ code: 'ssh', lacks: true })
  expect(find(text).what).toContain('Permission denied (publickey).')
})

test('an exec format error blames the builder in a builder step, and the program of the image elsewhere', () => {
  const text = 'exec /bin/sh: exec format error'
  const image = 'example:1'
  expect(find(text, { ...LINUX, image, builderStep: true }).what).toContain('The builder example:1')
  expect(find(text, { ...LINUX, image }).what).toContain('The program in example:1')
})

test('advice names the client in use, and an image name is taken literally', () => {
  const context = { ...LINUX, client: 'podman', image: 'a/$&:1' }
  expect(advice('no space left on device', context)).toContain('podman system df')
  expect(find('manifest unknown', context).what).toContain('a/$&:1')
})

test('what the machine lacks and what the step got wrong are told apart', () => {
  expect(find('no space left on device').lacks).toBe(true)
  expect(find('manifest for x:y not found: manifest unknown').lacks).toBe(false)
})

test('a missing client is installed in the way of the system', () => {
  expect(remedyOf('no-client', LINUX).todo.join()).toContain('/engine/install/')
  expect(remedyOf('no-client', MAC).todo.join()).toContain('mac-install')
  expect(remedyOf('no-client', WINDOWS).todo.join()).toContain('windows-install')
})

test('a code without a row is a mistake of the caller', () => {
  expect(() => remedyOf('nonsense', LINUX)).toThrow('nonsense')
})

test('a program that the init of a container could not start may lack an emulator', () => {
  const text = (reason: string) => `[FATAL tini (7)] exec /hello failed: ${reason}`
  const missing = find(text('No such file or directory'))
  expect(missing.lacks).toBe(false)
  expect(missing.what).toContain('start /hello')
  expect(missing.todo.join()).toMatch(/QEMU.*binfmt/)
  const format = find(text('Exec format error'))
  expect(format.lacks).toBe(true)
  expect(format.todo.join()).toMatch(/QEMU.*binfmt/)
  const denied = find(text('Permission denied'))
  expect([denied.what, denied.todo.join()]).toEqual([
    'The file /hello in the image is not an executable program.',
    expect.stringContaining('chmod +x'),
  ])
})
