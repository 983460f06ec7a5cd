/**
 * Returns the address of the file that a worker thread of ours starts from, for `new Worker(address)`: what
 * the module worker.ts in a folder NAME of src was built to. It is next to the bundle; run from src, as in tests, it is the one in
 * dist, because Node 20 can't start from TypeScript.
 */
export const workerFile = (name: string): URL =>
  new URL(`${FROM_SOURCE ? '../dist' : '.'}/worker-${name}.js`, import.meta.url)

const FROM_SOURCE = import.meta.url.endsWith('.ts')
