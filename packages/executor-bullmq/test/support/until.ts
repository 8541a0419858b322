import { setTimeout } from 'node:timers/promises';

const INTERVAL = 10;

/** Resolves when the condition holds. A test in which it never does runs into its time-out. */
export async function until(
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  while (!(await condition())) await setTimeout(INTERVAL);
}
