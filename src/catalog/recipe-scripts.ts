import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { assetsFolder, INCLUDE } from '../assets.ts'
import { nearest } from '../text/nearest.ts'
import { readText } from '../text/read-text.ts'
import { entryAt } from '../text/there.ts'
import { DISTRO_FILE, SCRIPT_NAMES } from './read-distribution.ts'

/**
 * Returns what is wrong with the scripts of a recipe folder, a line each: texts of ours that they bring in and that are
 * not there, line ends that no shell reads, and nothing to run. Scripts that are missing are not wrong.
 */
export const wrongInScripts = (folder: string): string[] =>
  SCRIPT_NAMES.filter(name => entryAt(join(folder, name)) !== undefined).flatMap(name => {
    const text = readText(join(folder, name), { most: Infinity }) ?? ''
    if (text.includes('\r\n'))
      return [`${name} has the line ends of Windows, which a shell can't read`]
    if (!/^\s*[^#\s]/m.test(text)) return [`${name} has no commands`]
    return text.split('\n').flatMap((line, i) => {
      const fault = wrongInLine(line)
      return fault === null ? [] : [`${name}, line ${i + 1}: ${fault}`]
    })
  })

/** Returns what a person may have meant to be used, a line each: scripts by other names than those that are looked for. */
export const unusedScripts = (folder: string): string[] => {
  const there = readdirSync(folder)
  return there
    .filter(name => !KNOWN.includes(name))
    .flatMap(name => {
      const meant = meantBy(name)
      if (meant !== null && !there.includes(meant))
        return [`Nothing uses ${name}: is it meant to be ${meant}?`]
      return name.endsWith('.sh')
        ? [`Nothing uses ${name}: the scripts of a recipe are ${SCRIPT_NAMES.join(', ')}.`]
        : []
    })
}

/** Returns the file that a folder has in place of its distro.json, by a name that is near; null where none is. */
export const likeDistroFile = (folder: string): string | null =>
  readdirSync(folder).find(name => meantBy(name) === DISTRO_FILE) ?? null

const KNOWN: readonly string[] = [DISTRO_FILE, ...SCRIPT_NAMES]

const meantBy = (name: string): string | null =>
  nearest(name.toLowerCase(), KNOWN) ?? KNOWN.find(known => known.startsWith(`${name}.`)) ?? null

/** What looks like a line that brings a text in, and is none or names none. */
const wrongInLine = (line: string): string | null => {
  if (!/^\s*\{\{\s*>/.test(line)) return null
  const [, named] = new RegExp(INCLUDE.source).exec(line) ?? []
  const texts = ourTexts()
  if (named === undefined)
    return `a text is brought in by a line that has no more than {{> ${texts[0]}}}`
  if (texts.includes(named)) return null
  const near = nearest(named, texts) ?? texts.find(text => text.endsWith(`/${named}`))
  const advice = near === undefined ? `there are ${texts.join(', ')}` : `did you mean ${near}?`
  return `{{> ${named}}} names no text of ours; ${advice}`
}

/** What scripts share, as it is brought in: below the folder of assets, with slashes on every system. */
const ourTexts = (): string[] =>
  readdirSync(join(assetsFolder(), SHARED))
    .filter(name => !(SCRIPT_NAMES as readonly string[]).includes(name))
    .map(name => `${SHARED}/${name}`)

const SHARED = 'families/shared'
