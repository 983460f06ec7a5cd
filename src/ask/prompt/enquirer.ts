// Its main module brings all eighteen prompts; these two weigh half of that.
import Input from 'enquirer/lib/prompts/input.js'
import Select from 'enquirer/lib/prompts/select.js'
import {
  deleteBefore,
  deleteUnder,
  deleteWord,
  moveLeft,
  moveRight,
  type Typed,
} from './editing.ts'
import type { Key } from './keys.ts'

/** What we use of an enquirer prompt; its own types have no prompt classes. */
export interface LivePrompt {
  input: string
  cursor: number
  index: number
  readonly initial: unknown
  readonly state: { readonly submitted: boolean; closed?: boolean }
  readonly run: () => Promise<string>
  readonly keypress: (text: string | undefined, key: Key) => Promise<void>
  readonly cancel: () => Promise<void>
  readonly emit: (event: string) => boolean
}

/** What enquirer leaves to us: the screen, the keyboard, and what a good answer is. */
export interface Hooks {
  readonly start: () => void
  readonly draw: () => void
  /** True for a text that is an answer. */
  readonly takes: (text: string) => boolean
}

/** A list to choose from. Gives the chosen name. */
export const selectPrompt = (
  { names, initial }: { readonly names: readonly string[]; readonly initial: number },
  hooks: Hooks,
): LivePrompt => {
  // As many rows as options, or enquirer turns the list itself round; the frame shows a part of it.
  const prompt = new Select({
    ...shared,
    choices: names.map(name => ({ name })),
    initial,
    rows: names.length,
    actions: SELECT_KEYS,
  })
  const goTo = (index: number): void => {
    prompt.index = Math.max(0, Math.min(names.length - 1, index))
    hooks.draw()
  }
  return Object.assign(prompt, ours(prompt, hooks), {
    // enquirer's own counts from 0.
    number: (digit: string) => {
      const index = Number(digit) - 1
      if (index >= 0 && index < names.length) goTo(index)
    },
    pageUp: () => goTo(0),
    pageDown: () => goTo(names.length - 1),
  })
}

/** A line to type in. Gives the text; the initial one when nothing was typed. */
export const inputPrompt = (
  { initial, typed }: { readonly initial: string; readonly typed: string },
  hooks: Hooks,
): LivePrompt => {
  const prompt = new Input({ ...shared, initial, actions: INPUT_KEYS })
  prompt.input = typed
  prompt.cursor = typed.length
  const edit = (change: (typed: Typed) => Typed) => () => {
    const { text, cursor } = change({ text: prompt.input, cursor: prompt.cursor })
    prompt.input = text
    prompt.cursor = cursor
    hooks.draw()
  }
  return Object.assign(prompt, ours(prompt, hooks), {
    delete: edit(deleteBefore),
    deleteForward: edit(deleteUnder),
    cutLeft: edit(deleteWord),
    left: edit(moveLeft),
    right: edit(moveRight),
    last: edit(({ text }) => ({ text, cursor: text.length })),
  })
}

const nothing = (): void => undefined

/** The cursor is ours, and enquirer's way to show it again ends the process on a signal. */
const shared = { name: 'answer', message: '', cursorHide: nothing, cursorShow: nothing }

const ours = (prompt: LivePrompt, { start, draw, takes }: Hooks): object => ({
  start,
  render: draw,
  alert: nothing,
  validate: takes,
  close: () => {
    prompt.state.closed = true
    prompt.emit('close')
  },
})

/** Names of enquirer's actions by key. Its own table has keys that add or remove options. */
const SELECT_KEYS = {
  ctrl: { n: 'down', p: 'up', j: 'submit', m: 'submit' },
  shift: { tab: 'up' },
  option: {},
  keys: {
    up: 'up',
    down: 'down',
    k: 'up',
    j: 'down',
    tab: 'down',
    home: 'pageUp',
    end: 'pageDown',
    pageup: 'pageUp',
    pagedown: 'pageDown',
    number: 'number',
    return: 'submit',
    enter: 'submit',
  },
}

const INPUT_KEYS = {
  ctrl: {
    a: 'first',
    b: 'left',
    d: 'deleteForward',
    e: 'last',
    f: 'right',
    h: 'delete',
    j: 'submit',
    k: 'cutForward',
    m: 'submit',
    u: 'reset',
    w: 'cutLeft',
    y: 'paste',
  },
  shift: {},
  option: {},
  keys: {
    backspace: 'delete',
    delete: 'deleteForward',
    left: 'left',
    right: 'right',
    home: 'first',
    end: 'last',
    tab: 'next',
    return: 'submit',
    enter: 'submit',
  },
}
