import type { RemedyRow } from './row.ts'

/**
 * What the scripts of families (assets/families) find out, each with a code of its own (`E: NOPACKAGE`): they read the
 * words of apk, dnf, zypper and pacman, which are recorded in transcripts. What they say of mirrors and keys has
 * debootstrap's codes, and is in archive-rows.ts.
 */
export const SCRIPT_ROWS: readonly RemedyRow[] = [
  {
    code: 'package-unknown',
    when: /The release has no package (\S+) \(E: NOPACKAGE\)|\bE: NOPACKAGE\b/,
    what: 'The release has no package of that name ({found|see the last lines}).',
    todo: {
      all: [
        'Look the name up in the distribution’s list of packages: names differ between distributions.',
        'Then correct --include.',
      ],
    },
    lacks: false,
  },
  {
    code: 'package-gone',
    when: /does not have: (.*?) \(E: PACKAGEGONE\)|\bE: PACKAGEGONE\b/,
    what: 'The index of the mirror names a package that the mirror does not have ({found|see the last lines}): it is in the middle of an update.',
    todo: { all: ['Try again later.', 'Or name another mirror: --mirror URL'] },
    lacks: false,
  },
  {
    code: 'package-damaged',
    when: /A package came damaged: (.*?) \(E: PACKAGEBAD\)|\bE: PACKAGEBAD\b/,
    what: 'A package came damaged, or is not the one that the signed index promises ({found|see the last lines}).',
    todo: {
      all: [
        'Run the same command again.',
        'If that does not help, name another mirror: --mirror URL',
      ],
    },
    lacks: false,
  },
  {
    code: 'package-script',
    when: /A package's script failed: (.*?) \(E: SCRIPT\)|\bE: SCRIPT\b/,
    what: 'A script of a package could not do its work, so the image would not be sound ({found|see the last lines}).',
    todo: {
      all: [
        'For another architecture the engine needs emulation, and it must allow chroot in containers.',
        'Otherwise leave the package out of --include.',
      ],
    },
    lacks: false,
  },
  {
    code: 'root-empty',
    when: /pack\.sh: \S+ is empty/,
    what: 'bootstrap.sh succeeded, but left nothing in /rootfs, where the root filesystem should be.',
    todo: {
      all: [
        'If the script is your own, have it make the tree in /rootfs, and end with a code other than 0 when it can’t.',
        'If it is ours, tell us: the journal has every line.',
      ],
    },
    lacks: false,
  },
  {
    code: 'release-wrong',
    when: /What came is another release: (.*?) \(E: WRONGRELEASE\)|\bE: WRONGRELEASE\b/,
    what: 'The packages are from another release than the one asked for ({found|see the last lines}).',
    todo: { all: ['Name another mirror: --mirror URL', 'Or the release that it has: --release'] },
    lacks: false,
  },
  {
    code: 'index-unreadable',
    when: /\bE: NOINDEX\b/,
    what: 'The index of packages could not be read from the mirror.',
    todo: { all: ['Run the same command again.', 'Or name another mirror: --mirror URL'] },
    lacks: false,
  },
  {
    code: 'package-unsigned',
    when: /There is no signature where one must be: (.*?) \(E: UNSIGNED\)|\bE: UNSIGNED\b/,
    what: 'There is no signature where one must be ({found|see the last lines}).',
    todo: {
      all: [
        'Do not use that mirror: anybody may have made what is not signed.',
        'If the builder is older than the release, take its own: leave --builder out.',
      ],
    },
    lacks: false,
  },
  {
    code: 'package-dependency',
    when: /gives what another needs: (.*?) \(E: NODEPENDENCY\)|\bE: NODEPENDENCY\b/,
    what: 'A package needs what no repository here has ({found|see the last lines}).',
    todo: {
      all: ['Name a complete mirror: --mirror URL', 'Or leave out the package that needs it.'],
    },
    lacks: false,
  },
  {
    code: 'package-room',
    when: /There is too little room: (.*?) \(E: NOROOM\)|\bE: NOROOM\b/,
    what: 'The engine has too little room for the packages ({found|see the last lines}).',
    todo: {
      all: [
        'See what takes room: docker system df',
        'Remove what is ours: create-base-image clean',
      ],
      podman: [
        'See what takes room: podman system df',
        'Remove what is ours: create-base-image clean',
      ],
    },
    lacks: true,
  },
  {
    code: 'engine-refuses-right',
    when: /refuses a right that is needed: (.*?) \(E: RIGHTS\)|\bE: RIGHTS\b|\b(chown): changing ownership of [^\n]*: Operation not permitted|Failed to (set capabilities) on file/,
    what: 'The engine refuses what installing packages needs: {found|see the last lines}.',
    todo: {
      all: [
        'Use an engine that grants it: Docker and Podman do so unless they are told not to.',
        "If a builder was named, take the release's own: leave --builder out.",
      ],
    },
    lacks: true,
  },
  {
    code: 'builder-lacks-tool',
    when: /The builder has no (.*?) \(E: NOTOOL\)|\bE: NOTOOL\b/,
    what: 'The builder has no {found|package manager of the distribution}.',
    todo: { all: ["Take the release's own builder: leave --builder out."] },
    lacks: false,
  },
  {
    code: 'keys-not-taken',
    when: /The keys were not taken: (.*?) \(E: BADKEY\)|\bE: BADKEY\b/,
    what: 'The file of keys is not there, or was not accepted: {found|see the last lines}',
    todo: {
      all: ["Give a public key in the form that the distribution's tools take: --keyring FILE"],
    },
    lacks: false,
  },
]
