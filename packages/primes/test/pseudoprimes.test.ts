// Composites that pass one of the tests inside isPrime.
import { isPrime } from '@concurrent-executors/primes';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../assembly/compile.mjs';
import { isStrongLucasProbablePrime } from '../src/strong-lucas-probable-prime.ts';
import { isStrongProbablePrime } from '../src/strong-probable-prime.ts';
import {
  CARMICHAEL,
  EXTRA_STRONG_LUCAS,
  FERMAT_TO_BASE_2,
  STRONG_LUCAS,
  STRONG_TO_BASE_2,
  STRONG_TO_FIRST_BASES,
} from './known-pseudoprimes.ts';
import { sieve } from './sieve.ts';

const LIMIT = 50_000;

/** The odd composites from `start` on that pass, and the odd primes that do not. */
function misjudged(passes: (n: bigint) => boolean, start = 3): number[] {
  const prime = sieve(LIMIT);
  const found = [];
  for (let n = start; n < LIMIT; n += 2)
    if (passes(BigInt(n)) !== (prime[n] === 1)) found.push(n);
  return found;
}

async function exportsOf(
  entry: string,
): Promise<Record<string, (n: bigint) => number>> {
  const module = new WebAssembly.Module(Uint8Array.from(await compile(entry)));
  // All that these files export are functions of one word.
  return new WebAssembly.Instance(module).exports as Record<
    string,
    (n: bigint) => number
  >;
}

describe('the parts of Baillie-PSW in bigints', () => {
  it('Miller-Rabin to base 2 misjudges the strong pseudoprimes', () => {
    expect(misjudged((n) => isStrongProbablePrime(n, 2n))).toEqual(
      STRONG_TO_BASE_2,
    );
  });

  it('the extra strong Lucas test misjudges its pseudoprimes', () => {
    expect(misjudged(isStrongLucasProbablePrime)).toEqual(EXTRA_STRONG_LUCAS);
  });
});

describe('the parts of Baillie-PSW in WebAssembly', () => {
  let parts: Record<string, (n: bigint) => number>;

  beforeAll(async () => {
    parts = {
      ...(await exportsOf('strong-probable-prime.ts')),
      ...(await exportsOf('strong-lucas-probable-prime.ts')),
    };
  });

  it('Miller-Rabin to base 2 misjudges the strong pseudoprimes', () => {
    expect(misjudged((n) => parts['isStrongProbablePrime']?.(n) === 1)).toEqual(
      STRONG_TO_BASE_2,
    );
  });

  it('the extra strong Lucas test misjudges its pseudoprimes', () => {
    // It is for numbers that no small prime divides.
    const start = 157;
    expect(
      misjudged((n) => parts['isStrongLucasProbablePrime']?.(n) === 1, start),
    ).toEqual(EXTRA_STRONG_LUCAS);
  });

  it('the Lucas test ends for the squares that pass Miller-Rabin', () => {
    for (const n of [1093n ** 2n, 3511n ** 2n]) {
      expect(parts['isStrongProbablePrime']?.(n)).toBe(1);
      expect(parts['isStrongLucasProbablePrime']?.(n)).toBe(0);
    }
  });
});

describe('isPrime', () => {
  it.each([
    ...STRONG_TO_FIRST_BASES,
    ...FERMAT_TO_BASE_2,
    ...STRONG_LUCAS,
    ...EXTRA_STRONG_LUCAS.map(BigInt),
    ...CARMICHAEL,
    1093n ** 2n,
    3511n ** 2n,
  ])('answers false for the pseudoprime %i', (n) => {
    expect(isPrime(n)).toBe(false);
    if (n <= Number.MAX_SAFE_INTEGER) expect(isPrime(Number(n))).toBe(false);
  });

  it.each([61n, 89n, 107n, 127n, 521n, 607n])(
    'answers true for the Mersenne prime 2^%i - 1',
    (exponent) => {
      expect(isPrime(2n ** exponent - 1n)).toBe(true);
    },
  );

  it('answers false for large composites without a small divisor', () => {
    expect(isPrime(2n ** 67n - 1n)).toBe(false);
    expect(isPrime(2n ** 101n - 1n)).toBe(false);
    expect(isPrime((2n ** 61n - 1n) * (2n ** 89n - 1n))).toBe(false);
    expect(isPrime((2n ** 89n - 1n) ** 2n)).toBe(false);
    expect(isPrime((2n ** 53n - 111n) * (2n ** 53n + 5n))).toBe(false);
  });
});
