/** The page of all terms, by the alphabet, with links between them. */
export const glossaryPage = terms => {
  const sorted = terms.toSorted((a, b) => (key(a.term) < key(b.term) ? -1 : 1))
  return [
    '# Glossary',
    '',
    'Every term that the tool uses, in plain words. `create-base-image explain TERM` shows the same in a terminal.',
    'Made from `assets/learn/glossary.json` by `node scripts/glossary.mjs`; change it there.',
    '',
    ...sorted.flatMap(entry),
  ].join('\n')
}

const entry = ({ term, also, short, more, see }) => [
  `## ${term}`,
  '',
  ...(also.length === 0 ? [] : [`Also: ${also.join(', ')}`, '']),
  `${short} ${more}`,
  '',
  ...(see.length === 0 ? [] : [`See also: ${see.map(link).join(', ')}`, '']),
]

const link = term => `[${term}](#${anchor(term)})`

/** As GitHub makes them of a heading. */
const anchor = term =>
  term
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-')

const key = term => term.toLowerCase()
