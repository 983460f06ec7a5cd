import { Back, Leave, type Asker } from '../ask/asker.ts'
import type { Io } from '../terminal/io.ts'
import { counted } from '../text/units.ts'

/** Asks whether so many things should be removed. Esc and Ctrl-C say no. */
export const mayClean = async (io: Io, count: number): Promise<boolean> => {
  const asker = await askerFor(io)
  try {
    const chosen = await asker.choose({
      message: 'Remove all that?',
      first: true,
      options: [
        { value: 'yes', label: 'Remove', says: `${counted(count, 'thing')}.` },
        { value: 'no', label: 'Leave', says: 'Nothing is removed.' },
      ],
    })
    return chosen === 'yes'
  } catch (error) {
    if (error instanceof Back || error instanceof Leave) return false
    throw error
  }
}

const askerFor = async ({ terminal }: Io): Promise<Asker> => {
  const { stdin, stdout } = process
  if (terminal.plain) return (await import('../ask/plain.ts')).plainAsker({ stdin, stdout })
  const { promptAsker } = await import('../ask/prompt.ts')
  return promptAsker({ stdin, stdout, colour: terminal.colour, drawn: () => undefined })
}
