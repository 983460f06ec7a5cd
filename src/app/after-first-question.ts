// What the wizard needs only once it has asked, as one file to load.
export { admitAnswers } from '../commands/admit.ts'
export { archOf } from '../engine/arch.ts'
export { probeFacts } from '../engine/probe.ts'
export { perform } from './perform.ts'
export { planFor } from '../plan/plan.ts'
export { reviewLines } from '../plan/review.ts'
export { printScript } from '../plan/script/print-script.ts'
export { openProject } from '../run/project/project.ts'
