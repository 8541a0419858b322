import { randomInt } from 'node:crypto';
import { onTestFailed } from 'vitest';
import { Random } from '../simulation/random.mjs';

/** Random numbers for one test. If it fails, it prints how to repeat them. */
export function makeRandom(): Random {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 32));
  onTestFailed(() => {
    console.error(`repeat it with SEED=${String(seed)}`);
  });
  return new Random(seed);
}
