import { layerSizes } from '../oci/layer-sizes.ts'
import type { LayerSizes } from '../oci/types.ts'
import { lineFor } from '../text/shell-words.ts'
import type { RunContext } from './context.ts'
import type { Outcome } from './events.ts'
import { imageFiles } from './project/image-files.ts'

/** Begins to measure the image's layer, when the folder has what goes in; compressing it is the slow part. */
export const measure = ({ plan, project, values }: RunContext): Promise<LayerSizes | null> => {
  if (plan.contents === null) return Promise.resolve(null)
  const { files, tree } = plan.contents
  const sizes = imageFiles(project.directory, files, tree).then(found =>
    layerSizes(found, bytes => values.set('files.bytes', String(bytes))),
  )
  // A run that fails meanwhile never asks for them.
  sizes.catch(() => undefined)
  return sizes
}

/** The outcome of the run, from what its steps learnt. */
export const outcomeOf = async (context: RunContext, seconds: number): Promise<Outcome> => {
  const { plan, values } = context
  const measured = await (context.sizes ?? measure(context))
  const proven = 'how' in plan.proof && context.unproven === null
  return {
    type: 'outcome',
    image: plan.image.reference,
    id: values.get('image.id') ?? '',
    platform: (plan.image.archs ?? [plan.image.arch]).map(arch => `linux/${arch}`).join(', '),
    ...(plan.image.pushed === undefined ? {} : { pushed: plan.image.pushed }),
    ...(values.has('pushed.digest') && { pushedDigest: values.get('pushed.digest')! }),
    ...(values.has('image.index') && { index: values.get('image.index')! }),
    uncompressedBytes: Number(values.get('files.bytes') ?? 0),
    compressedBytes: measured?.compressedBytes ?? learntSize(values.get('image.compressed')),
    sizes: context.sizeHistory,
    proof: proofWords(context),
    hints: context.hints,
    proven,
    printed: Buffer.concat(context.printed).toString('utf8'),
    files: [plan.folderIsRemoved ? null : plan.directory, plan.image.archive].filter(
      file => file !== null,
    ),
    seconds,
    next: (context.serves ? (plan.nextOfServer ?? plan.next) : plan.next).map(words =>
      lineFor(context.facts.platform, words),
    ),
    ...madeOf(context),
    ...replacedBy(context),
  }
}

/** The packages that an image of ours is made of, and what it may be compared by. */
const madeOf = ({ values, plan }: RunContext): Pick<Outcome, 'packages' | 'same' | 'page'> => {
  const total = Number(values.get('packages.total') ?? 0)
  if (total === 0) return {}
  return {
    packages: {
      total,
      newer: Number(values.get('packages.newer')),
      date: values.get('packages.date') ?? '',
      ...(values.has('packages.unasked') && { unasked: values.get('packages.unasked')! }),
      missing: listOf(values.get('packages.missing')),
      ...(values.get('packages.unrun') && { unrun: listOf(values.get('packages.unrun')) }),
    },
    ...(values.has('image.config') && { same: values.get('image.config')! }),
    ...(plan.page.length > 0 && { page: plan.page }),
  }
}

const listOf = (text = ''): string[] => text.split(' ').filter(Boolean)

const replacedBy = ({ replaced, facts }: RunContext): Pick<Outcome, 'replaced'> =>
  replaced === null
    ? {}
    : {
        replaced: {
          ...replaced,
          remove: lineFor(facts.platform, [facts.engine!.client, 'rmi', replaced.id]),
        },
      }

const learntSize = (bytes: string | undefined): number | null =>
  bytes === undefined ? null : Number(bytes)

const proofWords = ({ plan: { proof }, proofNote, unproven }: RunContext): string => {
  if (unproven !== null) return unproven
  return 'how' in proof ? withNote(proof.how, proofNote) : proof.whyNot
}

const withNote = (how: string, note: string | null): string =>
  note === null ? how : `${how}; ${note}`
