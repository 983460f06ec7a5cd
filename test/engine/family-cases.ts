import { machine, type Kind } from './family-mirrors.ts'

/** What a fault of a mirror, or a wish that can't be met, must end with. */
type FaultCase = readonly [distro: string, fault: string, code: string, what: string]

const ofEach = (fault: string, code: string, what: string): FaultCase[] =>
  ['fedora', 'opensuse-leap', 'arch'].map(distro => [distro, fault, code, what])

/** For each tool its faults: a kind of mirror, a stranger's key, or a wish; the remedy's code, and words that say what it is. */
export const FAULTS: readonly FaultCase[] = [
  ...ofEach('unsigned', 'package-unsigned', 'no signature'),
  ...ofEach('stranger', 'archive-unknown-key', 'trusted ones (MIRROR)'),
  ...ofEach('tampered', 'package-damaged', '(cbi-shell-1-1'),
  ...ofEach('gone', 'package-gone', 'does not have (cbi-shell-1-1'),
  ...ofEach('portal', 'archive-portal', 'web page'),
  ...ofEach('none', 'archive-no-suite', 'does not have the release'),
  ...ofEach('down', 'archive-unreachable', 'no answer from MIRROR.'),
  ...ofEach('--include=no-such-package', 'package-unknown', '(no-such-package)'),
  ...ofEach('--include=failing-script', 'package-script', '(failing-script'),
  ...ofEach('--include=lacks-something', 'package-dependency', '(nobody-has-this)'),
  ...ofEach('--include=other-release', 'release-wrong', 'other-'),
]

/** The kinds of mirrors among them. */
export const KINDS: readonly Kind[] = ['unsigned', 'tampered', 'gone', 'portal', 'none', 'down']

/** What verify.sh says of an image that is whole; of one without a package manager, when it is given none. */
export const verifyLines = (manager: string | null): readonly string[] => [
  `ok: its programs are for ${machine()}`,
  'ok: no caches, downloads or logs came along',
  'ok: no password opens root, and no account is open without one',
  'ok: no identity of a machine came along',
  ...(manager === null
    ? ['note: it has no program that fetches packages, so none was asked', 'all 4 checks passed']
    : [
        `ok: every file is as its package brought it (${manager})`,
        'ok: the package manager refreshes and installs',
        'all 6 checks passed',
      ]),
]

/** What breaks an image whatever its tool; what verify.sh then says, check by check. */
export const BREAKS: readonly string[] = [
  "sed -i 's/^root:[^:]*/root:hash/' /etc/shadow",
  "echo '-----BEGIN PRIVATE KEY-----' >/etc/made.key",
  'echo log >/var/log/left.log',
]
export const SAYS: readonly string[] = [
  `its programs are for s390x\nthey are for ${machine()}`,
  '/var/log/left.log',
  'root has a password',
  'etc/made.key',
]

/** The tools that an image can have, in a distribution whose second repository has it. */
export const WITH_MANAGER = [
  {
    distro: 'rocky',
    manager: 'dnf',
    more: ['--slim'],
    install: 'dnf --assumeyes install',
    breaks: [
      'echo >>/usr/bin/pinger',
      'mkdir -p /var/cache/dnf/mirror-1/repodata && echo x >/var/cache/dnf/mirror-1/repodata/left',
      'rm /etc/yum.repos.d/*',
    ],
    says: ['/var/cache/dnf/mirror-1/repodata/left', '/usr/bin/pinger', 'no enabled repositories'],
  },
  {
    distro: 'rocky',
    manager: 'microdnf',
    more: ['--variant=minimal'],
    install: 'microdnf --assumeyes install',
    breaks: ['rm /usr/bin/pinger', 'rm /etc/yum.repos.d/*'],
    says: ['/var/log/left.log', 'missing     /usr/bin/pinger', 'no enabled repositories'],
  },
  {
    distro: 'opensuse-leap',
    manager: 'zypper',
    more: ['--slim'],
    install: 'zypper --non-interactive install',
    breaks: ['rm -r /usr/bin/pinger /var/cache/zypp', 'rm /etc/zypp/repos.d/*'],
    says: ['/var/log/left.log', 'missing     /usr/bin/pinger', 'repositories'],
  },
  {
    distro: 'arch',
    manager: 'pacman',
    more: ['--slim'],
    install: 'pacman-key --init && pacman-key --populate && pacman -Sy --noconfirm',
    breaks: ['rm /usr/bin/ls', ': >/etc/pacman.d/mirrorlist'],
    says: ['/var/log/left.log', '/usr/bin/ls', 'error:'],
  },
] as const
