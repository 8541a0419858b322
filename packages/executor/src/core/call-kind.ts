/**
 * What one task of a worker is.
 *
 * | kind   | its arguments               | its result                          |
 * | ------ | --------------------------- | ----------------------------------- |
 * | single | those of the call           | that of the call                    |
 * | chunk  | for each call its arguments | for each call an Outcome, in order  |
 * | stream | those of the call           | what the generator returns          |
 */
export type CallKind = 'single' | 'chunk' | 'stream';

/** How one call of a chunk ended. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };
