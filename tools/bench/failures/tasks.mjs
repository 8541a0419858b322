// The tasks that the workers run: good ones and bad ones.
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { STARTED_VARIABLE } from './started.mjs';

/** The good task. @param {number} n */
export async function double(n) {
  await setTimeout(5);
  return n * 2;
}

/** @param {string} message */
export function throwError(message) {
  throw new RangeError(message);
}

// Functions of their own: some libraries do not carry such a value as an argument.
export function throwNull() {
  throw null;
}

export function throwUndefined() {
  throw undefined;
}

export function throwZero() {
  throw 0;
}

/** @param {number} code */
export function exit(code) {
  process.exit(code);
}

/** @param {NodeJS.Signals} signal */
export function kill(signal) {
  process.kill(process.pid, signal);
  return new Promise(() => undefined);
}

export function fillMemory() {
  const hoard = [];
  for (;;) hoard.push(new Array(100_000).fill(0));
}

export function loopForever() {
  writeFileSync(process.env[STARTED_VARIABLE] ?? '', '');
  for (;;);
}

export async function rejectUnheard() {
  void Promise.reject(new EvalError('nobody listens'));
  await setTimeout(500);
  return 'the worker went on';
}

/** @template T @param {T} value */
export function echo(value) {
  return value;
}

export function returnFunction() {
  return () => 1;
}

export function returnBadGetter() {
  return {
    get value() {
      throw new SyntaxError('from the getter');
    },
  };
}

/** @param {number} depth */
export function returnDeep(depth) {
  return deep(depth);
}

/**
 * An object in an object, and so on.
 * @param {number} depth
 */
export function deep(depth) {
  /** @type {{ inner?: object }} */
  let object = {};
  for (let i = 0; i < depth; i += 1) object = { inner: object };
  return object;
}

/** Counts the levels of what `deep` made. @param {unknown} value */
export function depthOf(value) {
  let depth = 0;
  for (
    let object = /** @type {{ inner?: unknown } | undefined} */ (value);
    object?.inner;
    object = /** @type {{ inner?: unknown }} */ (object.inner)
  ) {
    depth += 1;
  }
  return depth;
}
