import type { Io } from '../../src/terminal/io.ts'
import type { Recorder } from '../recorder/recorder.ts'

/** What the tool wrote. */
export interface Written {
  out: string
  err: string
}

/** A world around the tool that is a recorder's folder and engine, and no terminal. */
export const ioIn = (
  { folder, env }: Pick<Recorder, 'folder' | 'env'>,
  written: Written = { out: '', err: '' },
): Io & { readonly written: Written } => ({
  written,
  out: { write: text => void (written.out += text) },
  err: { write: text => void (written.err += text) },
  env,
  cwd: folder,
  terminal: { canAsk: false, animate: false, colour: false, unicode: true, plain: false },
})
