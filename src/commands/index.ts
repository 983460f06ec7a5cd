export { run as clean } from './clean.ts'
export { run as doctor } from './doctor.ts'
export { run as inspect } from './inspect.ts'
export { run as pack } from './pack.ts'
