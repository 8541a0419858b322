import { randomInt } from 'node:crypto';
import { onTestFailed } from 'vitest';

/** Random numbers that a seed repeats: `SEED=123 npx vitest run …`. */
export interface Random {
  /** An integer from 0 to `end - 1`. */
  below(end: number): number;
  pick<T>(items: readonly T[]): T | undefined;
}

/** For one test; if it fails, the seed is printed. */
export function makeRandom(): Random {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
  onTestFailed(() => {
    console.error(`repeat with SEED=${String(seed)}`);
  });
  let state = seed;
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return { below, pick: (items) => items[below(items.length)] };
}
