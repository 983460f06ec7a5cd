import type { BuildView } from '../../run/build-events.ts'
import type { Out } from '../out.ts'

/** Events on stdout, one JSON object a line: those of an image with its name as `of`. */
export const jsonBuildView = (out: Out): BuildView => {
  let names: readonly string[] = []
  const say = (objects: readonly object[]): void | Promise<void> =>
    out.write(objects.map(object => `${JSON.stringify(object)}\n`).join(''))
  return {
    start: started => {
      names = started.images.map(({ name }) => name)
      return say([started])
    },
    show: (index, events) => say(events.map(event => ({ of: names[index], ...event }))),
    ended: (_, end) => say([{ type: 'image', ...end }]),
    finish: ended => say([ended]),
    close: () => undefined,
  }
}
