import * as v from 'valibot'
import {
  amount,
  architectures,
  day,
  image,
  name,
  packageName,
  path,
  text,
  url,
  version,
} from './forms.ts'
import { SETTINGS, type FamilyName } from './settings.ts'

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

const ofFamily = (family: FamilyName) => {
  const settings: v.StrictObjectSchema<v.ObjectEntries, undefined> = SETTINGS[family]
  return v.strictObject({
    ...common,
    family: v.literal(family),
    [family]: settings,
    older: older(family, settings),
  })
}

/** What a distro.json may hold: docs/adding-a-distribution.md explains each key. */
const distroSchema = v.variant('family', (Object.keys(SETTINGS) as FamilyName[]).map(ofFamily))

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
