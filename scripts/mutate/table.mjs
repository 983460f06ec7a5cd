// What a mutation run tells at its end.

/**
 * A table of Markdown with a row for each room that was looked at and one for all. Timed out counts as noticed; of what
 * the types refuse no test is asked, so the share is without those.
 */
export const tableOf = (mutants, rooms) => [
  '| room | tried | refused by types | killed | timed out | survived | noticed |',
  '|---|---|---|---|---|---|---|',
  ...rooms
    .map(room => [room, mutants.filter(({ file }) => file.startsWith(`${room}/`))])
    .filter(([, ofRoom]) => ofRoom.length > 0)
    .map(([room, ofRoom]) => rowOf(room, ofRoom)),
  rowOf('all', mutants),
]

const rowOf = (room, mutants) => {
  const count = fate => mutants.filter(mutant => mutant.fate === fate).length
  const [refused, killed, late, survived] = ['refused', 'killed', 'timed out', 'survived'].map(
    count,
  )
  const tests = killed + late + survived
  const share = tests === 0 ? '' : `${Math.round(((killed + late) / tests) * 100)} %`
  return `| ${room} | ${mutants.length} | ${refused} | ${killed} | ${late} | ${survived} | ${share} |`
}
