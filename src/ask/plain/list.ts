import { letterOf, type ChoosePrompt, type Option } from '../asker.ts'
import { narrowed } from '../prompt/filter.ts'

/** The options that were read out last, by their numbers. */
export interface PlainList {
  readonly options: readonly Option[]
  /** The index of the one that Enter takes; -1 when there is none. */
  readonly enter: number
}

/** The options of a question as it is asked. */
export const wholeList = (prompt: ChoosePrompt): PlainList => {
  const options = prompt.options.filter(({ rare }) => !rare)
  return {
    options,
    enter: Math.max(
      0,
      options.findIndex(({ value }) => value === prompt.initial),
    ),
  }
}

/** The options as numbered lines. */
export const numbered = ({ options }: PlainList): string[] =>
  options.map(({ label, says, beside = '', brief }, i) => {
    const cells = brief === undefined ? [] : beside.split(/ {2,}/).filter(cell => /\w/.test(cell))
    const words = [label, ...cells].join(', ')
    return `  ${i + 1}. ${words}${says === undefined ? '' : `${/[?…]$/.test(label) ? '' : '.'} ${says}`}`
  })

/** What can be typed now. */
export const howToChoose = ({ options, enter }: PlainList, { filter }: ChoosePrompt): string => {
  if (!filter) return `Type a number or press Enter for ${enter + 1}`
  const only = options.length === 1 ? options[enter] : undefined
  if (only !== undefined) return `${only.label}: press Enter to take it, or type something else`
  const name = 'Type a number or part of a name'
  return enter < 0 ? name : `${name}, or press Enter for ${enter + 1}`
}

/** The value that a typed text names; null when it names none. With a filter, letters only narrow. */
export const chosenBy = (text: string, list: PlainList, prompt: ChoosePrompt): string | null => {
  const number = text === '' ? list.enter + 1 : Number(text)
  const byLabel = prompt.options.find(
    option =>
      !prompt.filter &&
      text !== '' &&
      [option.label, option.value, letterOf(option)].includes(text),
  )
  return (byLabel ?? list.options[number - 1])?.value ?? null
}

/** The list that a text leaves of a question's options, and what is said of it. One match is named when Enter is asked for. */
export const narrowedList = (
  text: string,
  list: PlainList,
  prompt: ChoosePrompt,
): { readonly list: PlainList; readonly lines: readonly string[] } => {
  if (/^(all)?$/i.test(text)) return { list: wholeList(prompt), lines: numbered(wholeList(prompt)) }
  const { shown, found, best } = narrowed(prompt.options, text)
  const pointed = prompt.options[best ?? 0]
  if (found === 1 && pointed !== undefined)
    return { list: { options: [pointed], enter: 0 }, lines: [] }
  const none = `Nothing matches "${text}".`
  const options = prompt.options.filter((_, i) => shown[i])
  if (options.length === 0) return { list, lines: [none] }
  const next = { options, enter: options.findIndex(option => option === pointed) }
  return {
    list: next,
    lines: [found === 0 ? none : `${found} match "${text}":`, ...numbered(next)],
  }
}
