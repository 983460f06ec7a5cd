import { describe, expect, test } from 'vitest'
import { findRemedy } from '../../src/engine/remedies.ts'

// Each failure that engines, clients, registries, apt, debootstrap and scratch images are known for, in the words in
// which it was met, and what it is taken for; `builder` marks what the builder's container says.
const KNOWN: readonly (readonly [code: string, said: string, from?: 'builder'])[] = [
  [
    'no-daemon',
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  ],
  [
    'no-daemon',
    'Cannot connect to the Docker daemon at tcp://127.0.0.1:2375. Is the docker daemon running?',
  ],
  [
    'no-daemon',
    'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory',
  ],
  [
    'no-daemon',
    'error during connect: Get "http://%2F%2F.%2Fpipe%2FdockerDesktopLinuxEngine/v1.47/version": open //./pipe/dockerDesktopLinuxEngine: The system cannot find the file specified.',
  ],
  [
    'no-daemon',
    'error during connect: In the default daemon configuration on Windows, the docker client must be run with elevated privileges to connect.: Get "http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.24/version": open //./pipe/docker_engine: The system cannot find the file specified.',
  ],
  [
    'permission-denied',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/version": dial unix /var/run/docker.sock: connect: permission denied',
  ],
  [
    'permission-denied',
    'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
  ],
  [
    'bad-context',
    'unable to resolve docker endpoint: context "x": context not found: open /home/me/.docker/contexts/meta/2d71/meta.json: no such file or directory',
  ],
  [
    'tls-files',
    'unable to resolve docker endpoint: open /home/me/.docker/ca.pem: no such file or directory',
  ],
  [
    'ssh',
    'error during connect: Get "http://docker.example.com/v1.50/version": command [ssh -o ConnectTimeout=30 -T -l me -- farm docker system dial-stdio] has exited with exit status 255, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=ssh: Could not resolve hostname farm: Name or service not known',
  ],
  [
    'docker-host-dns',
    'error during connect: Get "http://farm.example:2375/v1.50/version": dial tcp: lookup farm.example: no such host',
  ],
  [
    'too-old',
    'Error response from daemon: client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version',
  ],
  ['too-old', 'Error: API version 1.41 is not supported by this client: the minimum is 1.44'],
  [
    'rate-limit',
    'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
  ],
  [
    'image-unknown',
    'Error response from daemon: manifest for ubuntu:20.40 not found: manifest unknown: manifest unknown',
  ],
  [
    'image-denied',
    "Error response from daemon: pull access denied for secret/thing, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  ],
  [
    'image-denied',
    'Error response from daemon: Head "https://registry.example/v2/a/manifests/1": no basic auth credentials',
  ],
  ['image-platform', 'no matching manifest for linux/amd64 in the manifest list entries'],
  ['image-platform', 'no match for platform in manifest: not found'],
  ['exec-format', 'exec /hello: exec format error'],
  [
    'exec-format',
    "WARNING: The requested image's platform (linux/arm64) does not match the detected host platform (linux/amd64/v4) and no specific platform was requested\nexec /bin/sh: exec format error",
  ],
  ['no-space', 'write /var/lib/docker/tmp/GetImageBlob123: no space left on device'],
  [
    'no-space',
    'docker: Error response from daemon: mkdir /var/lib/docker/overlay2/1-init: no space left on device.',
  ],
  [
    'no-space',
    'ERROR: failed to build: failed to solve: ResourceExhausted: write /x: no space left on device',
  ],
  [
    'registry-certificate',
    'Error response from daemon: Get "https://registry.example/v2/": x509: certificate signed by unknown authority',
  ],
  [
    'registry-http',
    'Error response from daemon: Get "https://127.0.0.1:5000/v2/": tls: first record does not look like a TLS handshake',
  ],
  [
    'registry-http',
    'Error response from daemon: Get "https://127.0.0.1:5000/v2/": http: server gave HTTP response to HTTPS client',
  ],
  [
    'engine-proxy',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused',
  ],
  [
    'registry-dns',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host',
  ],
  [
    'registry-down',
    'Error response from daemon: received unexpected HTTP status: 503 Service Unavailable',
  ],
  [
    'captive-portal',
    'Error response from daemon: error parsing HTTP 200 response body: invalid character \'<\' looking for beginning of value: "<html>"',
  ],
  [
    'container-name',
    'docker: Error response from daemon: Conflict. The container name "/x" is already in use by container "4f5". You have to remove (or rename) that container to be able to reuse that name.',
  ],
  [
    'apt-dns',
    "W: Failed to fetch http://archive.ubuntu.com/ubuntu/dists/focal/InRelease  Temporary failure resolving 'archive.ubuntu.com'",
    'builder',
  ],
  [
    'apt-network',
    'E: Failed to fetch http://archive.ubuntu.com/ubuntu/dists/focal/InRelease  Could not connect to archive.ubuntu.com:80 (185.125.190.36), connection timed out',
    'builder',
  ],
  ['apt-no-package', 'E: Unable to locate package gccc', 'builder'],
  [
    'apt-expired',
    'E: Release file for http://deb.debian.org/debian/dists/sid/InRelease is expired (invalid since 3d 4h). Updates for this repository will not be applied.',
    'builder',
  ],
  [
    'clock',
    'E: Release file for http://deb.debian.org/debian/dists/bookworm/InRelease is not valid yet (invalid for another 4h 5min 6s). Updates for this repository will not be applied.',
    'builder',
  ],
  [
    'debootstrap-mirror',
    'E: NOGETREL http://mirror.example/debian/dists/bookworm/Release',
    'builder',
  ],
  [
    'debootstrap-no-devices',
    "mknod: /rootfs/test-dev-null: Operation not permitted\nE: Cannot install into target '/rootfs' mounted with noexec or nodev",
    'builder',
  ],
  [
    'debootstrap-unknown-release',
    'E: No such script: /usr/share/debootstrap/scripts/resolute',
    'builder',
  ],
  ['debootstrap-old', 'E: Tried to extract package, but file already exists. Exit...', 'builder'],
  ['debootstrap-keyring', 'E: Keyring-based check was requested; aborting accordingly', 'builder'],
  ['needs-buildkit', 'failed to parse platform : "" is an invalid component of "": platform'],
  [
    'needs-containerd-store',
    'ERROR: Multi-platform build is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.',
  ],
  [
    'needs-buildkit',
    'failed to get destination image "sha256:1": image with reference sha256:1 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64',
  ],
  ['buildx-missing', 'ERROR: BuildKit is enabled but the buildx component is missing or broken.'],
  ['no-loader', 'exec /hello: no such file or directory'],
  [
    'no-program',
    'docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown.',
  ],
  ['bad-reference', 'invalid reference format: repository name (library/Hello) must be lowercase'],
  ['bad-archive', 'Error response from daemon: archive/tar: invalid tar header'],
  [
    'apt-no-release',
    "E: The repository 'http://archive.ubuntu.com/ubuntu impish Release' does not have a Release file.",
    'builder',
  ],
]

test('all 51 are here, and none twice', () => {
  expect(KNOWN).toHaveLength(51)
  expect(new Set(KNOWN.map(([, said]) => said)).size).toBe(51)
})

describe.each(['linux', 'darwin', 'win32'] as const)('on %s', platform => {
  const rows = KNOWN.map(([code, said, from = 'engine']) => [code, said, from] as const)
  test.each(rows)('%s: %s', (code, said, from) => {
    const remedy = findRemedy(said, { platform, builderStep: from === 'builder' })
    expect(remedy?.code).toBe(code)
    expect(remedy?.todo.length).toBeGreaterThan(0)
    // What a Mac or Windows is told to type must be there: neither has systemctl or sudo's groups.
    if (platform !== 'linux')
      expect(remedy?.todo.join(' ')).not.toMatch(/systemctl|usermod|apt-get/)
  })
})
