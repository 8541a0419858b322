/*
 * What the contract asks of executors that know at once what becomes of their tasks. One
 * whose workers tell it later has a module of its own in the place of this one, and the
 * tests wait there for what they assert here.
 */
import { expect } from 'vitest';
import type { Future } from '@concurrent-executors/executor';

/** Asserts what is known of tasks. */
export function told(assertion: () => void): Promise<void> {
  assertion();
  return Promise.resolve();
}

/** Cancels a task that has not started. */
export function cancel(future: Future<unknown>): Promise<void> {
  expect(future.cancel()).toBe(true);
  expect(future.state).toBe('cancelled');
  return Promise.resolve();
}

/** How many tasks count as running at most. */
export function mayRun(maxWorkers: number): number {
  return maxWorkers;
}

/** How many tasks wait at most with that maxQueue. */
export function mayWait(maxQueue: number): number {
  return maxQueue;
}
