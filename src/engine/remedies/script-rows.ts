import type { RemedyRow } from './row.ts'

/**
 * What the scripts of families (assets/families) find out about packages, each with a code of its own
 * (`E: NOPACKAGE`). What they say of mirrors and keys has debootstrap's codes, and stands in archive-rows.ts.
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
    when: /\bE: PACKAGEGONE\b/,
    what: 'The index of the mirror names a package that the mirror does not have: it is in the middle of an update.',
    todo: { all: ['Try again later.', 'Or name another mirror: --mirror URL'] },
    lacks: false,
  },
  {
    code: 'package-damaged',
    when: /\bE: PACKAGEBAD\b/,
    what: 'A package came damaged, or is not the one that the signed index promises.',
    todo: {
      all: ['Run the same command again.', 'If it stays so, name another mirror: --mirror URL'],
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
        'Else leave the package out of --include.',
      ],
    },
    lacks: false,
  },
  {
    code: 'release-wrong',
    when: /\bE: WRONGRELEASE\b/,
    what: 'The mirror has another release under the name of the one that was asked for.',
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
]
