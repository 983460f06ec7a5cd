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
import type { Narrowed } from './filter.ts'
import type { Key } from './keys.ts'
import { harmless } from './text.ts'

/** What we use of an enquirer prompt; its own types have no prompt classes. */
export interface LivePrompt {
  input: string
  cursor: number
  index: number
  /** True when Esc clears the typed text first, and only then leads back. */
  readonly filters?: boolean
  readonly choices: readonly { hidden?: boolean }[]
  readonly initial: unknown
  readonly state: { readonly submitted: boolean; closed?: boolean }
  readonly run: () => Promise<string>
  readonly keypress: (text: string | undefined, key: Key) => Promise<void>
  readonly cancel: () => Promise<void>
  readonly submit: () => Promise<void>
  readonly up: () => void
  readonly down: () => void
  readonly emit: (event: string) => boolean
}

/** What enquirer leaves to us: the screen, the keyboard, and what a good answer is. */
export interface Hooks {
  readonly start: () => void
  readonly draw: () => void
  /** True for a text that is an answer. */
  readonly takes: (text: string) => boolean
}

/** The names to choose from, and the index of the one that Enter takes at first. */
export interface List {
  readonly names: readonly string[]
  /** For each of them, whether only typing brings it up. */
  readonly hidden: readonly boolean[]
  readonly initial: number
  /** For each of them, the letter that answers with it at once; empty for none. */
  readonly letters?: readonly string[]
  /** How many of the last names, hidden ones, the digits answer with at once; 0 when digits only move. */
  readonly digits?: number
}

/** A list to choose from. Returns the chosen name. */
export const selectPrompt = (list: List, hooks: Hooks): LivePrompt => {
  const prompt = listOf(list, SELECT_KEYS, hooks)
  return Object.assign(prompt, {
    // enquirer's own counts from 0.
    number: (digit: string) => {
      const { digits = 0, names } = list
      const index = Number(digit) - 1
      if (index < 0 || index >= (digits || names.length)) return undefined
      prompt.index = digits === 0 ? index : names.length - digits + index
      if (digits > 0) return prompt.submit()
      hooks.draw()
      return undefined
    },
    dispatch: (text: string | undefined, { ctrl, meta }: Key) => {
      const index = list.letters?.indexOf(text?.toLowerCase() ?? '') ?? -1
      if (index < 0 || !text || ctrl || meta) return undefined
      prompt.index = index
      return prompt.submit()
    },
  })
}

/** A list that typing narrows: `narrow` says what a text leaves of it. Returns the chosen name. */
export const filterPrompt = (
  list: List,
  narrow: (text: string) => Narrowed,
  hooks: Hooks,
): LivePrompt => {
  const prompt = listOf(list, FILTER_KEYS, hooks)
  const type = (text: string): void => {
    const { shown, best } = narrow(text)
    prompt.input = text
    prompt.choices.forEach((choice, i) => (choice.hidden = !shown[i]))
    // Without a text the pointed one stays, unless it is not there then.
    prompt.index = best ?? (shown[prompt.index] ? prompt.index : list.initial)
    hooks.draw()
  }
  const edit = (change: (typed: Typed) => Typed) => () =>
    type(change({ text: prompt.input, cursor: prompt.input.length }).text)
  return Object.assign(prompt, {
    filters: true,
    // enquirer takes a hidden option too when the keys have led there.
    validate: () => !prompt.choices[prompt.index]?.hidden,
    dispatch: (text: string | undefined, { ctrl, meta }: Key) => {
      if (text && !ctrl && !meta && harmless(text) === text) type(prompt.input + text)
    },
    delete: edit(deleteBefore),
    cutLeft: edit(deleteWord),
    erase: () => type(''),
  })
}

/** A line to type in: what an empty one means, what is in it, and what Tab makes of a text. */
export interface Line {
  readonly initial: string
  readonly typed: string
  readonly completed: (text: string) => string
}

/** A line to type in. Returns the text; the initial one when nothing was typed. */
export const inputPrompt = ({ initial, typed, completed }: Line, hooks: Hooks): LivePrompt => {
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
    next: edit(({ text }) => {
      const next = text === '' && initial !== '' ? initial : completed(text)
      return { text: next, cursor: next.length }
    }),
    last: edit(({ text }) => ({ text, cursor: text.length })),
  })
}

const listOf = ({ names, hidden, initial }: List, actions: object, hooks: Hooks): LivePrompt => {
  const prompt = new Select({
    ...shared,
    choices: names.map((name, i) => ({ name, hidden: hidden[i] })),
    initial,
    // As many rows as options, or enquirer turns the list itself round; the frame shows a part of it.
    rows: names.length,
    actions,
  })
  return Object.assign(prompt, ours(prompt, hooks), {
    // Once round from the other end, past what is hidden.
    pageUp: () => {
      prompt.index = names.length - 1
      prompt.down()
    },
    pageDown: () => {
      prompt.index = 0
      prompt.up()
    },
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

const LIST_KEYS = {
  up: 'up',
  down: 'down',
  tab: 'down',
  home: 'pageUp',
  end: 'pageDown',
  pageup: 'pageUp',
  pagedown: 'pageDown',
  return: 'submit',
  enter: 'submit',
}

/** Names of enquirer's actions by key. Its own table has keys that add or remove options. */
const SELECT_KEYS = {
  ctrl: { n: 'down', p: 'up', j: 'submit', m: 'submit' },
  shift: { tab: 'up' },
  option: {},
  keys: { ...LIST_KEYS, k: 'up', j: 'down', number: 'number' },
}

const FILTER_KEYS = {
  ...SELECT_KEYS,
  ctrl: { ...SELECT_KEYS.ctrl, h: 'delete', u: 'erase', w: 'cutLeft' },
  keys: { ...LIST_KEYS, backspace: 'delete', escape: 'erase' },
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
