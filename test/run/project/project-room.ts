import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { assetsFolder } from '../../../src/assets.ts'
import type { ProjectFile } from '../../../src/plan/craft-inputs.ts'
import { writeProject } from '../../../src/run/crafts/write-project.ts'
import { openProject, unlock, type Project } from '../../../src/run/project/project.ts'
import { newRunId } from '../../../src/run/process/run-id.ts'
import { craftContext } from '../crafts/craft-context.ts'

/** The part of a run's id that names this machine. */
export const host = newRunId().split('-')[0]!

/** A folder for each test. */
export let parent: string
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'project-'))))
afterEach(() => rmSync(parent, { recursive: true }))

export const answers = { version: 1, tag: 'hello' }

/** The files of a project. */
export const files = (text: string): ProjectFile[] => [
  { file: 'Dockerfile', text: 'FROM scratch\n' },
  { file: 'hello.c', text },
]

/** What writes into a project folder is given. */
export const contextOf = (project: Project) =>
  craftContext(project.directory, { project, assets: assetsFolder() })

/** Writes a project as a run does; returns what it says. */
export const write = async (project: Project, text: string): Promise<string> => {
  const context = contextOf(project)
  const { result = '' } = await writeProject({ files: files(text), shown: 'hello' }, context)
  unlock(project)
  return result
}

/** Makes a project folder, and returns its path. */
export const made = async (text = 'first'): Promise<string> => {
  const directory = join(parent, 'hello')
  await write(openProject(directory, answers, false), text)
  return directory
}
