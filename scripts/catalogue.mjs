// Writes the releases of Ubuntu and Debian in assets/distros from the package distro-info-data of this machine.
//   node scripts/catalogue.mjs            writes it
//   node scripts/catalogue.mjs --check    writes nothing; exit 1 when the package knows something else or the catalogue
//                                         is stale, 3 without the package; an older package is not compared
// A folder after that is read instead of /usr/share/distro-info, and a day after the folder counts as today.
// The other distributions' releases come from public data and are written by hand; --check says when they are old.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const fileOf = distro =>
  fileURLToPath(new URL(`../assets/distros/${distro}/distro.json`, import.meta.url))
const read = distro => JSON.parse(readFileSync(fileOf(distro), 'utf8'))
const DISTROS = ['ubuntu', 'debian']

// What is older is in `gone`: Ubuntu 12.04 was the last that the key of 1024 bits alone signed (blog.surgut.co.uk,
// December 2016), and Debian 7's C library needs the vsyscall page, which kernels of today do not give (moby/moby#28705).
const OLDEST = { ubuntu: 12.1, debian: 8 }

const main = ([first, second, third]) => {
  const check = first === '--check'
  const today = third ?? new Date().toISOString().slice(0, 10)
  const folder = (check ? second : first) ?? '/usr/share/distro-info'
  const csv = DISTROS.map(distro => join(folder, `${distro}.csv`))
  if (!csv.every(path => existsSync(path))) {
    console.error(
      `${csv.join(' and ')} are not here. Install them: apt-get install distro-info-data`,
    )
    return 3
  }
  const date = csv.map(dateOf).toSorted().at(-1)
  const made = Object.fromEntries(
    DISTROS.map((distro, at) => [distro, rowsOf(distro, csv[at], date)]),
  )
  return check ? Math.max(compare(made, date), staleness(today)) : write(made, date)
}

const dateOf = path => statSync(path).mtime.toISOString().slice(0, 10)

/** The rows of one distribution, newest first, as of a date. */
const rowsOf = (distro, path, date) => {
  const begun = parse(path).filter(({ created }) => created <= date)
  const kept = begun.filter(({ version, series }) =>
    version === '' ? series === 'sid' : Number.parseFloat(version) >= OLDEST[distro],
  )
  // Debian begins the release after the next one long before; only the next one is testing.
  const next = kept.find(({ version, release }) => version !== '' && release === undefined)
  return kept
    .filter(row => row.version === '' || row.release !== undefined || row === next)
    .map(row => ROWS[distro](row))
    .toReversed()
}

/** The lines of a CSV file as objects by the names in its first line; what a line lacks is undefined. */
const parse = path => {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split('\n')
  const names = head.split(',')
  return lines.map(line => Object.fromEntries(line.split(',').map((text, at) => [names[at], text])))
}

const ROWS = {
  ubuntu: row => ({
    codename: row.series,
    name: row.codename,
    version: row.version.replace(' LTS', ''),
    longTerm: row.version.endsWith(' LTS'),
    released: row.release ?? null,
    supportedUntil: row.eol ?? null,
    longTermUntil: row['eol-esm'] ?? null,
  }),
  debian: row => ({
    codename: row.series,
    name: row.codename,
    version: row.version || null,
    longTerm: row.version !== '',
    released: row.release ?? null,
    supportedUntil: row.eol ?? null,
    longTermUntil: row['eol-lts'] ?? null,
  }),
}

const write = (made, date) => {
  const version = execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'distro-info-data'], {
    encoding: 'utf8',
  })
  const source = `distro-info-data ${version}`
  for (const distro of DISTROS) {
    const text = readFileSync(fileOf(distro), 'utf8')
    const { gone } = read(distro).releases
    const list = withProofs(made[distro], distro).map(row => `      ${line(row)}`)
    const releases = `"releases": {\n    "source": ${quote(source)},\n    "day": ${quote(date)},\n    "gone": [${gone.map(line).join(', ')}],\n    "list": [\n${list.join(',\n')}\n    ]\n  }\n}\n`
    writeFileSync(fileOf(distro), text.slice(0, text.indexOf('"releases": {')) + releases)
  }
  console.log(`Written: assets/distros/{${DISTROS.join()}}/distro.json, from ${source} of ${date}.`)
  return 0
}

/** The lines that prove a release are ours: the package does not know them. */
const withProofs = (rows, distro) => {
  const proofs = new Map(read(distro).releases.list.map(row => [row.codename, row.proof]))
  return rows.map(row => {
    const proof = proofs.get(row.codename)
    return proof === undefined ? row : { ...row, proof }
  })
}

const quote = text => JSON.stringify(text)
const line = row =>
  `{${Object.entries(row)
    .map(([name, value]) => `${quote(name)}: ${quote(value)}`)
    .join(', ')}}`

const compare = (made, date) => {
  const [day] = DISTROS.map(distro => read(distro).releases.day).toSorted()
  if (date < day) {
    console.log(
      `Not compared: distro-info-data here is of ${date}, and the catalogue's data are of ${day}.`,
    )
    return 0
  }
  const changes = DISTROS.flatMap(distro => {
    const before = read(distro).releases.list.map(line)
    const after = withProofs(made[distro], distro).map(line)
    return [
      ...before.filter(row => !after.includes(row)).map(row => `- ${distro} ${row}`),
      ...after.filter(row => !before.includes(row)).map(row => `+ ${distro} ${row}`),
    ]
  })
  if (changes.length === 0) {
    console.log('The catalogue says what distro-info-data here says.')
    return 0
  }
  console.error(
    `assets/distros (-) and distro-info-data here (+) differ:\n${changes.join('\n')}\n` +
      `Where the package here is newer than ${day}, run: node scripts/catalogue.mjs`,
  )
  return 1
}

/** Ubuntu and Fedora have a release every six months: after eight without news, the catalogue has missed one. */
const staleness = today => {
  const { version, released } = read('ubuntu').releases.list.find(
    row => row.released !== null && row.released <= today,
  )
  const stale = [
    ...(isOld(released, today)
      ? [
          `The newest Ubuntu in assets/distros is ${version}, of ${released}: install a newer distro-info-data and run: node scripts/catalogue.mjs`,
        ]
      : []),
    ...byHand()
      .filter(({ day }) => isOld(day, today))
      .map(
        ({ name, day, source }) =>
          `assets/distros/${name}/distro.json has what was known on ${day}: look for newer releases and dates in its source (${source}), and write the day there`,
      ),
  ]
  for (const line of stale) console.error(line)
  return stale.length === 0 ? 0 : 1
}

/** What rolls has no dates that could get old. */
const byHand = () =>
  readdirSync(fileURLToPath(new URL('../assets/distros', import.meta.url)))
    .filter(name => !DISTROS.includes(name))
    .map(name => ({ name, ...read(name).releases }))
    .filter(({ list }) => list.some(({ supportedUntil }) => (supportedUntil ?? null) !== null))

const isOld = (day, today) => {
  const due = new Date(day)
  due.setUTCMonth(due.getUTCMonth() + 8)
  return due.toISOString().slice(0, 10) < today
}

process.exitCode = main(process.argv.slice(2))
