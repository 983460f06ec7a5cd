import { Back, Leave, type Asker } from '../asker.ts'

/** What a person can do after a failed step; the same words as a run's intents. */
export type AfterFailure = 'retry' | 'change' | 'stop'

/** Asks what to do after a failed step; its message and remedy stand on the screen already. Esc and Ctrl-C leave. */
export const askAfterFailure = async (
  asker: Asker,
  { title }: { readonly title: string },
): Promise<AfterFailure> => {
  try {
    const chosen = await asker.choose({
      message: 'What now?',
      first: true,
      options: [
        {
          value: 'retry',
          label: 'Try again from that step',
          says: `Once more: ${title}. What is done stays done.`,
        },
        { value: 'change', label: 'Change an answer', says: 'Back to the questions.' },
        { value: 'stop', label: 'Leave', says: 'The log stays where it is.' },
      ],
    })
    return chosen as AfterFailure
  } catch (error) {
    if (error instanceof Back || error instanceof Leave) return 'stop'
    throw error
  }
}
