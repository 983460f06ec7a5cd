import type { View } from '../run/events.ts'
import type { Out } from './out.ts'

/** Events on stdout, one JSON object a line, and nothing else there. */
export const jsonView = (out: Out): View => ({
  show: events => out.write(events.map(event => `${JSON.stringify(event)}\n`).join('')),
  decide: async () => 'stop',
  close: () => undefined,
})
