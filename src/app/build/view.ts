import type { BuildView } from '../../run/build-events.ts'
import { paintFor } from '../../show/paint.ts'
import { jsonBuildView } from '../../show/table/json.ts'
import { linesBuildView } from '../../show/table/lines.ts'
import type { Io } from '../../terminal/io.ts'

/** The view of many images that fits the terminal. Ink is loaded only where it may draw. */
export const buildViewFor = async (
  { json, verbose }: { readonly json: boolean; readonly verbose: boolean },
  onStop: () => void,
  io: Io,
): Promise<BuildView> => {
  const { animate, canAsk, colour, unicode } = io.terminal
  if (json) return jsonBuildView(io.out)
  if (!animate || verbose)
    return linesBuildView({
      out: io.out,
      paint: paintFor(colour),
      verbose,
      ...(canAsk && { columns: process.stdout.columns || 80 }),
    })
  const { tableView } = await import('../../show/table/live.ts')
  const { stdout, stdin } = process
  return tableView({ stdout, stdin, colour, unicode, onStop })
}
