import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assetsFolder } from '../../assets.ts'
import type { Exercise } from './types.ts'

/** Returns all exercises in their order. */
export const readExercises = (): readonly Exercise[] => {
  const root = join(assetsFolder(), 'learn', 'exercises')
  return readdirSync(root)
    .sort()
    .map(folder => ({
      ...(JSON.parse(readFileSync(join(root, folder, 'exercise.json'), 'utf8')) as Exercise),
      files: join(root, folder, 'files'),
    }))
}
