import { distributionNamed } from './distributions.ts'
import type { Distribution, Gone, Older, Release } from './types.ts'

/** Returns a release's distribution with what that release has otherwise: packages, builder, settings. */
export const distributionAt = (release: Pick<Release, 'distro' | 'version'>): Distribution => {
  const one = distributionNamed(release.distro)
  return one.older.filter(({ before }) => isBefore(release.version, before)).reduce(withOlder, one)
}

const withOlder = (
  one: Distribution,
  { architectures, builder, packages = {}, settings }: Older,
): Distribution => ({
  ...one,
  architectures: architectures ?? one.architectures,
  builder: { ...one.builder, ...builder },
  settings: { ...one.settings, ...settings },
  variants: one.variants.map(variant => ({
    ...variant,
    packages: variant.packages.flatMap(name =>
      packages[name] === undefined ? name : (packages[name] ?? []),
    ),
  })),
})

/** Returns what a distribution says of a release that can't be made, by its name or the first number in a text; or null. */
export const goneFrom = ({ gone }: Pick<Distribution, 'gone'>, text: string): Gone | null =>
  gone.find(({ names = [] }) => names.includes(text.toLowerCase())) ??
  gone.find(row => isGone(row, text)) ??
  null

/** A first number alone stands for its newest: 3 is not older than 3.3. */
const isGone = ({ from, before }: Gone, text: string): boolean => {
  if (from === undefined && before === undefined) return false
  const whole = /\d\.\d/.test(text) ? text : text.replace(/\d+/, '$&.999')
  return (
    versionNumber(text) !== null &&
    (from === undefined || !isBefore(whole, from)) &&
    (before === undefined || isBefore(whole, before))
  )
}

/** Returns a number by which versions compare, the first in a text; null without one. The 3.9 of Alpine is older than its 3.10. */
export const versionNumber = (version: string | null): number | null => {
  const [, major, minor = '0'] = /(\d+)(?:\.(\d+))?/.exec(version ?? '') ?? []
  return major === undefined ? null : Number(major) * 1000 + Number(minor)
}

/** True for a version before another; what has none is the newest. */
export const isBefore = (version: string | null, bound: string): boolean =>
  (versionNumber(version) ?? Infinity) < versionNumber(bound)!
