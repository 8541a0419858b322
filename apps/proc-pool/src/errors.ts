/** The numbers cannot be read, or are none. Ends the program with status 1. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code = 'PROC_POOL_INPUT';
}
