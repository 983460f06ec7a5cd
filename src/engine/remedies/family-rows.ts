import type { RemedyRow } from './row.ts'

/**
 * What the scripts of RPM's and Arch's families find out by themselves, besides what those of all families do
 * (script-rows.ts). They read their tools' own words; those are recorded in the transcripts of dnf, zypper and pacman.
 */
export const FAMILY_ROWS: readonly RemedyRow[] = [
  {
    code: 'package-unsigned',
    when: /There is no signature where one must be: (.*?) \(E: UNSIGNED\)|\bE: UNSIGNED\b/,
    what: 'There is no signature where one must be ({found|see the last lines}).',
    todo: {
      all: [
        'Do not use that mirror: what is not signed may be anybody’s.',
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
      all: ['Name a mirror that is whole: --mirror URL', 'Or leave out the package that needs it.'],
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
    when: /refuses a right that is needed: (.*?) \(E: RIGHTS\)|\bE: RIGHTS\b/,
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
    what: 'The file of keys was not taken.',
    todo: {
      all: ["Give a public key in the form that the distribution's tools take: --keyring FILE"],
    },
    lacks: false,
  },
]
