import type { FlagServerOptions } from './options.ts';

const BOOK_DELAY = { min: 0.5, max: 5 } as const;

/** What makes each of the three servers on this machine what it is. */
export const PRESETS = {
  LOCAL: { label: 'LOCAL', delay: { min: 0, max: 0 }, errorRate: 0 },
  DELAY: { label: 'DELAY', delay: BOOK_DELAY, errorRate: 0 },
  ERROR: { label: 'ERROR', delay: BOOK_DELAY, errorRate: 0.25 },
} as const satisfies Record<string, FlagServerOptions>;
