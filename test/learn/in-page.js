// What a browser shows of a page. This runs in the page, where `look` holds these functions; each returns what is wrong,
// in words, so that a failed test says it.

const words = /[\p{L}\p{N}.]+/gu

const texts = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (walker.nextNode())
    if (walker.currentNode.data.trim() !== '') found.push(walker.currentNode)
  return found
}

const rangeOf = (node, from = 0, to = node.data.length) => {
  const range = document.createRange()
  range.setStart(node, from)
  range.setEnd(node, to)
  return range
}

const short = node => (node.data ?? node.outerHTML).trim().slice(0, 40)

const ancestors = node => {
  const found = []
  for (let one = node.parentElement; one !== null; one = one.parentElement) found.push(one)
  return found
}

const scrolls = element => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)

/** Text that is outside the window, or outside a box that does not scroll to it. */
const cut = () => {
  const page = document.documentElement
  const wrong = page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth} wide`] : []
  for (const node of texts()) {
    const { left, right, width, height } = rangeOf(node).getBoundingClientRect()
    if (width === 0 || height === 0) wrong.push(`not shown: ${short(node)}`)
    const box = ancestors(node).find(element => getComputedStyle(element).overflowX !== 'visible')
    if (box !== undefined && scrolls(box)) continue
    const bounds = box?.getBoundingClientRect() ?? { left: 0, right: page.clientWidth }
    if (left < bounds.left - 0.5 || right > bounds.right + 0.5) wrong.push(`cut: ${short(node)}`)
  }
  return wrong
}

/** Boxes with more in them than is seen at once, from side to side. */
const scrolling = () =>
  [...document.querySelectorAll('body *')]
    .filter(element => element.scrollWidth > element.clientWidth && scrolls(element))
    .map(short)

/** Lines of text as they are seen: less what a scrolling box hides, and without the room above and below letters. */
const lines = () =>
  texts().flatMap(node => {
    const box = ancestors(node).find(scrolls)?.getBoundingClientRect()
    return [...rangeOf(node).getClientRects()].map(({ left, right, top, bottom }) => ({
      node,
      left: Math.max(left, box?.left ?? left),
      right: Math.min(right, box?.right ?? right),
      top: top + (bottom - top) / 4,
      bottom: bottom - (bottom - top) / 4,
    }))
  })

const meet = (one, other) =>
  one.left < other.right - 1 &&
  other.left < one.right - 1 &&
  one.top < other.bottom &&
  other.top < one.bottom

/** Boxes with a colour of their own, which hide what they lie on. */
const boxes = () =>
  [...document.querySelectorAll('main *')]
    .filter(element => rgba(getComputedStyle(element).backgroundColor).alpha > 0)
    .map(node => {
      const { left, right, top, bottom } = node.getBoundingClientRect()
      return { node, left, right, top, bottom }
    })

/** Texts that lie on one another, or on a box that they are not in. */
const overlapping = () => {
  const shown = lines()
  const filled = boxes()
  return shown.flatMap((one, i) =>
    [...shown.slice(i + 1), ...filled]
      .filter(({ node }) => !node.contains(one.node))
      .filter(other => meet(one, other))
      .map(({ node }) => `${short(one.node)} lies on ${short(node)}`),
  )
}

/** Words that are broken though a line has room for them: what is between spaces fits in half of the page. */
const broken = () => {
  const room = document.querySelector('main').clientWidth / 2
  return texts().flatMap(node =>
    [...node.data.matchAll(/\S+/g)].flatMap(({ 0: token, index }) => {
      const parts = [...rangeOf(node, index, index + token.length).getClientRects()]
      if (parts.length < 2 || parts.reduce((sum, { width }) => sum + width, 0) > room) return []
      return [...token.matchAll(words)]
        .filter(({ 0: word, index: at }) => {
          const tops = [
            ...rangeOf(node, index + at, index + at + word.length).getClientRects(),
          ].map(({ top }) => top)
          return new Set(tops).size > 1
        })
        .map(({ 0: word }) => `${word}, in ${short(node)}`)
    }),
  )
}

/** What belongs together and takes more than one line: a time, a day. */
const parted = () =>
  [...document.querySelectorAll('h3 span, time')]
    .filter(
      element =>
        element.getClientRects().length > 1 ||
        rangeOf(element.firstChild).getClientRects().length > 1,
    )
    .map(short)

const rgba = colour => {
  const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number)
  return { parts: [red, green, blue], alpha }
}

/** Relative luminance, as WCAG 2 defines it. */
const luminance = colour => {
  const [red, green, blue] = rgba(colour)
    .parts.map(part => part / 255)
    .map(part => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (one, other) => {
  const [high, low] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

/** The colour behind an element: its own or an ancestor's. */
const groundOf = element => {
  for (let one = element; one !== null; one = one.parentElement) {
    const { backgroundColor } = getComputedStyle(one)
    if (rgba(backgroundColor).alpha === 1) return backgroundColor
  }
  throw new Error('The page has no colour of its own.')
}

const leastFor = ({ fontSize, fontWeight }) => {
  const size = Number.parseFloat(fontSize)
  return size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5
}

/** Texts and bars that are too faint on what is behind them: WCAG 2, 1.4.3 and 1.4.11. */
const faint = () => [
  ...texts().flatMap(node => {
    const style = getComputedStyle(node.parentElement)
    const found = contrast(style.color, groundOf(node.parentElement))
    const seen = rgba(style.color).alpha === 1 && style.opacity === '1'
    return seen && found >= leastFor(style) ? [] : [`${found.toFixed(2)}: ${short(node)}`]
  }),
  ...[...document.querySelectorAll('.bar')].flatMap(bar => {
    const found = contrast(groundOf(bar), groundOf(bar.parentElement))
    return found >= 3 ? [] : [`${found.toFixed(2)}: ${short(bar)}`]
  }),
]

/** The luminances of the grounds that texts lie on, the darkest and the lightest. */
const grounds = () => {
  const found = texts().map(node => luminance(groundOf(node.parentElement)))
  return [Math.min(...found), Math.max(...found)]
}

/** Everything that a key can do something with, in the order in which it is read. */
const stops = () => {
  const top = element => element.getBoundingClientRect().top
  return [
    ...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]'),
  ].toSorted((a, b) => top(a) - top(b))
}

/** Which of the stops has the focus, or -1, and what is wrong with how that is seen. */
const focus = () => {
  const one = document.activeElement
  const at = stops().indexOf(one)
  if (at === -1) return { at, wrong: [] }
  const { outlineStyle, outlineWidth, outlineColor, outlineOffset } = getComputedStyle(one)
  const { left, right, top, bottom } = one.getBoundingClientRect()
  const reach = Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset)
  const wrong = []
  if (outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 2) wrong.push('no outline')
  if (contrast(outlineColor, groundOf(one.parentElement)) < 3) wrong.push('a faint outline')
  if (left < reach || right + reach > document.documentElement.clientWidth)
    wrong.push('a cut outline')
  if (bottom < 0 || top > innerHeight) wrong.push('out of sight')
  return { at, wrong: wrong.map(what => `${what}: ${short(one)}`) }
}

/** How the page is told to who does not see it. */
const outline = () => ({
  title: document.title,
  lang: document.documentElement.lang,
  levels: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(({ tagName }) =>
    Number(tagName[1]),
  ),
  mains: document.querySelectorAll('main').length,
  outside: texts()
    .filter(node => node.parentElement.closest('main') === null)
    .map(short),
  folded: [...document.querySelectorAll('details, [hidden], dialog')].map(short),
})

globalThis.look = {
  cut,
  scrolling,
  overlapping,
  broken,
  parted,
  faint,
  grounds,
  stops,
  focus,
  outline,
}
