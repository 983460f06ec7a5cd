import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { OURS } from './lock.ts'
import type { ProjectState } from './project.ts'
import { readText } from '../../text/read-text.ts'

/**
 * Returns the names in a folder that has no state of ours, when a project may begin among them: those of a repository
 * that has only begun, the program that goes in, or all of a project that came here by git with these very answers,
 * where the state stays behind. Null when the folder is somebody's. Nothing that is there is written over.
 */
export const strangers = (
  directory: string,
  answers: ProjectState['answers'],
): readonly string[] | null => {
  const names = readdirSync(directory).filter(name => name !== OURS)
  const mayStay = (name: string): boolean =>
    BEGUN.test(name) ||
    ['program', 'keyring', 'locked'].some(answer => `./${name}` === answers[answer])
  return names.every(mayStay) || isSame(directory, answers) ? names : null
}

const BEGUN =
  /^(?:\.git|\.gitignore|\.gitattributes|\.github|\.editorconfig|\.idea|\.vscode|\.DS_Store|readme(?:\.\w+)?|(?:licen[cs]e|copying)(?:[.-]\w+)*)$/i

const isSame = (directory: string, answers: ProjectState['answers']): boolean => {
  try {
    const text = readText(join(directory, 'answers.json'), { most: 100_000 })
    const { $schema: _, ...saved } = JSON.parse(text ?? '{}') as Record<string, unknown>
    return Object.keys({ ...saved, ...answers }).every(name => saved[name] === answers[name])
  } catch {
    return false
  }
}
