import { createHash } from 'node:crypto';
import type { FaultRule } from './fault-rule.ts';
import type { DelayRange } from './options.ts';

/** What is done to one request before, or instead of, answering it with the file. */
export interface PlannedFault {
  /** Seconds to wait first. */
  readonly delay: number;
  /** The rule by which the request fails. */
  readonly rule: FaultRule | undefined;
}

export interface FaultSettings {
  readonly delay: DelayRange;
  readonly rules: readonly FaultRule[];
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

  /** @param rules those of the URL, which hold in place of those of the options */
  next(path: string, rules = this.#settings.rules): PlannedFault {
    const { delay, seed } = this.#settings;
    const earlier = this.#requests.get(path) ?? 0;
    this.#requests.set(path, earlier + 1);
    const hash = createHash('sha256')
      .update(JSON.stringify([seed, path, earlier]))
      .digest();
    return {
      delay: delay.min + (delay.max - delay.min) * fraction(hash, 0),
      rule: drawRule(rules, earlier, fraction(hash, 1)),
    };
  }
}

/**
 * Rules divide the numbers from 0 to 1 among them: each has, after those before it, a part
 * as long as its rate. So each gets the share of requests that its rate tells, as long as
 * all rates together are at most 1; what lies beyond 1 is never drawn.
 */
function drawRule(
  rules: readonly FaultRule[],
  earlier: number,
  draw: number,
): FaultRule | undefined {
  let end = 0;
  for (const rule of rules) {
    const { rate = 1, times = Infinity } = rule;
    if (earlier >= times) continue;
    end += rate;
    if (draw < end) return rule;
  }
  return undefined;
}

/** A number from 0 up to, not including, 1: slice `index` of the hash as a fraction. */
function fraction(hash: Buffer, index: number): number {
  return (
    hash.readUIntBE(index * HASH_SLICE, HASH_SLICE) / 2 ** (8 * HASH_SLICE)
  );
}
