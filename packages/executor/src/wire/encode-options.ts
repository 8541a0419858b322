import type { Transferable } from 'node:worker_threads';

/** How a value is encoded. */
export interface EncodeOptions {
  /** What is moved instead of copied; copied all the same without `shared`. */
  readonly transfer?: readonly Transferable[] | undefined;
  /** Whether the value goes to a thread, which can share memory. Default: false. */
  readonly shared?: boolean | undefined;
  /** Whether large buffers may be given as `parts`. Default: false, they are copied at once. */
  readonly parts?: boolean | undefined;
}
