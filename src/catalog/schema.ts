import * as v from 'valibot'
import { ARCHES } from './arches.ts'
import { printable } from '../text/printable.ts'

/** The 31st of February is none, and is read as a day of March. */
const isDay = (text: string): boolean => {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

// What is said of a distribution is shown as it is, and a line of it is looked for in a file.
const text = v.pipe(
  v.string(),
  v.nonEmpty('must not be empty'),
  v.check(one => printable(one) === one, 'must be one line without control characters'),
)
const day = v.pipe(v.string(), v.check(isDay, 'must be a day, YYYY-MM-DD'))
// An engine takes what begins with a hyphen for an option, and so do the tools that install packages.
const image = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][\w.:/@{}-]*$/,
    'must be the name of an image, such as debian:{codename}-slim',
  ),
)
const packageName = v.pipe(
  v.string(),
  v.regex(/^[^\s,-][^\s,]*$/, 'must be the name of one package'),
  v.check(one => !/[{}]/.test(one), 'must be a name as it is: nothing is filled in here'),
  v.check(one => printable(one) === one, 'must have no control characters'),
)
const url = v.pipe(
  v.string(),
  v.regex(/^https?:\/\/[^\s@]+$/, 'must be a http or https address without a login'),
)
const name = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]*$/, 'must have small letters, digits and hyphens only'),
)
const path = v.pipe(v.string(), v.regex(/^\/[^\s]*$/, 'must be an absolute path'))
const version = v.pipe(
  v.string(),
  v.regex(/^\d+(\.\d+)?$/, 'must be a version, such as 9 or 24.04'),
)

const paths = v.pipe(
  v.array(
    v.pipe(v.string(), v.regex(/^[^\s/:][^\s:]*$/, 'must be a path below the address of a mirror')),
  ),
  v.nonEmpty('must name a path'),
)
/** Bytes, seconds, or packages. */
const amount = v.pipe(v.number(), v.minValue(0, 'must be 0 or more'))
const architectures = v.pipe(
  v.array(v.picklist(ARCHES, 'must be a name of Go’s, such as amd64 (x86_64) or arm64 (aarch64)')),
  v.nonEmpty('must have one'),
)

const release = v.strictObject({
  codename: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be one word')),
  name: v.optional(text),
  version: v.optional(v.nullable(text)),
  longTerm: v.optional(v.boolean()),
  released: v.optional(v.nullable(day)),
  supportedUntil: v.optional(v.nullable(day)),
  longTermUntil: v.optional(v.nullable(day)),
  proof: v.optional(v.nullable(text)),
})

const deb = v.strictObject({
  archive: url,
  security: url,
  mirroredSecurity: text,
  others: v.optional(v.strictObject({ archiveHas: architectures, archive: url, security: url })),
  old: v.optional(
    v.strictObject({ endedBefore: text, archive: url, security: url, keyring: path }),
  ),
  keyring: path,
  components: text,
  includeFrom: v.optional(text),
  origin: text,
  script: v.optional(name),
  updates: v.optional(v.strictObject({ suite: text, from: v.optional(v.number()) })),
  securitySuite: v.optional(
    v.strictObject({ suite: text, from: v.optional(v.number()), before: v.optional(text) }),
  ),
})

const apk = v.strictObject({
  archive: url,
  repositories: v.pipe(v.array(name), v.nonEmpty('must name a repository')),
})

const busybox = v.strictObject({
  debian: v.strictObject({ archive: url, suite: name }),
  alpine: v.strictObject({ archive: url, branch: text, repository: name }),
})

/** What each family's settings may be; they stand under the family's name. */
const SETTINGS = {
  deb,
  apk,
  dnf: v.strictObject({
    paths,
    key: path,
    dbpath: v.optional(path),
    old: v.optional(
      v.strictObject({ endedBefore: text, archive: url, archiveHas: v.optional(architectures) }),
    ),
  }),
  zypper: v.strictObject({
    archive: url,
    paths,
    otherArchitectures: v.optional(v.record(v.string(), paths)),
    keys: path,
  }),
  pacman: v.strictObject({
    repositories: v.pipe(v.array(name), v.nonEmpty('must name a repository')),
  }),
  busybox,
}

const builder = v.strictObject({
  image,
  oldest: v.optional(text),
  packages: v.optional(v.array(packageName)),
})

/** What older releases have otherwise. */
const older = <Settings extends v.StrictObjectSchema<v.ObjectEntries, undefined>>(
  family: string,
  settings: Settings,
) =>
  v.optional(
    v.array(
      v.strictObject({
        before: version,
        architectures: v.optional(architectures),
        builder: v.optional(v.partial(builder)),
        packages: v.optional(v.record(packageName, v.nullable(packageName))),
        [family]: v.optional(v.partial(settings)),
      }),
    ),
  )

