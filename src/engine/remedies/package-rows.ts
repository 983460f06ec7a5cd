import type { RemedyRow, TodoByPlatform } from './row.ts'

const NETWORK_OF_DESKTOP: readonly string[] = [
  "Check this machine's network or VPN, then restart Docker Desktop.",
  'Or use a builder that has what is to be installed: --builder IMAGE',
]

const NETWORK_OF_CONTAINERS: TodoByPlatform = {
  all: [
    'See whether a container reaches the network: {client} run --rm --network host ubuntu:20.04 apt-get update',
    'If that works and ours did not, restart the engine: sudo systemctl restart docker',
  ],
  darwin: NETWORK_OF_DESKTOP,
  win32: NETWORK_OF_DESKTOP,
  podman: [
    'See whether a container reaches the network: podman run --rm --network host docker.io/library/ubuntu:20.04 apt-get update',
    'If that works and ours did not: podman network reload --all',
  ],
}

/** What apt and debootstrap say inside a container. A download that failed comes before the package that is then missing. */
export const PACKAGE_ROWS: readonly RemedyRow[] = [
  {
    code: 'apt-proxy',
    when: /(?:could not|unable to) connect to ((?:127\.0\.0\.1|localhost|\[::1\]):\d+)|failed to fetch[^\n]*\b(?:407|proxy)\b/i,
    what: 'apt in the container is set to use {found|a proxy}, which does not answer it.',
    todo: {
      all: [
        'In a container 127.0.0.1 is the container itself: give the proxy the address of this machine in the network,',
        'in http_proxy or under "proxies" in ~/.docker/config.json.',
      ],
      podman: [
        'In a container 127.0.0.1 is the container itself: give the proxy the address of this machine in the network,',
        'in http_proxy, which Podman hands on to its containers.',
      ],
    },
    lacks: true,
  },
  {
    code: 'apt-dns',
    when: /temporary failure resolving '([^']+)'|could not resolve '([^']+)'|something wicked happened resolving|unable to resolve host address/i,
    what: 'A container cannot find {found|the package archive}: host names are not resolved there.',
    todo: NETWORK_OF_CONTAINERS,
    lacks: true,
  },
  {
    code: 'apt-expired',
    when: /release file[^\n]*is expired|\bE: Release file for [^\n]* expired|\bthe index of \S+ expired on/i,
    what: 'The package index is older than its own date of expiry: an old snapshot, or a clock that is ahead.',
    todo: {
      all: [
        'Check the date: date',
        'Or use the current archive of the release: leave --mirror out, or another --mirror URL',
      ],
    },
    lacks: false,
  },
  {
    code: 'apt-key',
    when: /NO_PUBKEY|EXPKEYSIG|BADSIG|at least one invalid signature|InRelease' is not signed|E: (?:UNKNOWNRELSIG|BADRELSIG)|release signed by unknown key|invalid release signature/i,
    what: 'The signature of the package index could not be checked with the keys at hand.',
    todo: {
      all: [
        'Name the keyring of that archive: --keyring FILE',
        'Or, with an engine much older than the release, use an older release or update the engine.',
      ],
    },
    lacks: false,
  },
  {
    code: 'apt-no-release',
    when: /the repository '([^']+)' does not have a release file|\bE: The repository '([^']+)' no longer has a release file/i,
    what: 'The package archive has no such release: {found|see the last lines}',
    todo: {
      all: [
        'Check its name in the list: create-base-image releases',
        'An old release may have moved to another archive: --mirror URL',
      ],
    },
    lacks: false,
  },
  {
    // The index of one architecture that is not there is not a mirror in the middle of an update.
    code: 'debootstrap-no-arch',
    when: /failed to fetch \S*\/binary-([a-z0-9]+)\/packages\S* +404/i,
    what: 'The archive does not have the release for {found|this architecture}.',
    todo: {
      all: [
        'Ubuntu keeps amd64 and i386 apart from all others, which are in its archive ubuntu-ports: leave --mirror out, or name that.',
        'Or choose another architecture: --arch NAME',
      ],
    },
    lacks: false,
  },
  {
    code: 'apt-stale',
    when: /failed to fetch[^\n]*\b404\b|hash sum mismatch|file has unexpected size/i,
    what: 'The package archive changed since its index was read, or its mirror is being updated.',
    todo: {
      all: [
        'Repeat the command in a few minutes.',
        'If that does not help, use another mirror: --mirror URL',
      ],
    },
    lacks: false,
  },
  {
    code: 'apt-network',
    when: /\b[WE]: Failed to fetch|some index files failed to download|\bErr:\d+ [^\n]*\n[^\n]*(?:could not connect|unable to connect|timed out|connection failed)/i,
    what: 'A container could not fetch packages from the archive.',
    todo: NETWORK_OF_CONTAINERS,
    lacks: true,
  },
  {
    code: 'apt-no-package',
    when: /unable to locate package (\S+)|package '?(\S+?)'? has no installation candidate/i,
    what: 'The release has no package named {found|like that}.',
    todo: {
      all: [
        'Check the name: https://packages.ubuntu.com or https://packages.debian.org',
        'In Ubuntu it may be in the part "universe", which a minimal image does not use.',
      ],
    },
    lacks: false,
  },
  {
    code: 'apt-unmet',
    when: /unmet dependencies|held broken packages/i,
    what: 'The packages asked for do not go together in this release.',
    todo: { all: ['Leave out the package that the last lines name.'] },
    lacks: false,
  },
  {
    code: 'debootstrap-unknown-release',
    when: /no such script: \S*\/([^/\s()]+)|\bE: NOSCRIPT/i,
    what: 'This debootstrap is too old to know the release {found|asked for}, or there is none with that name.',
    todo: {
      all: [
        'Use a builder as new as the release: --builder IMAGE',
        'Or check the name: create-base-image releases',
      ],
      host: ["Leave --bootstrap host out: the release's own container has one that knows it."],
    },
    lacks: false,
  },
  {
    code: 'debootstrap-mirror',
    when: /failed getting release file (\S*)|\bE: NOGETREL(?:[^]*?EA: (\S+))?/i,
    what: 'debootstrap could not fetch the index of the release: {found|see the last lines}',
    todo: {
      all: [
        'Check that the address opens in a browser; if not, use another archive: --mirror URL',
        'If it opens there, the container has no network: restart the engine.',
      ],
      host: [
        'Check the network, and that the address opens in a browser.',
        'Or use another archive: --mirror URL',
      ],
    },
    lacks: true,
  },
  {
    code: 'debootstrap-keyring',
    when: /keyring file not available (\S+)|keyring file \(\S+?([^/()]+)\) not found|keyring-based check was requested/i,
    what: 'The keys of that archive ({found|its keyring}) are not here, so what is downloaded cannot be checked.',
    todo: {
      all: [
        'Name the keyring: --keyring FILE',
        'Or use a builder of the same distribution: --builder IMAGE',
      ],
      host: [
        "Install the keys, on Debian or Ubuntu: sudo apt-get install debian-archive-keyring (Ubuntu's: ubuntu-keyring)",
        'Or name the keyring: --keyring FILE',
        "Or leave --bootstrap host out: the release's own container has its keys.",
      ],
    },
    lacks: false,
  },
  {
    code: 'debootstrap-old',
    when: /tried to extract package, but file already exists/i,
    what: 'The debootstrap of the builder is older than the release and lays its files out in the old way.',
    todo: { all: ['Use a builder as new as the release: --builder IMAGE'] },
    lacks: false,
  },
  {
    code: 'debootstrap-no-arch',
    when: /invalid release file, no entry for (\S+)/i,
    what: 'The archive does not have the release for this architecture: {found|its index} is missing.',
    todo: {
      all: ['Choose another architecture: --arch NAME', 'Or an archive that has it: --mirror URL'],
    },
    lacks: false,
  },
  {
    code: 'package-tampered',
    when: /\b(\S+) was corrupt\b|\bCORRUPTFILE/i,
    what: 'A downloaded package is not the one that the signed index names ({found|see the last lines}): it was changed on its way, or the mirror is broken.',
    todo: {
      all: [
        "Use the distribution's own archive: leave --mirror out. Or another mirror: --mirror URL",
        'If that fails too, something on the way changes what is downloaded: a proxy, a portal.',
      ],
    },
    lacks: false,
  },
  {
    code: 'needs-proc',
    when: /requires a mounted proc|mount -t proc proc \/proc/i,
    what: 'A package needs /proc while it is set up, and the container that bootstraps may not mount one.',
    todo: {
      all: [
        'Leave it out, and install it by a RUN line of the Dockerfile in the project folder: there /proc is mounted.',
        'Or bootstrap on a Linux machine as root: {changed --bootstrap host}',
      ],
    },
    lacks: false,
  },
  {
    code: 'debootstrap-download',
    when: /couldn't (?:download packages|find these debs)|\bE: COULDNTDL/i,
    what: 'debootstrap could not download all packages.',
    todo: {
      all: ['Repeat the command.', 'If that does not help, use another mirror: --mirror URL'],
    },
    lacks: false,
  },
]
