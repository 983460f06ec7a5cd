import { parentPort } from 'node:worker_threads'
import { serveJobs } from './serve-jobs.ts'

// The entry of a thread that unpacks.
if (parentPort !== null) serveJobs(parentPort)
