// What a mutation run tells at its end.

/** A table of Markdown with a row for each room that was looked at and one for all; timed out counts as noticed. */
export const tableOf = (mutants, rooms) => [
  '| room | tried | killed | timed out | survived | noticed |',
  '|---|---|---|---|---|---|',
  ...rooms
    .map(room => [room, mutants.filter(({ file }) => file.startsWith(`${room}/`))])
    .filter(([, ofRoom]) => ofRoom.length > 0)
    .map(([room, ofRoom]) => rowOf(room, ofRoom)),
  rowOf('all', mutants),
]

const rowOf = (room, mutants) => {
  const count = fate => mutants.filter(mutant => mutant.fate === fate).length
  const [killed, late, survived] = ['killed', 'timed out', 'survived'].map(count)
  const share = Math.round(((killed + late) / mutants.length) * 100)
  return `| ${room} | ${mutants.length} | ${killed} | ${late} | ${survived} | ${share} % |`
}
