import type { Outcome } from '../run/events.ts'
import { unrunWords } from '../text/distroless.ts'

/** Returns rows of what an image is made of, how two people see that they have the same, and what changed. */
export const packageFacts = ({ packages, same, changes }: Outcome): string[][] => [
  ...(packages === undefined
    ? []
    : [
        ['Packages', `${packages.total}${newerText(packages)}, as of ${packages.date}`],
        ...packages.missing.map(suite => ['', `the mirror has no ${suite}`]),
        ...(packages.unrun === undefined ? [] : [['', unrunWords(packages.unrun)]]),
        ...(packages.unasked === undefined
          ? []
          : [['', `Nothing newer was looked for. ${packages.unasked}`]]),
      ]),
  ...(same === undefined
    ? []
    : [
        ['Compare', 'the same answers and index (or lock) give this ID everywhere:'],
        [same, ''],
      ]),
  ...changeRows(changes),
]

const newerText = ({ newer }: NonNullable<Outcome['packages']>): string =>
  newer === 0 ? '' : `, ${newer} of them newer than the release's own`

/** Since the image before; more than a screen can hold is counted, and is in the locks. */
const changeRows = (changes: Outcome['changes']): string[][] => {
  if (changes === undefined) return []
  const { newer, older, added, removed } = changes
  const rows = [
    ...newer.map(({ name, from, to }) => `${name} ${from} -> ${to}`),
    ...older.map(({ name, from, to }) => `${name} ${from} -> ${to} (older)`),
    ...added.map(({ name, version }) => `${name} ${version} (added)`),
    ...removed.map(({ name, version }) => `${name} ${version} (removed)`),
  ]
  const rest = rows.length - MOST_CHANGES
  const shown = [...rows.slice(0, MOST_CHANGES), ...(rest > 0 ? [`and ${rest} more`] : [])]
  return shown.map((row, i) => [i === 0 ? 'Changed' : '', row])
}

const MOST_CHANGES = 12
