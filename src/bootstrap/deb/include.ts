import { BootstrapError } from '../errors.ts'
import { isPackageName } from './dependencies.ts'
import { nearestNames } from './nearest.ts'
import type { IndexedPackage, PackagesIndex } from './packages-index.ts'

/**
 * Returns the packages that a person named: real names, virtual names that one package provides, `name=version` and
 * `name/suite`, with commas or spaces between. Throws `include-unknown`, which tells of each that can't be taken, why,
 * and which names resemble it.
 */
export const findIncludes = (
  typed: readonly string[],
  index: PackagesIndex,
  architecture: string,
): IndexedPackage[] => {
  const words = typed.flatMap(text => text.split(/[\s,]+/)).filter(word => word !== '')
  const answers = [...new Set(words)].map(word => findOne(word, index, architecture))
  const refusals = answers.flatMap(answer => ('refused' in answer ? answer : []))
  if (refusals.length > 0)
    throw new BootstrapError(
      'include-unknown',
      refusals.map(({ refused }) => refused).join('\n'),
      refusals.flatMap(({ todo }) => todo),
    )
  const found = answers.flatMap(answer => ('package' in answer ? answer.package : []))
  return [...new Map(found.map(one => [one.name, one])).values()]
}

type Answer =
  | { readonly package: IndexedPackage }
  | { readonly refused: string; readonly todo: readonly string[] }

const WORD = /^([^=/:]+)(?::([a-z0-9-]+))?(?:=([^/]+)|\/([A-Za-z0-9./-]+))?$/

const findOne = (word: string, index: PackagesIndex, architecture: string): Answer => {
  const [, name, qualifier, version, suite] = WORD.exec(word) ?? []
  if (name === undefined || !isPackageName(name))
    return { refused: `${word} is not a package name.`, todo: [FORM] }
  if (qualifier !== undefined && ![architecture, 'native', 'any', 'all'].includes(qualifier))
    return {
      refused: `${word} is for another architecture than ${architecture}.`,
      todo: ['Name the package without its architecture.'],
    }
  const all = index.all(name)
  if (all.length === 0) return version || suite ? unknown(name, index) : virtual(name, index)
  const right = all.filter(
    one =>
      (version === undefined || one.version === version) &&
      (suite === undefined || one.origin.suite === suite),
  )
  return right[0] === undefined ? otherVersions(word, name, all) : { package: right[0] }
}

const FORM = 'Write names, name=version or name/suite, separated by commas.'

const virtual = (name: string, index: PackagesIndex): Answer => {
  const providers = index.providers(name)
  if (providers.length === 1) return { package: providers[0]!.package }
  if (providers.length === 0) return unknown(name, index)
  const names = providers.map(provider => provider.package.name)
  const shown = names.slice(0, 6).join(', ') + (names.length > 6 ? ' and others' : '')
  return {
    refused: `${name} is a virtual package; several provide it: ${shown}.`,
    todo: [`Name one of them instead of ${name}.`],
  }
}

const unknown = (name: string, index: PackagesIndex): Answer => {
  const nearest = nearestNames(name, index.names())
  return {
    refused: `There is no package ${name} in the suites and components that are used.`,
    todo: nearest.length === 0 ? [] : [`Instead of ${name}, did you mean ${nearest.join(' or ')}?`],
  }
}

const otherVersions = (word: string, name: string, all: readonly IndexedPackage[]): Answer => ({
  refused: `${word} is not there.`,
  todo: [
    `There is ${all
      .slice(0, 5)
      .map(({ version, origin }) => `${name}=${version} (${name}/${origin.suite})`)
      .join(', ')}.`,
  ],
})
