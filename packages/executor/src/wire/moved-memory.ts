/**
 * To be called when buffers have arrived that were moved. V8 looks only when it makes a buffer
 * itself how much memory those hold that it has not looked through, and from 32 MiB on
 * collects them, in 0.3 ms. Else it lets external memory grow by 64 MiB, and then looks
 * through all of the heap, which takes as long as 10 to 20 tasks with 1 MiB each.
 */
export function weighMovedMemory(): void {
  // Not by `new`, which the bundler of the workers leaves out where nobody uses the result.
  Reflect.construct(ArrayBuffer, [1]);
}
