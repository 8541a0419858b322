// Where the WebAssembly comes from, and what happens without it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { compile } from '../assembly/compile.mjs';
import { base64 } from '../src/word-arithmetic-module.ts';

const PACKAGE = '@concurrent-executors/primes';

/** What each way of doing the arithmetic must answer alike. */
const QUESTIONS = `[
  [2n ** 64n - 59n, 2n ** 64n - 57n, 4294967291n ** 2n, 9, 7, 2 ** 53 - 111, 3825123056546413051n]
    .map((n) => primes.isPrime(n)),
  [9999999967n, 2147483647 * 3, 99, 2, 1, 65537n ** 2n, 2n ** 53n + 1n, 2n ** 64n + 1n]
    .map((n) => primes.isPrimeByTrialDivision(n)),
  [0, 2n ** 32n, 2n ** 64n - 59n].map((n) => String(primes.nextPrime(n))),
]`;
const ANSWERS = [
  [true, false, false, false, true, true, false],
  [true, false, false, true, false, false, false, false],
  ['2', '4294967311', '18446744073709551629'],
];

/** The package in one file without imports, as `primes` of a script. */
async function bundle(names: string): Promise<string> {
  const entry = '/entry.js';
  const output = await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) =>
          id === entry ? `export { ${names} } from '${PACKAGE}'` : undefined,
      },
    ],
    build: { write: false, lib: { entry, formats: ['iife'], name: 'primes' } },
  });
  const [result] = [output].flat();
  if (!result || !('output' in result)) throw new Error('nothing was built');
  return result.output[0].code;
}

describe('the WebAssembly of the package', () => {
  it('is what its sources compile to: node assembly/write-module.mjs', async () => {
    const compiled = await compile('index.ts');
    expect(base64).toBe(Buffer.from(compiled).toString('base64'));
  });

  it('can be done without: node --jitless', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--jitless',
      '--no-warnings',
      '--input-type=module',
      '--eval',
      `import * as primes from '${PACKAGE}';
       console.log(JSON.stringify([typeof WebAssembly, ...${QUESTIONS}]));`,
    ]);
    expect(JSON.parse(stdout)).toEqual(['undefined', ...ANSWERS]);
  });
});

describe('a bundle', () => {
  it.each([
    ['has its WebAssembly with it', true],
    ['does without where WebAssembly is forbidden', false],
  ])('%s', async (_, wasm) => {
    const code = await bundle('isPrime, isPrimeByTrialDivision, nextPrime');
    const context = createContext(
      { atob },
      { codeGeneration: { strings: true, wasm } },
    );
    runInContext(code, context);
    expect(runInContext(QUESTIONS, context)).toEqual(ANSWERS);
  });

  it('has only what is imported', async () => {
    expect(await bundle('isPrime')).toContain(base64);
    expect(await bundle('NUMBERS, primesBelow')).not.toContain(base64);
  });
});
