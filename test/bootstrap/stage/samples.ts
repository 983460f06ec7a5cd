/** What the samples hold. */
export const TEXT = 'hello, root filesystem\n'.repeat(40)
/** By xz -6. */
export const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AOXACNdADQZSe6N74xrIZrudVLLUJ6LyI5earteNlXG4HBWAQEBdZoAAAB6zWcAKNVVXwABP5gHAAAAzTXYSrHEZ/sCAAAAAARZWg==',
  'base64',
)
/** By zstd -19, with a window of its own size. */
export const ZSTD = Buffer.from(
  'KLUv/WSYAvUAALhoZWxsbywgcm9vdCBmaWxlc3lzdGVtCgEA/Wo1m7yaJSw=',
  'base64',
)
