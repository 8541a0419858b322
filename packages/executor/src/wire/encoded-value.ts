/** A value as it was written, by plain-writer.ts or value-writer.ts. */
export interface EncodedValue {
  /** The only view on its ArrayBuffer, and as long: it can be transferred. */
  readonly bytes: Uint8Array;
  /**
   * What only a message port can carry, and long texts, which a message port and a lane in
   * memory carry with fewer copies; the bytes refer to it. What was in `transfer` must be
   * transferred.
   */
  readonly attached?: readonly unknown[];
  /**
   * The memory of large buffers, which are not copied yet: on arrival, a copy of each
   * one must be in `attached`, at its index.
   */
  readonly parts?: readonly Part[];
}

/** Views of so many bytes become parts: in the bytes of the value they would be copied twice more. */
export const LARGE_PART = 16_384;

export interface Part {
  /** In `attached`; there is nothing yet. */
  readonly index: number;
  readonly bytes: Uint8Array;
}
