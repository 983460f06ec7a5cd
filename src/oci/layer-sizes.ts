import { layerMeter } from './layer-meter.ts'
import { layerChunks, planLayer } from './layer.ts'
import type { ImageFile, LayerSizes } from './types.ts'

/**
 * Returns the sizes that a layer of these files has, and its diffID, without writing it anywhere; the
 * bytes of its files are reported before it is compressed.
 * @throws Error when a path cannot be in an image, or a source is not a regular file or cannot be read.
 */
export const layerSizes = async (
  files: readonly ImageFile[],
  onPlanned: (contentBytes: number) => void = () => undefined,
): Promise<LayerSizes> => {
  const plan = await planLayer(files)
  onPlanned(plan.contentBytes)
  const meter = layerMeter()
  try {
    for await (const chunk of layerChunks(plan)) await meter.add(chunk)
    return { ...(await meter.end()), contentBytes: plan.contentBytes }
  } finally {
    meter.close()
  }
}