const keyForm = v.picklist(['binary', 'openpgp', 'pem'])

const common = {
  $schema: v.optional(v.string()),
  schema: v.literal(1, 'must be 1'),
  name,
  title: text,
  says: text,
  libc: v.optional(v.pipe(text, v.maxLength(6, 'must have 6 letters at most, as musl or static'))),
  officialWhen: v.optional(text),
  order: v.optional(v.number()),
  packageList: v.optional(url),
  officialImage: v.optional(text),
  relatives: v.optional(v.array(name)),
  architectures: v.optional(architectures),
  words: v.optional(
    v.record(
      name,
      v.union([
        v.picklist(['standard', 'newest', 'previous', 'testing', 'unversioned']),
        v.strictObject({ release: text }),
      ]),
    ),
  ),
  longTermLabel: v.optional(text),
  longTermIsFree: v.optional(v.boolean()),
  builder,
  start: v.pipe(v.array(text), v.nonEmpty('must name a command')),
  keyForm: v.optional(keyForm),
  slims: v.optional(v.boolean()),
  downloads: v.optional(v.strictObject({ builder: amount, packages: amount, seconds: amount })),
  sizes: v.optional(v.strictObject({ whole: amount, slim: v.optional(amount) })),
  notes: v.optional(v.array(text)),
  variants: v.pipe(
    v.array(
      v.strictObject({
        name,
        label: text,
        says: text,
        packages: v.optional(v.array(packageName)),
        keyForm: v.optional(keyForm),
        measured: v.optional(v.strictObject({ packages: amount, seconds: amount, size: amount })),
      }),
    ),
    v.nonEmpty('must have one'),
  ),
  proof: v.strictObject({ file: path, line: text, unreleased: v.optional(text) }),
  releases: v.strictObject({
    source: text,
    day,
    gone: v.optional(
      v.array(
        v.strictObject({
          from: v.optional(version),
          before: v.optional(version),
          names: v.optional(v.array(v.pipe(text, v.toLowerCase()))),
          nearest: v.optional(text),
          why: text,
        }),
      ),
    ),
    list: v.pipe(v.array(release), v.nonEmpty('must have one')),
  }),
}

const ofFamily = <Family extends keyof typeof SETTINGS>(family: Family) => {
  const settings: v.StrictObjectSchema<v.ObjectEntries, undefined> = SETTINGS[family]
  return v.strictObject({
    ...common,
    family: v.literal(family),
    [family]: settings,
    older: older(family, settings),
  })
}

/** What a distro.json may hold: docs/adding-a-distribution.md explains each key. */
const distroSchema = v.variant('family', [
  ofFamily('deb'),
  ofFamily('apk'),
  ofFamily('dnf'),
  ofFamily('zypper'),
  ofFamily('pacman'),
  ofFamily('busybox'),
])

/** Returns what is wrong with a parsed distro.json, a line each, with the place in it; nothing when it is right. */
export const wrongInDistro = (parsed: unknown): string[] => {
  const { issues = [] } = v.safeParse(distroSchema, parsed)
  return issues.map(issue => {
    const place = v.getDotPath(issue)?.replace(/\.(\d+)/g, '[$1]')
    const at = place === undefined ? '' : `${place}: `
    return `${at}${wordsOf(issue)}`
  })
}

const wordsOf = (issue: v.BaseIssue<unknown>): string => {
  if (issue.expected === 'never') return 'there is no such key'
  if (issue.received === 'undefined') return 'is missing'
  if (issue.message.startsWith('must ')) return issue.message
  return `must be ${inEnglish(issue.expected ?? 'something else')}, and is ${RECEIVED[issue.received] ?? issue.received}`
}

const RECEIVED: { readonly [word: string]: string } = {
  Array: 'a list',
  Object: 'keys with values',
}

/** Valibot's words, such as `Array` and `("dnf" | "apk")`, for people who write JSON. */
const inEnglish = (expected: string): string =>
  expected
    .replaceAll(/\bArray\b/g, 'a list')
    .replaceAll(/\bObject\b/g, 'keys with values')
    .replaceAll(/\bstring\b/g, 'a text')
    .replaceAll(/\bnumber\b/g, 'a number')
    .replaceAll(/\bboolean\b/g, 'true or false')
    .replaceAll(/[()]/g, '')
    .replaceAll(' | ', ' or ')
