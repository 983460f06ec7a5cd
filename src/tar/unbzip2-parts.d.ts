// The parts of unbzip2-stream that decode: its stream makes all blocks of a chunk at once, whatever they expand to.
declare module 'unbzip2-stream/lib/bzip2.js' {
  type Bits = (count: number | null) => number
  const bzip2: {
    readonly header: (bits: Bits) => number
    readonly decompress: (
      bits: Bits,
      put: (byte: number) => void,
      buffer: Int32Array,
      size: number,
      crc: number,
    ) => number | null
  }
  export default bzip2
}

declare module 'unbzip2-stream/lib/bit_iterator.js' {
  const bitIterator: (next: () => Uint8Array | undefined) => {
    (count: number | null): number
    readonly bytesRead: number
  }
  export default bitIterator
}
