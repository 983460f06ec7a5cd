// The changes that a mutation run makes: each takes a node, its parent and the source, and gives what gives way to what.
const part = (source, { start, end }) => source.slice(start, end)

const SWAPS = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&&': '||',
  '||': '&&',
}

const METHODS = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  min: 'max',
  max: 'min',
  find: 'findLast',
  findLast: 'find',
}

/** The name of each operator, with its changes; docs/mutation.md says them in words. */
export const OPERATORS = {
  condition: (node, _parent, source) => {
    const { test } = node
    if (test === undefined || test === null || isEquality(test)) return []
    return [[test, `!(${part(source, test)})`]]
  },
  comparison: (node, _parent, source) =>
    node.type === 'BinaryExpression' && /^(?:[<>]=?|[!=]==)$/.test(node.operator)
      ? swapped(node, source)
      : [],
  arithmetic: (node, _parent, source) =>
    node.type === 'BinaryExpression' && /^[-+*/%]$/.test(node.operator) && !isText(node)
      ? swapped(node, source)
      : [],
  logic: (node, _parent, source) => {
    if (node.type !== 'LogicalExpression') return []
    return node.operator === '??' ? [[node, `(${part(source, node.left)})`]] : swapped(node, source)
  },
  statement: node =>
    (node.type === 'ExpressionStatement' && !node.directive) || node.type === 'ThrowStatement'
      ? [[node, ';']]
      : [],
  // The linter refuses a promise that nobody waits for.
  await: (node, parent, source) =>
    node.type === 'AwaitExpression' && parent.type !== 'ExpressionStatement'
      ? [[node, `(${part(source, node.argument)})`]]
      : [],
  boolean: node =>
    node.type === 'Literal' && typeof node.value === 'boolean' ? [[node, String(!node.value)]] : [],
  number: node =>
    node.type === 'Literal' && typeof node.value === 'number'
      ? [[node, String(node.value === 0 ? 1 : node.value + 1)]]
      : [],
  text: (node, parent) => {
    const isWord = node.type === 'Literal' && typeof node.value === 'string'
    if (!isWord || !isArgument(node, parent) || isProse(node.value)) return []
    return [[node, node.value === '' ? "'mutant'" : "''"]]
  },
  element: node =>
    node.type === 'ArrayExpression'
      ? node.elements.flatMap((one, index) => (one === null ? [] : [[withComma(node, index), '']]))
      : [],
  option: (node, parent) =>
    node.type === 'ObjectExpression' && isArgument(node, parent)
      ? node.properties.map((_, index) => [withComma(node, index), ''])
      : [],
  method: node => {
    const { callee } = node
    if (node.type !== 'CallExpression' || callee.type !== 'MemberExpression') return []
    const { name } = callee.property
    return Object.hasOwn(METHODS, name) ? [[callee.property, METHODS[name]]] : []
  },
  anchor: node => {
    const pattern = node.type === 'Literal' ? node.regex?.pattern : undefined
    if (pattern === undefined || pattern.length === 1) return []
    const first = { start: node.start + 1, end: node.start + 2 }
    const end = node.start + 1 + pattern.length
    return [
      ...(pattern.startsWith('^') ? [[first, '']] : []),
      ...(/(?<!\\)\$$/.test(pattern) ? [[{ start: end - 1, end }, '']] : []),
    ]
  },
}

const swapped = ({ left, right, operator }, source) => {
  const at = source.indexOf(operator, left.end)
  return at < 0 || at >= right.start
    ? []
    : [[{ start: at, end: at + operator.length }, SWAPS[operator]]]
}

const isEquality = ({ type, operator }) => type === 'BinaryExpression' && /^[!=]==$/.test(operator)

/** Texts are put together by +, and have no other sign. */
const isText = ({ operator, left, right }) =>
  operator === '+' &&
  [left, right].some(
    ({ type, value }) =>
      type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string'),
  )

const isArgument = (node, parent) =>
  parent?.type === 'ArrayExpression' ||
  (parent?.type === 'CallExpression' && parent.arguments.includes(node))

/** A sentence for a person: a test that pins each of its words would be of no use. */
const isProse = text => text.split(' ').length > 3

/** A member of a list with the comma after it, or the one before it when it is the last. */
const withComma = ({ elements, properties, start, end }, index) => {
  const all = elements ?? properties
  if (all.length === 1) return { start: start + 1, end: end - 1 }
  const [one, next, before] = [all[index], all[index + 1], all[index - 1]]
  if (next) return { start: one.start, end: next.start }
  return { start: before ? before.end : one.start, end: one.end }
}
