/*
 * In the place of packages/executor/test/support/told.ts. A worker tells of a start a little
 * later, and a task that was sent is cancelled when Redis has answered.
 */
import { expect, vi } from 'vitest';
import type { Future } from '@concurrent-executors/executor';

/** Only a hang takes as long as this. */
const BOUND = { timeout: 30_000, interval: 1 };

/** Waits until what is known of tasks is so. */
export function told(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, BOUND);
}

/** Cancels a task that has not started. */
export async function cancel(future: Future<unknown>): Promise<void> {
  future.cancel();
  await told(() => {
    expect(future.state).toBe('cancelled');
  });
}

/**
 * How many tasks count as running at most. One does until its end is in Redis; by then its
 * thread may have begun others.
 */
export function mayRun(maxWorkers: number): number {
  return maxWorkers * Infinity;
}

/** With a limit of 0 one task waits all the same: whether a worker is free is not known. */
export function mayWait(maxQueue: number): number {
  return Math.max(maxQueue, 1);
}
