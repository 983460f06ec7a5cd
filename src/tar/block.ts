/** The unit of a tar in bytes: headers and bodies fill whole blocks. */
export const BLOCK = 512

/** Returns the zero bytes (0 to 511) that fill the last block of a body of `size` bytes. */
export const padding = (size: number): Buffer => Buffer.alloc(paddingBytes(size))

/** Returns how many zero bytes (0 to 511) fill the last block of a body of `size` bytes. */
export const paddingBytes = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK

/** Returns what ends every tar: two blocks of zeros. */
export const endOfTar = (): Buffer => Buffer.alloc(2 * BLOCK)

/** Returns whether there is nothing but zeros. */
export const isZeros = (bytes: Uint8Array): boolean => bytes.every(byte => byte === 0)

/** Returns the sum of a header block's bytes with its own checksum field (148 to 155) read as spaces. */
export const headerSum = (block: Buffer): number => {
  let sum = 8 * 0x20
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0
  return sum
}
