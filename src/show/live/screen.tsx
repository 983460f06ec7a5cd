import { Box, Static, Text, useInput } from 'ink'
import type { ReactNode } from 'react'
import { NAMED } from './keys.ts'

export interface ScreenProps {
  /** Texts that stay, each drawn once; the list only grows. */
  readonly lasting: readonly string[]
  /** The lines in flight, no wider and no more of them than the window has room for. */
  readonly lines: readonly string[]
  /** Called with what was typed; absent when nothing can be typed. */
  readonly onInput?: (input: string, ctrl: boolean, key?: string) => void
}

/** What lasts scrolls away; what is in flight is drawn again and again below it. */
export const Screen = ({ lasting, lines, onInput }: ScreenProps): ReactNode => (
  <>
    <Static items={[...lasting]} style={{ width: UNBROKEN }}>
      {(text, index) => <Text key={index}>{text === '' ? ' ' : text}</Text>}
    </Static>
    <Box flexDirection="column">
      {lines.map((line, index) => (
        // Lines have no identity but their place.
        <Text key={index} wrap="truncate">
          {line === '' ? ' ' : line}
        </Text>
      ))}
    </Box>
    {onInput === undefined ? null : <Keyboard onInput={onInput} />}
  </>
)

/** Lasting lines are broken by the terminal and not by Ink, so that a command or a path can be copied whole. */
const UNBROKEN = 1000

const Keyboard = ({ onInput }: Required<Pick<ScreenProps, 'onInput'>>): ReactNode => {
  useInput((input, key) => {
    const name = Object.keys(NAMED).find(name => key[name as keyof typeof key])
    onInput(input, key.ctrl, ...(name === undefined ? [] : [name]))
  })
  return null
}
