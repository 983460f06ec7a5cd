import { createHash } from 'node:crypto'
import type { StageRequest } from './stage-tar.ts'

/** Grows when the same packages would give other bytes than before. */
const FORM = 2

/** Returns the key of a first stage: what decides its bytes, and nothing else. */
export const stageKey = ({
  packages,
  files,
  isMerged,
  epoch,
}: Pick<StageRequest, 'packages' | 'files' | 'isMerged' | 'epoch'>): string => {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([FORM, isMerged, epoch]))
  for (const { sha256, priority, section } of packages) {
    hash.update(JSON.stringify([sha256, priority, section]))
  }
  for (const { path, mode, bytes } of files) {
    hash.update(JSON.stringify([path, mode, bytes.length])).update(bytes)
  }
  return hash.digest('hex')
}
