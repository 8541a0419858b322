import { base64 } from './word-arithmetic-module.ts';

/** What `assembly/index.ts` exports. A word is a bigint below 2^64. */
interface WordArithmetic {
  isPrime(n: bigint): number;
  isPrimeDouble(n: number): number;
  nextPrime(n: bigint): bigint;
  isPrimeByTrialDivision(n: bigint): number;
}

/** Types of the language and of Node.js do not have it; those of browsers do. */
declare const WebAssembly:
  | undefined
  | {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
      readonly CompileError: new () => Error;
    };

export const WORD_END = 2n ** 64n;

let words: WordArithmetic | undefined;
let wasTried = false;

/**
 * The WebAssembly of this package: some 4 kilobytes, compiled when they are first needed,
 * in about a millisecond. Undefined where there is no WebAssembly, as with
 * `node --jitless`, or where a content security policy forbids it.
 */
export function wordArithmetic(): WordArithmetic | undefined {
  if (!wasTried) {
    wasTried = true;
    words = instantiate();
  }
  return words;
}

function instantiate(): WordArithmetic | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    // These bytes come from assembly/, as a test sees, and export what is told above.
    return exports as WordArithmetic;
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}
