import { setImmediate } from 'node:timers/promises';
import { SerialExecutor, type Executor } from '@concurrent-executors/executor';
import {
  checkByTrialDivision,
  checkFast,
  type CheckResult,
  type Method,
} from './check.ts';
import type { Numbers } from './numbers.ts';

const TASKS = { 'trial-division': checkByTrialDivision, fast: checkFast };

/** How many checks are submitted ahead in the order of completion; as many as `map` does. */
const AHEAD = 1024;

export interface Checks {
  readonly method: Method;
  /** Whether a result is given as soon as it is there; otherwise in the order of the numbers. */
  readonly asCompleted: boolean;
  readonly onResult: (result: CheckResult) => void;
}

/**
 * Checks all numbers. They are read as there is room, so there may be any number of them.
 *
 * @throws what the reading throws, and what a check throws; other checks may run on then
 */
export async function checkAll(
  executor: Executor,
  values: Numbers['values'],
  checks: Checks,
): Promise<void> {
  if (executor instanceof SerialExecutor)
    await oneByOne(executor, values, checks);
  else if (checks.asCompleted)
    await inOrderOfCompletion(executor, values, checks);
  else await inOrderOfSubmission(executor, values, checks);
}

/** A slow number holds back the results behind it, although they may be there before. */
async function inOrderOfSubmission(
  executor: Executor,
  values: Numbers['values'],
  { method, onResult }: Checks,
): Promise<void> {
  const results = executor.map(TASKS[method], values);
  for await (const result of results) onResult(result);
}

/**
 * `asCompleted` takes futures from a sync iterable only; numbers may come from standard input.
 * So loops share the numbers, and each has one check under way.
 */
async function inOrderOfCompletion(
  executor: Executor,
  values: Numbers['values'],
  { method, onResult }: Checks,
): Promise<void> {
  const shared = each(values);
  // Not `for await`: on an error it would wait for input that may never come.
  const loop = async (): Promise<void> => {
    for (;;) {
      const { value: n, done } = await shared.next();
      if (done === true) return;
      onResult(await executor.submit(TASKS[method], n));
    }
  };
  await Promise.all(Array.from({ length: AHEAD }, loop));
}

async function* each(
  values: Numbers['values'],
): AsyncGenerator<bigint, void, undefined> {
  yield* values;
}

/** `map` would run the next check before it gives a result. */
async function oneByOne(
  executor: Executor,
  values: Numbers['values'],
  { method, onResult }: Checks,
): Promise<void> {
  for await (const n of values) {
    onResult(await executor.submit(TASKS[method], n));
    // Lets the program notice that nobody reads its output any more.
    await setImmediate();
  }
}
