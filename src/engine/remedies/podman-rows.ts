import type { RemedyRow } from './row.ts'

const CONF = '/etc/containers/containers.conf (rootless: ~/.config/containers/containers.conf)'

/** What only Podman says, and what is known of it without a text. */
export const PODMAN_ROWS: readonly RemedyRow[] = [
  {
    code: 'no-podman',
    when: /spawn podman(?:\.exe)? ENOENT/,
    what: 'There is no podman command on this machine.',
    todo: {
      all: [
        'Install it: sudo apt-get install podman   (Fedora: sudo dnf install podman)',
        'Or go on without an engine, which makes an archive: --engine none',
      ],
      darwin: [
        'Install it: brew install podman   then   podman machine init --now',
        'Or go on without an engine, which makes an archive: --engine none',
      ],
      win32: [
        'Install it: winget install RedHat.Podman   then   podman machine init --now',
        'Or go on without an engine, which makes an archive: --engine none',
      ],
    },
    lacks: true,
  },
  {
    code: 'podman-client',
    when: /unable to upgrade to tcp, received 409/,
    what: 'The docker command here leads to Podman, which is driven by its own client, podman; that is not here.',
    todo: {
      all: [
        'Install it: https://podman.io/docs/installation',
        'Or go on without an engine, which makes an archive: --engine none',
      ],
    },
    lacks: true,
  },
  {
    code: 'podman-machine',
    when: /cannot connect to (?:the )?podman|unable to connect to podman/i,
    what: 'Podman does not answer: its engine runs elsewhere, and that is not started.',
    todo: {
      all: [
        'See where it is expected: podman system connection list',
        "To use this machine's own: unset CONTAINER_HOST CONTAINER_CONNECTION",
      ],
      darwin: [
        'Start its virtual machine: podman machine start',
        'If there is none yet: podman machine init --now',
      ],
      win32: [
        'Start its virtual machine: podman machine start',
        'If there is none yet: podman machine init --now',
      ],
    },
    lacks: true,
  },
  {
    // Podman takes an image of its own that is not there for one of a registry on this machine.
    code: 'image-missing',
    when: /docker:\/\/(localhost\/\S+?): pinging container registry localhost\b/i,
    what: 'Podman does not have the image {found|asked for}; it was removed, or an earlier step did not make it.',
    todo: {
      all: [
        'Repeat the command: what is missing is made again.',
        'See what is there: {client} images',
      ],
    },
    lacks: false,
  },
  {
    code: 'short-name',
    when: /short-name "?([^"\s]+)"? did not resolve|short-name resolution enforced/i,
    what: 'Podman does not know in which registry {found|that image} is: the name is a short one.',
    todo: { all: ['Give the whole name, such as docker.io/library/ubuntu:20.04'] },
    lacks: false,
  },
  {
    code: 'no-newuidmap',
    when: /exec: "newuidmap": executable file not found|cannot find newuidmap/i,
    what: 'Podman without root needs the programs newuidmap and newgidmap.',
    todo: { all: ['sudo apt-get install uidmap   (Fedora: sudo dnf install shadow-utils)'] },
    lacks: true,
  },
  {
    code: 'no-subuids',
    when: /insufficient UIDs or GIDs|cannot set ?up namespace using|newuidmap: (?:write to uid_map|uid range)/i,
    what: 'Podman without root has too few user numbers for the files of an image.',
    todo: {
      all: [
        'sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER',
        'Then: podman system migrate',
      ],
    },
    lacks: true,
  },
  {
    code: 'no-user-namespaces',
    when: /cannot clone: (?:operation not permitted|no space left)|cannot re-exec process|user namespaces are not enabled/i,
    what: 'Podman without root needs user namespaces, and this system does not let users make them.',
    todo: {
      all: [
        'See whether they are switched off: sysctl user.max_user_namespaces kernel.unprivileged_userns_clone',
        'Switch them on: sudo sysctl user.max_user_namespaces=15000 kernel.unprivileged_userns_clone=1',
      ],
    },
    lacks: true,
  },
  {
    code: 'container-limits',
    when: /setrlimit|setting rlimit/i,
    what: 'Podman asks for higher limits than this system allows.',
    todo: {
      all: [
        `Lower them under [containers] in ${CONF}:`,
        'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
      ],
    },
    lacks: true,
  },
  {
    code: 'cgroups',
    when: /cgroups in hybrid mode not supported|systemd cgroup flag passed|cannot use systemd as cgroup|sd-bus call|cgroup[^\n]*(?:permission denied|read-only file system)/i,
    what: "Podman cannot use this system's control groups as it is set.",
    todo: {
      all: [
        `Under [engine] in ${CONF}: cgroup_manager = "cgroupfs"`,
        'If that does not help, there too: runtime = "runc"',
      ],
    },
    lacks: true,
  },
  {
    code: 'no-runtime',
    when: /default OCI runtime "([^"]+)" not found/i,
    what: 'Podman is set to run containers with {found|a program} that is not on this machine.',
    todo: { all: ['sudo apt-get install crun   (Fedora: sudo dnf install crun)'] },
    lacks: true,
  },
  {
    code: 'storage-driver',
    when: /unsupported for this graph driver|kernel does not support overlay|graph driver "[^"]+" overwritten|mount_program|fuse-overlayfs: [^\n]*(?:not found|cannot)/i,
    what: 'Podman cannot keep its files in the way that it is set to, on this file system.',
    todo: {
      all: [
        'sudo apt-get install fuse-overlayfs   or, in ~/.config/containers/storage.conf: driver = "vfs" under [storage]',
        'After a change of the driver, Podman starts afresh, without its images: podman system reset',
      ],
    },
    lacks: true,
  },
  {
    code: 'container-network',
    when: /could not find "?(?:netavark|pasta|slirp4netns)|netavark: |(\S*(?:slirp4netns|pasta)) failed|plugin type="[^"]*" failed|(?:slirp4netns|pasta|netavark)": executable file not found/i,
    what: 'Podman could not give the container a network.',
    todo: {
      all: [
        'Install what it makes networks with: sudo apt-get install netavark aardvark-dns iptables',
        'Without root: sudo apt-get install passt slirp4netns; and /dev/net/tun must be open to users.',
      ],
    },
    lacks: true,
  },
]
