/** What a promise is settled with if it is to be rejected. */
export class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }

  /** A promise that is resolved with a failure is rejected with its error, one microtask later. */
  then(_: unknown, reject: (error: unknown) => void): void {
    reject(this.error);
  }
}

// What the executor of the last promise was given. One function for all promises: a
// closure for each would be felt, as a promise is made for each task. The function that
// rejects is not kept, as each one that is takes 64 bytes: see Failure.
let lastResolve: ((outcome: unknown) => void) | undefined;

const keepLast = (resolve: (outcome: unknown) => void): void => {
  lastResolve = resolve;
};

function takeLast(): ((outcome: unknown) => void) | undefined {
  const resolve = lastResolve;
  lastResolve = undefined; // it would keep the promise, and it its result
  return resolve;
}

const nothing = (): void => undefined;

const { then } = Promise.prototype as unknown as {
  readonly then: (
    this: object, // a promise
    onfulfilled: ((value: never) => unknown) | null | undefined,
    onrejected: ((reason: unknown) => unknown) | null | undefined,
  ) => Promise<unknown>;
};

/** The class without its type: see below. */
const UntypedPromise = Promise as unknown as new (
  executor: (resolve: (outcome: unknown) => void) => void,
) => object;

/** Called just before somebody waits. False if `await` is to call then(), and not pass it by. */
export const waitedFor = Symbol('waitedFor');

/** Settles a promise, once. */
export let settle: (promise: QuietPromise, outcome: unknown) => void;

/** What a promise was settled with. */
export let outcomeOf: (promise: QuietPromise) => unknown;

/**
 * A promise that its owner settles, that tells when somebody waits for it, and that is
 * never an unhandled rejection. It is one of the language, for speed: `await` and
 * Promise.all() take more than 300 bytes to wait for any other object with a then(). It
 * does not have the type of one, so that to leave it alone is no mistake for a linter.
 *
 * A subclass must delete `constructor` of its prototype, as it would hide the one here.
 */
export abstract class QuietPromise extends UntypedPromise {
  /**
   * What resolves it, and then its outcome: one field for both, as a promise is kept for
   * each task that waits.
   */
  #end: unknown;

  constructor() {
    super(keepLast);
    this.#end = takeLast();
  }

  abstract [waitedFor](): boolean;

  /** What then() makes is settled by the language. */
  static get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  static {
    // The language asks for the constructor of a promise just before it waits for it
    // (ECMAScript 2023: PromiseResolve, and SpeciesConstructor in then()). If that is not
    // Promise, `await` calls the then() of the object, as of any other one.
    Object.defineProperty(this.prototype, 'constructor', {
      get(this: object) {
        if (!(#end in this)) return QuietPromise; // a prototype
        return this[waitedFor]() ? Promise : QuietPromise;
      },
    });
    settle = (promise, outcome) => {
      if (outcome instanceof Failure) void waitFor(promise, undefined, nothing);
      const resolve = promise.#end as (outcome: unknown) => void; // it is not settled
      promise.#end = outcome;
      resolve(outcome);
    };
    outcomeOf = (promise) => promise.#end;
  }
}

/** The then() of the language. */
export function waitFor(
  promise: QuietPromise,
  onfulfilled: ((value: never) => unknown) | null | undefined,
  onrejected: ((reason: unknown) => unknown) | null | undefined,
): Promise<unknown> {
  return then.call(promise, onfulfilled, onrejected);
}
