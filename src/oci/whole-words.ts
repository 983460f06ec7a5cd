import { shown } from '../tar/problem.ts'
import type { WholeKind } from './whole.ts'

/** What a tar is instead of an image archive, as a clause, and the way on. */
export interface WholeWords {
  readonly why: string
  readonly todo: readonly string[]
}

/** Returns words for what the names in a tar add up to. `path` is the file, as the person may type it. */
export const wholeWords = (whole: WholeKind | null, path: string): WholeWords => {
  if (whole === null || whole.kind === 'part') {
    return {
      why:
        whole === null
          ? 'it is a tar, but has neither the index.json of an OCI image layout nor the manifest.json of docker save'
          : 'it has blobs of an OCI image layout, but neither its index.json nor a manifest.json',
      todo: [],
    }
  }
  if (whole.kind === 'root') {
    return {
      why: 'it is a root filesystem, as docker export writes it',
      todo: [`Make it an image: docker import ${word(path)} my-image`],
    }
  }
  if (whole.kind === 'legacy') {
    return {
      why: 'it is of the format that docker save wrote before Docker 1.10',
      todo: ['Load it with an engine that still accepts it, and save it again: docker save.'],
    }
  }
  const folder = shown(whole.folder)
  return {
    why: `its image is below the folder ${folder}, where no engine looks for it`,
    todo: [
      `Unpack it:                tar -xf ${word(path)}`,
      `Pack it from inside:      tar -C ${word(folder)} -cf image.tar .`,
    ],
  }
}

// As a shell takes it; what steers a terminal is cleaned where text leaves us.
const word = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
