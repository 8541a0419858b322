/**
 * What one task of a worker is.
 *
 * | kind   | its arguments                        | its result                     |
 * | ------ | ------------------------------------ | ------------------------------ |
 * | single | those of the call                    | that of the call               |
 * | chunk  | for each parameter, that of all calls | ChunkOutcomes                  |
 * | stream | those of the call                    | what the generator returns     |
 */
export type CallKind = 'single' | 'chunk' | 'stream';

/** How the calls of a chunk ended, by their index. */
export interface ChunkOutcomes {
  /** What each one returned; undefined if it threw. */
  readonly values: ArrayLike<unknown>;
  /** Those that threw, and what. */
  readonly failed: readonly number[];
  readonly errors: readonly unknown[];
}
