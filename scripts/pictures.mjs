// Records the shipped command in a pseudo-terminal and draws what a person sees, for README.md.
//
//   node scripts/pictures.mjs           writes docs/pictures/*.svg
//   node scripts/pictures.mjs --check   exit 1 when a picture shows something else than the command does now
//   node scripts/pictures.mjs 40x12 FOLDER   draws the same in a window of that size, into another folder, to look at
//
// The engine is the tests' stand-in, so that every machine shows the same; only times differ, and are not compared.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { essence } from './pictures/essence.mjs'
import { record } from './pictures/record.mjs'
import { svg } from './pictures/svg.mjs'

const [size, other] = process.argv.slice(2).filter(word => !word.startsWith('--'))
/** High enough for everything, where no size is named. */
const [columns, rows] = (size ?? '80x60').split('x').map(Number)
const FOLDER =
  other === undefined ? fileURLToPath(new URL('../docs/pictures/', import.meta.url)) : `${other}/`

const PICTURES = {
  review: {
    title: 'The review',
    says: 'All answers, what will run, how long it takes and how much it downloads, and the question whether to run it.',
  },
  live: {
    title: 'The live view',
    says: 'Finished steps with their results; the step in flight with a bar, its command and its last lines; the steps to come; and why this step is there.',
  },
  end: {
    title: 'The end',
    says: 'What the program in the image printed, the size of the image next to known ones, what to remember, and commands to type next.',
  },
  full: {
    title: 'The review of a full image',
    says: 'The answers for Debian bookworm, how it is made and how long that takes, and the question whether to run it.',
  },
  lesson: {
    title: 'A step of the lesson',
    says: 'Why the project files are written, what they changed in the folder, what to look at, the idea to take away, and something to try.',
  },
  tour: {
    title: 'A stop of the tour',
    says: 'Four programs, each alone in an empty image: three run, and the dynamic one fails with no such file or directory.',
  },
}

const main = async () => {
  const checking = process.argv.includes('--check')
  // A person's network is slow enough to see the bar move; a check has no time for that.
  const screens = await record(checking ? 5 : 25, { columns, rows })
  const drawn = Object.entries(PICTURES).flatMap(([name, words]) =>
    ['light', 'dark'].map(theme => ({
      file: `${FOLDER}${name}-${theme}.svg`,
      text: svg(screens[name], { theme, ...words }),
    })),
  )
  return checking ? check(drawn) : write(drawn)
}

const write = drawn => {
  mkdirSync(FOLDER, { recursive: true })
  for (const { file, text } of drawn) {
    writeFileSync(file, text)
    console.log(`${file.slice(FOLDER.length)}  ${(text.length / 1000).toFixed(1)} kB`)
  }
  return 0
}

const check = drawn => {
  const stale = drawn.filter(({ file, text }) => essence(readOr(file, '')) !== essence(text))
  for (const { file, text } of stale) console.log(difference(file, text))
  console.log(stale.length === 0 ? 'The pictures show what the command does.' : REMEDY)
  return stale.length === 0 ? 0 : 1
}

const REMEDY = 'Draw them anew: node scripts/pictures.mjs'

const difference = (file, text) => {
  const [old, now] = [readOr(file, ''), text].map(each => essence(each).split('\n'))
  const line = now.findIndex((each, i) => each !== old[i])
  return `${file.slice(FOLDER.length)} is not current:\n  it has ${old[line] ?? ''}\n  now    ${now[line] ?? ''}`
}

const readOr = (file, otherwise) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}

process.exitCode = await main()
