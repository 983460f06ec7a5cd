import { FailedError } from '../../errors.ts'
import { cannotWrite } from './cannot-write.ts'
import { CraftError } from './craft-error.ts'

/** Returns the error of a file system as one that a command ends with in our words; any other error as it is. */
export const unwritten = (path: string, error: unknown): unknown => {
  const told = cannotWrite(path, error)
  return told instanceof CraftError ? new FailedError(told.message, told.todo) : told
}
