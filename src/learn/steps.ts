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

/** A step's lesson as it is kept; `end` is what the end of a run says about it, where that is worth a line. */
type KeptLesson = StepLesson & { readonly end?: string }

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
  const all = readLessons()
  return id => {
    const lesson = keysOf(id, journey, words).map(key => all[key])
    const found = lesson.find(one => one !== undefined)
    if (found === undefined) return null
    const fill = filling(words)
    return {
      changes: fill(found.changes),
      look: fill(found.look),
      idea: fill(found.idea),
      try: fill(found.try),
    }
  }
}

/** Returns what the end of a run says once more of these steps, a sentence or two each. */
export const learntOf = (
  journey: 'minimal' | 'full',
  words: LessonWords,
  ids: readonly string[],
): string[] => {
  const all = readLessons()
  const ends = ids.map(id => keysOf(id, journey, words).map(key => all[key]?.end))
  return ends.flatMap(found => found.find(end => end !== undefined) ?? []).map(filling(words))
}

const readLessons = () =>
  JSON.parse(readAsset('learn/steps.json')) as Record<string, KeptLesson | undefined>

/** Where a step's lesson may stand, the most special first. */
const keysOf = (id: string, journey: string, { tool, client }: LessonWords): string[] => [
  `${tool}:${id}`,
  `${client}:${id}`,
  `${journey}:${id}`,
  id,
]

const filling =
  ({ client, image, folder, tool = '' }: LessonWords) =>
  (text: string): string =>
    text
      .replaceAll('{client}', client)
      .replaceAll('{image}', image)
      .replaceAll('{folder}', folder)
      .replaceAll('{tool}', tool)
