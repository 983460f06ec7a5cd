import { MachineError } from '../errors.ts'
import { cannotWrite } from '../run/crafts/cannot-write.ts'
import { CraftError } from '../run/crafts/craft-error.ts'

/** Returns what throws an error of the file system as MachineError with the way on, and any other as it is. */
export const unwritable =
  (path: string) =>
  (error: unknown): never => {
    const told = cannotWrite(path, error)
    throw told instanceof CraftError ? new MachineError(told.message, told.todo) : told
  }
