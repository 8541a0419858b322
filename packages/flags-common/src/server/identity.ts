import type { DelayRange, FlagServerSettings } from './options.ts';

/** The path at which a flag server tells what it is, at once and without errors. */
export const IDENTITY_PATH = '/.well-known/flag-server';

/** Value of `program` in the identity of every flag server. */
export const PROGRAM = 'concurrent-executors flag server';

/** The JSON at `IDENTITY_PATH`. */
export interface FlagServerIdentity {
  readonly program: typeof PROGRAM;
  readonly label: string | null;
  /** Whether the server lives inside another program and ends with it. */
  readonly embedded: boolean;
  /** In seconds. */
  readonly delay: DelayRange;
  readonly errorRate: number;
}

export function identityOf(settings: FlagServerSettings): FlagServerIdentity {
  const { label, embedded, delay, errorRate } = settings;
  return { program: PROGRAM, label, embedded, delay, errorRate };
}
