import type { Answers, FullAnswers, Given } from '../ask/answers.ts'
import { distributionNamed } from '../catalog/distributions.ts'
import type { Facts } from '../engine/facts.ts'
import { familyOf } from './full/families/index.ts'
import { fullPlan } from './full/plan.ts'
import { minimalPlan } from './minimal/plan.ts'
import { withPush } from './push-steps.ts'
import type { Plan } from './types.ts'

/** The plan of what the answers ask for. Throws MachineError when they ask for what the machine lacks. */
export const planFor = (given: Given, facts: Facts): Plan =>
  withPush(isFull(given) ? fullPlan(given, facts) : minimalPlan(given, facts), given, facts)

/** Whether the answers are those of a full image. */
export const isFull = (given: Given): given is Given<FullAnswers> => given.answers.kind === 'full'

/** Whether no engine takes a part in making what the answers ask for: it becomes an archive even where one answers. */
export const isArchiveAlways = (answers: Answers): boolean =>
  answers.kind === 'full' &&
  !familyOf(distributionNamed(answers.distro)).routes.includes('container')
