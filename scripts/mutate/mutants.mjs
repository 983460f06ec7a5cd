// What a mutation run changes in a source, and what tells which of its functions a test went through.
import { parseSync } from 'oxc-parser'
import { OPERATORS } from './operators.mjs'

/**
 * Every change of a source: `operator`, `line`, `start` and `end` of what gives way to `text`, and `within`, the number
 * of the innermost function around it, or null at the top of the file. Throws when the source can't be parsed.
 */
export const mutantsOf = (file, source) => {
  const found = []
  const functions = []
  visit(parse(file, source), null, null, (node, parent, within) => {
    if (isFunction(node)) functions.push(node)
    for (const [operator, change] of Object.entries(OPERATORS))
      for (const [from, to] of change(node, parent, source))
        found.push({
          file,
          operator,
          line: source.slice(0, from.start).split('\n').length,
          start: from.start,
          end: from.end,
          text: to,
          within: within === null ? null : functions.indexOf(within),
        })
  })
  return found
}

/** The source with a change made. */
export const mutated = (source, { start, end, text }) =>
  source.slice(0, start) + text + source.slice(end)

/** Stands for what lies outside all functions. */
export const TOP = 'top'

/**
 * The source in which each function notes `FILE#NUMBER` in the set `mutateHits` whenever it begins, and the file itself
 * `FILE#top` when it is loaded.
 */
export const watched = (file, source) => {
  const insertions = [[0, `${noteOf(file, TOP)};`]]
  let number = 0
  visit(parse(file, source), null, null, node => {
    if (!isFunction(node)) return
    const note = noteOf(file, number)
    number += 1
    if (node.body.type === 'BlockStatement') insertions.push([node.body.start + 1, `${note};`])
    else insertions.push([node.body.start, `(${note}, `], [node.body.end, ')'])
  })
  return insertions
    .toSorted(([a], [b]) => b - a)
    .reduce((text, [at, more]) => text.slice(0, at) + more + text.slice(at), source)
}

const noteOf = (file, place) =>
  `(globalThis.mutateHits ??= new Set()).add(${JSON.stringify(`${file}#${place}`)})`

/** The relative paths that a source imports, at its start or while it runs; types are none. */
export const importsOf = (file, source) => {
  const { module } = parseSync(file, source)
  const fixed = [...module.staticImports, ...module.staticExports]
    .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
    .map(({ moduleRequest, entries }) => (moduleRequest ?? entries[0]?.moduleRequest)?.value)
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
    source.slice(start + 1, end - 1),
  )
  return [...fixed, ...dynamic].filter(path => path?.startsWith('.'))
}

const parse = (file, source) => {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`)
  return program
}

const isFunction = ({ type, body }) =>
  ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(type) &&
  body !== null

/** What types need is gone when a program runs. */
const SKIPPED = new Set([
  'typeAnnotation',
  'returnType',
  'typeParameters',
  'typeArguments',
  'parent',
])
const OF_VALUES = /^TS(?:As|NonNull|Satisfies)Expression$/

const visit = (node, parent, within, look) => {
  if (/^(?:Import|ExportAll)Declaration$/.test(node.type)) return
  if (node.type.startsWith('TS') && !OF_VALUES.test(node.type)) return
  look(node, parent, within)
  const inside = isFunction(node) ? node : within
  for (const [key, value] of Object.entries(node)) {
    if (SKIPPED.has(key)) continue
    for (const one of Array.isArray(value) ? value : [value])
      if (typeof one?.type === 'string') visit(one, node, inside, look)
  }
}
