import { describe, expect, test } from 'vitest'
import { findRemedy } from '../../src/engine/remedies.ts'
import { readTranscript, transcriptNames } from '../fixtures/transcript.ts'

// What each recorded failure must be taken for; null where the recording shows no failure.
const CODES: Readonly<Record<string, string | null>> = {
  'err-apt-404suite': 'apt-no-release',
  'err-apt-expired': 'apt-expired',
  'err-apt-portal': 'archive-portal',
  'err-apt-stranger': 'apt-key',
  'err-apt-tampered': 'archive-tampered',
  'err-apt-dns': 'apt-dns',
  'err-apt-nopackage': 'apt-no-package',
  'err-apt-proxy': 'apt-proxy',
  'err-build-no-matching-manifest': 'image-platform',
  'err-daemon-bad-context': 'bad-context',
  'err-daemon-missing-socket': 'no-daemon',
  'err-daemon-missing-socket-20.10': 'no-daemon',
  'err-daemon-missing-socket-28.5': 'no-daemon',
  'err-daemon-ssh': 'ssh',
  'err-daemon-tcp-dns': 'docker-host-dns',
  'err-daemon-tcp-refused': 'no-daemon',
  'err-daemon-tls-to-http': 'tls-files',
  'err-debootstrap-di': 'debootstrap-mirror',
  'err-debootstrap-di-mknod': 'debootstrap-no-devices',
  'err-debootstrap-key': 'debootstrap-keyring',
  'err-debootstrap-expired-di': null,
  'err-debootstrap-include-di': 'debootstrap-no-package',
  'err-debootstrap-lacks-suite-di': 'debootstrap-mirror',
  'err-debootstrap-mirror': 'debootstrap-mirror',
  'err-debootstrap-path-di': 'debootstrap-mirror',
  'err-debootstrap-portal-di': 'archive-portal',
  'err-debootstrap-stranger-di': 'archive-unknown-key',
  'err-debootstrap-suite-di': 'debootstrap-unknown-release',
  'err-debootstrap-tampered-di': 'archive-tampered',
  'err-debootstrap-suite': 'debootstrap-unknown-release',
  // The image that was to fail with an exec format error was not on that engine: the registry was asked for it.
  'err-exec-format-buildkit': 'registry-dns',
  'err-exec-format-platform-docker': 'registry-dns',
  'err-exec-format-dind28': 'exec-format',
  'err-exec-format-dind28c': 'exec-format',
  'err-exec-format-docker': 'exec-format',
  'err-exec-format-platform-dind28': 'exec-format',
  'err-exec-format-platform-dind28c': 'exec-format',
  'err-nospace-build-context-engine28': 'no-space',
  'err-nospace-build-run-engine28': 'no-space',
  'err-nospace-import-engine28': null,
  'err-nospace-legacy-build': 'no-space',
  'err-nospace-pull-engine28': 'no-space',
  'err-nospace-run': 'no-space',
  'err-permission-denied-20.10': 'permission-denied',
  'err-permission-denied-28.2': 'permission-denied',
  'err-permission-denied-28.2-build': 'permission-denied',
  'err-permission-denied-buildx': 'client-config',
  'err-proxy-pull-engine28': 'engine-proxy',
  'err-pull-401': 'image-denied',
  'err-pull-429': 'rate-limit',
  'err-pull-503': 'registry-down',
  'err-pull-badref': 'bad-reference',
  'err-pull-conn-refused': 'registry-unreachable',
  'err-pull-denied': 'image-denied',
  'err-pull-dns': 'registry-dns',
  'err-pull-html': 'captive-portal',
  'err-pull-http-to-https': 'registry-http',
  'err-pull-hub-unreachable': 'registry-dns',
  'err-pull-manifest-unknown': 'image-unknown',
  'err-pull-no-matching-manifest-engine20.10': 'image-platform',
  'err-pull-no-matching-manifest-engine28': 'image-platform',
  'err-pull-no-matching-manifest-engine28c': 'image-platform',
  'err-pull-platform': null,
  'err-pull-platform-bad': 'bad-platform',
  'err-pull-platform-mismatch-single-engine28': 'image-platform',
  'err-pull-platform-mismatch-single-engine28c': null,
  'err-pull-repo-unknown': 'image-unknown',
  'err-pull-selfsigned': 'registry-certificate',
  'err-run-no-matching-manifest': 'image-platform',
  'err-run-nocommand': 'no-program',
  'err-run-notfound-local': 'image-missing',
}

const OTHERS: Readonly<Record<string, string | null>> = {
  'run-126': 'not-executable',
  'run-127': 'no-program',
  'run-nameconflict': 'container-name',
  'import-junk': 'bad-archive',
  'import-junk-engine28c': 'bad-archive',
  'build-cli28.2-BUILDKIT1-no-buildx': 'buildx-missing',
  'podman4-err-pull-no-match': 'image-platform',
  'podman5-err-pull-no-match': 'image-platform',
  // Output of commands that went well.
  'build-legacy-cli28.2-default': null,
  'build-buildkit-plain-cli20.10-engine20.10': null,
  'pull-nontty-cli28.2': null,
  'apt-get-focal-in-container': null,
}

const textOf = (name: string): string =>
  readTranscript(name)
    .chunks.map(chunk => new TextDecoder().decode(chunk.bytes))
    .join('')

test('every recorded failure has its code in this table', () => {
  expect(transcriptNames(/^err-/).filter(name => !(name in CODES))).toEqual([])
})

describe.each(['linux', 'darwin', 'win32'] as const)('on %s', platform => {
  test.each(Object.entries({ ...CODES, ...OTHERS }))('%s is taken for %s', (name, code) => {
    expect(findRemedy(textOf(name), { platform })?.code ?? null).toBe(code)
  })
})

test.each(Object.entries(CODES).filter(([, code]) => code !== null))(
  'the advice for %s (%s) is short, complete and without gaps',
  name => {
    const remedy = findRemedy(textOf(name), { platform: 'linux' })
    const lines = [remedy?.what ?? '', ...(remedy?.todo ?? [])]
    expect(remedy?.todo.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(/^\S[^{}\n]{5,}\S$/)
  },
)
