import { createHash } from 'node:crypto';
import type { DelayRange } from './options.ts';

/** What is done to one request before, or instead of, answering it with the file. */
export interface Fault {
  /** Seconds to wait first. */
  readonly delay: number;
  /** Whether the answer is status 418. */
  readonly error: boolean;
}

export interface FaultSettings {
  readonly delay: DelayRange;
  readonly errorRate: number;
  readonly seed: string;
}

const HASH_SLICE = 6;

/**
 * Draws the fault of each request. A fault depends only on the seed, the path and how often
 * this path was asked for before. A generator shared by all requests would make it depend
 * on the order in which concurrent requests arrive, which differs from run to run.
 */
export class FaultPlan {
  readonly #settings: FaultSettings;
  /** One entry for each distinct path asked for. */
  readonly #requests = new Map<string, number>();

  constructor(settings: FaultSettings) {
    this.#settings = settings;
  }

  next(path: string): Fault {
    const { delay, errorRate, seed } = this.#settings;
    const earlier = this.#requests.get(path) ?? 0;
    this.#requests.set(path, earlier + 1);
    const hash = createHash('sha256')
      .update(JSON.stringify([seed, path, earlier]))
      .digest();
    return {
      delay: delay.min + (delay.max - delay.min) * fraction(hash, 0),
      error: fraction(hash, 1) < errorRate,
    };
  }
}

/** A number from 0 up to, not including, 1: slice `index` of the hash as a fraction. */
function fraction(hash: Buffer, index: number): number {
  return (
    hash.readUIntBE(index * HASH_SLICE, HASH_SLICE) / 2 ** (8 * HASH_SLICE)
  );
}
