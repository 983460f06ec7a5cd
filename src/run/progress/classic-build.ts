import { lineFormatReader } from './assembly.ts'
import { withoutBuilderNote } from './builder-note.ts'
import { layerBook } from './layers.ts'
import type { LayerBook } from './layers.ts'
import type { Progress, Reader } from './reader.ts'
import { parseSize } from '../../text/parse-size.ts'

interface Build {
  /** Bytes of the build context sent, or null. */
  context: number | null
  stage: number
  stages: number
  step: number
  steps: number
  /** Steps of the stages before this one. */
  before: number
  instruction: string
  layers: LayerBook
  complete: boolean
}

const CONTEXT = /^Sending build context to Docker daemon +(\S+)$/
/** `Step 2/7 : RUN …`; Podman: `[1/2] STEP 2/4: RUN …`. */
const STEP = /^(?:\[(\d{1,4})\/(\d{1,4})\] )?(?:Step|STEP) (\d{1,4})\/(\d{1,4}) ?: ?(.*)$/
const LAYER = /^([0-9a-f]{12}): (.+)$/
const BUILT = /^Successfully built [0-9a-f]{12}$|^(?:sha256:)?[0-9a-f]{64}$/

/** Reads `docker build` by the classic builder, and Podman's: steps, bytes of the build context, layers pulled. */
export const classicBuildReader = (): Reader => {
  const build: Build = {
    context: null,
    stage: 1,
    stages: 1,
    step: 0,
    steps: 0,
    before: 0,
    instruction: '',
    layers: layerBook(),
    complete: false,
  }
  const isWords = withoutBuilderNote()
  return lineFormatReader({
    line: (text, source) => {
      if (source === 'stderr') return isWords(text) ? [text] : []
      noteLine(build, text)
      return [text]
    },
    version: text => {
      noteContext(build, text)
      return []
    },
    progress: () => buildProgress(build),
  })
}

const noteLine = (build: Build, text: string): void => {
  noteContext(build, text)
  noteStep(build, text)
  const [, id, state] = LAYER.exec(text) ?? []
  if (id !== undefined && state !== undefined) build.layers.note(id, state)
  // A program in a RUN step may print the like; only after the last step it is the builder.
  if (BUILT.test(text) && build.step === build.steps && build.stage === build.stages)
    build.complete = true
}

const noteContext = (build: Build, text: string): void => {
  const bytes = parseSize(CONTEXT.exec(text)?.[1] ?? '')
  if (bytes !== null && build.step === 0) build.context = bytes
}

const noteStep = (build: Build, text: string): void => {
  const [, stage = '1', stages = '1', step, steps, instruction] = STEP.exec(text) ?? []
  if (step === undefined || instruction === undefined) return
  const next = { stage: +stage, stages: +stages, step: +step, steps: Number(steps) }
  if (!follows(build, next)) return
  if (next.stage > build.stage) build.before += build.steps
  Object.assign(build, next, { instruction, layers: layerBook() })
}

/** Whether a step comes right after the one before, as the builder's do; a program's output rarely does. */
const follows = (
  build: Build,
  next: Pick<Build, 'stage' | 'stages' | 'step' | 'steps'>,
): boolean => {
  if (next.step > next.steps || next.stage > next.stages) return false
  if (build.step === 0) return next.step === 1
  if (next.stage === build.stage) return next.step === build.step + 1 && next.steps === build.steps
  return next.step === 1 && next.stage > build.stage && next.stages === build.stages
}

const buildProgress = (build: Build): Progress | null => {
  if (build.step > 0) return stepProgress(build)
  if (build.complete) return { fraction: 1 }
  if (build.context === null) return null
  return { done: build.context, unit: 'bytes', text: 'Sending the build context' }
}

const stepProgress = (build: Build): Progress => {
  const total = build.before + build.steps
  if (build.complete) return { fraction: 1, done: total, total, unit: 'steps' }
  const pulled = 0.9 * (build.layers.counts().fraction ?? 0)
  const stageShare = (build.step - 1 + pulled) / build.steps
  return {
    fraction: (build.stage - 1 + stageShare) / build.stages,
    done: build.before + build.step - 1,
    total,
    unit: 'steps',
    text: build.instruction,
  }
}
