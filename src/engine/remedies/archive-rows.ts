import type { RemedyRow } from './row.ts'

/**
 * What debootstrap, gpgv and apt say about an archive and its keys; what assets/families/deb/bootstrap.sh finds out by itself
 * has a code of its own (`E: PORTAL`, `E: NOARCHIVE`, `E: NOSUITE`, `E: NOANSWER`, `E: NOLOGIN`, `E: NOTLS`, `E: BUSY`,
 * `E: EXPIRED`, `E: NOUPDATES`, `E: WRONGORIGIN`). Recorded in test/fixtures/transcripts/err-*.
 */
export const ARCHIVE_ROWS: readonly RemedyRow[] = [
  {
    code: 'archive-portal',
    when: /\bE: PORTAL|does the network require authentication|E: SIGCHECK|gpgv: no valid OpenPGP data found/i,
    what: 'What came in place of the signed index of the release is something else, as a web page is: a captive portal or a proxy answers for the archive.',
    todo: {
      all: [
        'Open the address in a browser and log in to the network, then run the same command again.',
        'Or name a mirror that you can reach: --mirror URL',
      ],
    },
    lacks: true,
  },
  {
    code: 'archive-other-origin',
    when: /The archive has (Origin: .*?, and not Origin: .*?) \(E: WRONGORIGIN\)|\bE: WRONGORIGIN\b/,
    what: 'The archive belongs to another distribution: its index has {found|see the last lines}.',
    todo: { all: ['Name another mirror, or leave --mirror out.'] },
    lacks: false,
  },
  {
    code: 'archive-key-expired',
    when: /EXPKEYSIG|this key has expired|key[^\n]* expired on/i,
    what: 'The key that signed the index of the release has expired.',
    todo: {
      all: [
        'Check the date of this machine: date',
        'For an old release give newer keys of its archive: --keyring FILE',
      ],
    },
    lacks: false,
  },
  {
    code: 'archive-unknown-key',
    // sqv, which newer releases have in gpgv's place, only says that a key is missing: for debootstrap that is a wrong
    // signature like any other.
    when: /not known here: (.*?) \(E: UNKNOWNRELSIG\)|\bE: UNKNOWNRELSIG|(?:release signed by unknown key(?: \(key id |)|\bmissing key )\b([0-9A-F]{8,40})?/i,
    what: 'The index of the release, or a package, is signed by a key that is not among the trusted ones ({found|see the last lines}).',
    todo: {
      all: [
        'If you trust that mirror, name a file that has its key: --keyring FILE',
        "If it should be the distribution's own archive, do not trust it: use another one.",
      ],
    },
    lacks: false,
  },
  {
    code: 'archive-old-signature',
    when: /\bSHA1 is not considered secure|\bpolicy rejected/i,
    what: 'The release is signed in a way that the signature checker here (sqv) considers too old.',
    todo: {
      all: ['Use an older builder: --builder IMAGE'],
      host: [
        'Install gpgv, which still accepts it: sudo apt-get install gpgv',
        "Or leave --bootstrap host out: the release's own container accepts it.",
      ],
    },
    lacks: false,
  },
  {
    code: 'archive-tampered',
    when: /\bE: BADRELSIG|invalid release signature|\bBADSIG\b/i,
    what: 'The index of the release is not what was signed: it was changed on its way, or the mirror is broken.',
    todo: {
      all: [
        "Use the distribution's own archive: leave --mirror out. Or another mirror: --mirror URL",
        'If that fails too, something on the way changes what is downloaded: a proxy, a portal.',
      ],
    },
    lacks: false,
  },
  {
    code: 'archive-no-suite',
    when: /\bthe mirror has no release (\S+(?: \([^\s)]+\))?)/i,
    what: 'The server answers, but does not have the release: {found|see the last lines}',
    todo: {
      all: [
        'Check the release: create-base-image releases',
        'Or take another mirror (an old release may have moved to an archive), or leave --mirror out.',
      ],
    },
    lacks: false,
  },
  {
    code: 'archive-no-address',
    when: /\bthere is no archive at (\S+)/i,
    what: 'There is no archive of packages at {found|that address}: it has no dists/ that can be looked into.',
    todo: {
      all: [
        'Check --mirror: it is the address that has the folder dists in it, such as http://mirror.example/ubuntu',
        'If it is right, it may not have the release: create-base-image releases',
      ],
    },
    lacks: false,
  },
  {
    code: 'archive-loopback',
    when: /\bno answer from (https?:\/\/(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])\S*)/i,
    what: '{found|That address} does not answer where the bootstrap runs: in a container 127.0.0.1 is the container itself.',
    todo: {
      all: [
        'Give the mirror the address that this machine has in the network: --mirror http://ADDRESS:PORT/…',
        'Docker Desktop also knows it as host.docker.internal.',
      ],
      podman: [
        'Give the mirror the address that this machine has in the network: --mirror http://ADDRESS:PORT/…',
        'Podman also knows it as host.containers.internal.',
      ],
      host: ['Start the mirror, or leave --mirror out.'],
    },
    lacks: true,
  },
  {
    code: 'archive-refused',
    when: /\ba request was refused \((\d+)\) by\b/i,
    what: 'The server refused a request: status {found|unknown}.',
    todo: {
      all: [
        'Check --mirror in a browser; for Debian and Ubuntu it is the address that has the folder dists in it.',
        'Status 300 to 399: it redirects in a circle, or to an address that does not answer.',
        'Status 403: it does not let this network in; take another mirror: --mirror URL',
        'Status 407: a proxy requires a login; write it into http_proxy and https_proxy: http://USER:PASSWORD@HOST',
      ],
    },
    lacks: false,
  },
  {
    code: 'archive-unreachable',
    when: /\bno answer from (.+?)(?: \(E: |$)/im,
    what: 'The bootstrap gets no answer from {found|the archive}.',
    todo: {
      all: [
        'Check the address and the network; a container may need a proxy that this machine has.',
        'Or name a mirror that can be reached: --mirror URL',
      ],
      host: [
        'Check the address, the network, and http_proxy if you are behind one.',
        'Or name a mirror that can be reached: --mirror URL',
      ],
    },
    lacks: true,
  },
  {
    code: 'archive-login',
    when: /\ba user and a password are wanted by (.+?)(?: \(E: |$)/im,
    what: '{found|The archive} requires a user and a password, or rejects those it was given.',
    todo: {
      all: [
        'Give them in the address: --mirror http://USER:PASSWORD@HOST/PATH',
        'Anything in them but letters and digits is written as % and two digits: @ as %40.',
      ],
    },
    lacks: false,
  },
  // A clock that is wrong explains a certificate that is not trusted.
  {
    code: 'clock',
    when: /release file[^\n]*is not (?:yet valid|valid yet)|certificate is not yet valid|x509:[^\n]*not yet valid/i,
    what: 'The clock of this machine (or of the virtual machine that the engine runs in) is wrong.',
    todo: {
      all: ['See and correct it: timedatectl   then   sudo timedatectl set-ntp true'],
      darwin: ['Restart Docker Desktop: its virtual machine then takes the time of this machine.'],
      win32: ['Restart Docker Desktop and WSL: wsl --shutdown'],
      podman: [
        'See and correct it: timedatectl   then   sudo timedatectl set-ntp true',
        'With podman machine: podman machine stop   then   podman machine start',
      ],
    },
    lacks: true,
  },
  {
    code: 'archive-certificate',
    when: /\bthe certificate could not be checked of (.+?)(?: \(E: |$)/im,
    what: 'The secure connection (TLS) to {found|the archive} failed, usually because the bootstrap does not trust its certificate.',
    todo: {
      all: [
        'If a company proxy puts in a certificate of its own, give a builder that trusts it: --builder IMAGE',
        'Or name a mirror by http://, as packages are checked by their signatures in any case: --mirror URL',
        'Debian and Ubuntu: if http:// redirects to https://, name https://, so that the usual certificates are there.',
      ],
      host: [
        'If a company proxy puts in a certificate of its own, make this machine trust it: update-ca-certificates',
        'Or name a mirror by http://, as packages are checked by their signatures in any case: --mirror URL',
      ],
    },
    lacks: true,
  },
  {
    code: 'archive-no-updates',
    when: /\bE: NOUPDATES|updates could not be installed of (\S+)/i,
    what: 'debootstrap made the release, but its own apt could not bring the updates: the lines before say why.',
    todo: {
      all: [
        'Run the same command again: the problem may be temporary.',
        'Or take the release as it was published: --no-updates',
      ],
    },
    lacks: false,
  },
  {
    code: 'archive-busy',
    when: /\ban error \(([\d or]+)\) came from the server\b/i,
    what: 'The server of the archive has an internal error ({found|see the last lines}), or is too busy.',
    todo: {
      all: ['Repeat the command in a few minutes.', 'Or name another mirror: --mirror URL'],
    },
    lacks: true,
  },
  {
    code: 'debootstrap-no-package',
    when: /couldn't find these debs: ([^\n(]+)|\bE: LEFTOVERDEBS/i,
    what: 'The release has no package named {found|like that}; a virtual one, which others provide, does not count.',
    todo: {
      all: ['Check the names of --include in the distribution’s list of packages.'],
    },
    lacks: false,
  },
  {
    code: 'sudo-password',
    when: /^sudo: (?:a password is required|interactive authentication is required|interaction is required)/im,
    what: 'sudo has forgotten the password since the run began.',
    todo: { all: ['Run the same command again: it asks for the password first.'] },
    lacks: true,
  },
  {
    // debootstrap blames the mount, but what it tried was to make a device: rootless engines, Podman and Docker
    // Desktop's Enhanced Container Isolation refuse that.
    code: 'debootstrap-no-devices',
    when: /mknod: [^\n]*: operation not permitted[^]*(?:\bE: NOEXEC|mounted with noexec or nodev)/i,
    what: 'No device files may be made there, and debootstrap needs some; its "noexec or nodev" is misleading.',
    todo: {
      all: [
        'Take the built-in way, which makes none: {changed --bootstrap built-in}',
        'Or an engine with more rights: one that is not rootless, or without Enhanced Container Isolation.',
      ],
      host: [
        'Run it where root may make devices, so not inside a container.',
        'Or leave --bootstrap host out: a container of an engine needs none of that.',
      ],
    },
    lacks: true,
  },
  {
    code: 'debootstrap-no-devices',
    when: /\bE: NOEXEC|cannot install into target '([^']*)' mounted with noexec or nodev/i,
    what: 'The file system that the image is made on forbids programs or devices (noexec or nodev), which a root filesystem needs.',
    todo: {
      all: [
        'Take the built-in way, which needs none: {changed --bootstrap built-in}',
        'Or let the engine keep its containers on a disk without noexec and nodev; it says where: {client} info',
      ],
      host: [
        'Use a folder elsewhere, such as one in /var/tmp.',
        'Or leave --bootstrap host out: a container needs none of that.',
      ],
    },
    lacks: true,
  },
]
