// What the wizard needs only once it has asked, as one file to load.
export { admitProgram } from './commands/admit.ts'
export { probeFacts } from './engine/probe.ts'
export { perform } from './perform.ts'
export { minimalPlan } from './plan/minimal.ts'
export { reviewLines } from './plan/review.ts'
export { printScript } from './plan/script.ts'
export { openProject } from './run/project.ts'
