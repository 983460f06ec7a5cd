// Writes assets/releases.json, the catalogue of releases, from the package distro-info-data of this machine.
//   node scripts/catalogue.mjs            writes it
//   node scripts/catalogue.mjs --check    writes nothing; exit 1 when the package knows something else or the catalogue
//                                         is stale, 3 without the package; an older package is not compared
// A folder after that is read in place of /usr/share/distro-info.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FILE = fileURLToPath(new URL('../assets/releases.json', import.meta.url))
const DISTROS = ['ubuntu', 'debian']

// Each is its distribution's first long-term release for arm64. Besides, Debian 7's C library still needs the
// vsyscall page, which kernels of today do not give: its shell would not start in a container.
const OLDEST = { ubuntu: 14.04, debian: 8 }

const COLUMNS = 'codename, name, version, longTerm, released, supportedUntil, longTermUntil'

const main = ([first, second]) => {
  const check = first === '--check'
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
  return check ? Math.max(compare(made, date), staleness()) : write(made, date)
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
  ubuntu: row => [
    row.series,
    row.codename,
    row.version.replace(' LTS', ''),
    row.version.endsWith(' LTS'),
    row.release ?? null,
    row.eol ?? null,
    row['eol-esm'] ?? null,
  ],
  debian: row => [
    row.series,
    row.codename,
    row.version || null,
    row.version !== '',
    row.release ?? null,
    row.eol ?? null,
    row['eol-lts'] ?? null,
  ],
}

const write = (made, date) => {
  const version = execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'distro-info-data'])
  const source = `distro-info-data ${version} of ${date}, by scripts/catalogue.mjs`
  const lists = DISTROS.map(distro => `  ${quote(distro)}: [\n${linesOf(made[distro])}\n  ]`)
  const head = `  "source": ${quote(source)},\n  "columns": ${quote(COLUMNS)}`
  writeFileSync(FILE, `{\n${[head, ...lists].join(',\n')}\n}\n`)
  console.log(`Written: assets/releases.json, from ${source}.`)
  return 0
}

const quote = text => JSON.stringify(text)
const list = row => `[${row.map(quote).join(', ')}]`
const linesOf = rows => rows.map(row => `    ${list(row)}`).join(',\n')

const compare = (made, date) => {
  const there = JSON.parse(readFileSync(FILE, 'utf8'))
  const [day] = /\d{4}-\d\d-\d\d/.exec(there.source)
  if (date < day) {
    console.log(
      `Not compared: distro-info-data here is of ${date}, and the catalogue's data are of ${day}.`,
    )
    return 0
  }
  const changes = DISTROS.flatMap(distro => {
    const [before, after] = [there[distro], made[distro]].map(rows => rows.map(list))
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
    `assets/releases.json (-) and distro-info-data here (+) differ:\n${changes.join('\n')}\n` +
      `The file is from ${there.source}. Where the package here is newer, run: node scripts/catalogue.mjs`,
  )
  return 1
}

/** Ubuntu has a release every six months: without one for eight, the catalogue has missed it. */
const staleness = () => {
  const { ubuntu } = JSON.parse(readFileSync(FILE, 'utf8'))
  const today = new Date().toISOString().slice(0, 10)
  const [, , version, , released] = ubuntu.find(row => row[4] !== null && row[4] <= today)
  const due = new Date(released)
  due.setUTCMonth(due.getUTCMonth() + 8)
  if (due.toISOString().slice(0, 10) >= today) return 0
  console.error(
    `The newest Ubuntu in assets/releases.json is ${version}, of ${released}: install a newer distro-info-data and run: node scripts/catalogue.mjs`,
  )
  return 1
}

process.exitCode = main(process.argv.slice(2))
