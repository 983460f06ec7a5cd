import { Back, Leave, type Asker } from '../asker.ts'

/** What a person can do after a failed step: a run's intents, and to make it in another way. */
export type AfterFailure = 'instead' | 'retry' | 'change' | 'stop'

/** The words of the list of choices. */
export interface AfterFailureWords {
  /** Of the step that failed. */
  readonly title: string
  /** Another way that may go well, as a choice reads; absent where there is none. */
  readonly instead?: { readonly label: string; readonly says: string }
}

/** Asks what to do after a failed step; its message and remedy are on the screen already. Esc and Ctrl-C leave. */
export const askAfterFailure = async (
  asker: Asker,
  { title, instead }: AfterFailureWords,
): Promise<AfterFailure> => {
  try {
    const chosen = await asker.choose({
      message: 'What now?',
      first: true,
      options: [
        ...(instead === undefined ? [] : [{ value: 'instead', ...instead }]),
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
