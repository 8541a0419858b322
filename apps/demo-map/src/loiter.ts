// Imported by the worker threads too: it must have no side effects.
import { setTimeout } from 'node:timers/promises';
import { task } from '@concurrent-executors/executor/task';
import { display } from './display.ts';

/** Does nothing for a while, and says so, indented by a number of tabs. */
export const loiter = task(
  import.meta.url,
  async function loiter(seconds: number, tabs: number): Promise<number> {
    const name = `${'\t'.repeat(tabs)}loiter(${String(seconds)})`;
    display(`${name}: doing nothing for ${String(seconds)}s...`);
    await setTimeout(seconds * 1000);
    display(`${name}: done.`);
    return seconds * 10;
  },
);
