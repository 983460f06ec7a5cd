import { readAsset } from '../assets.ts'

/** What is to be learnt of a step, besides its reason. */
export interface StepLesson {
  /** What the step will change, said before it. */
  readonly changes: string
  /** What to look at. */
  readonly look: string
  /** One idea to take away. */
  readonly idea: string
  /** One small thing to try now. */
  readonly try: string
}

/** The words that a lesson names the person's own things by. */
export interface LessonWords {
  /** The engine's client: docker or podman. */
  readonly client: string
  readonly image: string
  readonly folder: string
  /** The tool that makes a full image's root filesystem: debootstrap, dnf, … */
  readonly tool?: string
}

/** Finds the lesson of a step by its id, filled in; null for a step that has none. */
export type LessonOf = (id: string) => StepLesson | null

/** Returns the lessons of a journey's steps; a step that a tool or an engine does in its own way has one for that. */
export const stepLessons = (journey: 'minimal' | 'full', words: LessonWords): LessonOf => {
  const all = JSON.parse(readAsset('learn/steps.json')) as Record<string, StepLesson>
  return id => {
    const lesson =
      all[`${words.tool}:${id}`] ??
      all[`${words.client}:${id}`] ??
      all[`${journey}:${id}`] ??
      all[id]
    return lesson === undefined ? null : filled(lesson, words)
  }
}

const filled = (lesson: StepLesson, { client, image, folder }: LessonWords): StepLesson => {
  const fill = (text: string): string =>
    text.replaceAll('{client}', client).replaceAll('{image}', image).replaceAll('{folder}', folder)
  return {
    changes: fill(lesson.changes),
    look: fill(lesson.look),
    idea: fill(lesson.idea),
    try: fill(lesson.try),
  }
}
