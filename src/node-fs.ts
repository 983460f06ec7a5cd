/**
 * Node's functions for files, for everything that `--help` loads: an import of node:fs would load the streams of files, and with
 * them all of Node's streams, which takes two milliseconds.
 */
export const { closeSync, fstatSync, readFileSync, statSync, writeSync } =
  process.getBuiltinModule('node:fs')
