/*
 * stats() and the events against the states of all futures, at every moment of random
 * runs. Without a listener tasks take another way to the worker: it is there half of the
 * time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  QueueFullError,
  type ExecutorOptions,
  type Future,
  type FutureState,
  type SubmitOptions,
} from '@concurrent-executors/executor';
import {
  add,
  double,
  exit,
  failUntil,
  heedSignal,
  passGate,
  throwError,
} from '../fixtures/tasks.mjs';
import { retire } from '../fixtures/engine-tasks.mjs';
import { EventLog } from '../support/event-log.ts';
import { makeGate } from '../support/gate.ts';
import { runs } from '../support/random-runs.ts';
import { makeRandom } from '../support/random.ts';
import type { Random } from '../simulation/random.mjs';

function randomLimit(random: Random): ExecutorOptions {
  return random.chance(0.4)
    ? {}
    : {
        maxQueue: random.below(5),
        onFull: random.pick(['reject', 'wait', 'callerRuns']),
      };
}

function randomOptions(random: Random): SubmitOptions {
  return {
    ...(random.chance(0.2) && { priority: random.below(3) }),
    ...(random.chance(0.2) && { key: random.below(2) }),
    ...(random.chance(0.2) && { retries: random.below(3) }),
    ...(random.chance(0.1) && { queueTimeout: random.below(3) }),
    ...(random.chance(0.1) && { timeout: 1 + random.below(20) }),
  };
}

/** After all tasks have ended: each was told of, with its last event. */
async function agree(
  events: EventLog,
  futures: readonly Future<unknown>[],
  tellsExits: boolean,
): Promise<void> {
  expect(events.problems).toEqual([]);
  expect([...events.tasks.keys()].sort((a, b) => a - b)).toEqual(
    futures.map(({ id }) => id),
  );
  for (const future of futures) {
    const task = events.tasks.get(future.id);
    expect(task?.state).toBe(future.state);
    if (future.cancelled) continue;
    expect(task?.failed).toBe(future.failed);
    expect(task?.error).toBe(await future.exception());
  }
  if (!tellsExits) return;
  expect(new Set(events.workers.values())).toEqual(
    new Set(events.workers.size === 0 ? [] : ['exited']),
  );
}

describe.each(runs)(
  '$name: stats()',
  ({ make, hasWorkers, tellsExits, rounds }) => {
    test('agree with the futures at every moment', async () => {
      const random = makeRandom();
      for (let round = 0; round < rounds; round += 1) {
        await using gate = await makeGate();
        using events = random.chance(0.5) ? new EventLog() : undefined;
        const executor = make(randomLimit(random));
        const futures: Future<unknown>[] = [];
        const problems: unknown[] = [];

        const check = (when: string): void => {
          const counts = { pending: 0, running: 0, finished: 0, cancelled: 0 };
          for (const { state } of futures)
            counts[state satisfies FutureState] += 1;
          const failed = futures.filter((future) => future.failed).length;
          const { submitted, workers, busyWorkers, ...stats } =
            executor.stats();
          const expected = { ...counts, failed };
          const sum =
            stats.pending + stats.running + stats.finished + stats.cancelled;
          try {
            expect({ stats, submitted, sum }, when).toEqual({
              stats: expected,
              submitted: futures.length,
              sum: submitted,
            });
            expect(busyWorkers, when).toBeLessThanOrEqual(workers);
            expect(workers, when).toBeLessThanOrEqual(
              hasWorkers ? executor.maxWorkers : 0,
            );
          } catch (error) {
            problems.push(error); // what a callback throws goes nowhere
          }
        };

        const submit = (): void => {
          const view = executor.with(randomOptions(random));
          const calls = [
            () => view.submit(double, 1),
            () => view.submit(add, 1, 2),
            () => view.submit(throwError, 'bad'),
            () => view.submit(failUntil, 2, false),
            () => view.submit(passGate, gate.path, 1),
            () => view.submit(heedSignal, gate.path),
            () => view.submit(retire),
          ];
          // It would end this program where there is no worker, or none is free.
          const mayCrash = hasWorkers && executor.stats().pending === 0;
          const call =
            mayCrash && random.chance(0.03)
              ? () => view.submit(exit, 1)
              : random.pick(calls);
          try {
            const future = call();
            futures.push(future);
            future.addDoneCallback(() => {
              check('in a done callback');
            });
          } catch (error) {
            if (!(error instanceof QueueFullError)) throw error;
          }
        };

        for (let step = 0; step < 120; step += 1) {
          const action = random.below(12);
          const future = futures[random.below(futures.length)];
          if (action < 6) submit();
          else if (action < 8) future?.cancel();
          else if (action < 9) future?.abort();
          else if (action < 10) gate.open(1);
          else if (action < 11) await new Promise(setImmediate);
          else await sleep(1);
          check(`after step ${String(step)}, action ${String(action)}`);
        }
        for (const future of futures) if (random.chance(0.3)) future.cancel();
        for (const future of futures) if (future.running) future.abort();
        gate.open();
        const late = new AbortController();
        const ended = executor.shutdown({ cancelFutures: random.chance(0.5) });
        check('after shutdown() was called');
        // Those that wait for a signal end by one.
        const timer = setInterval(() => {
          for (const future of futures) if (future.running) future.abort(late);
        }, 1);
        await ended;
        clearInterval(timer);
        check('after the shutdown');
        expect(problems).toEqual([]);
        if (events !== undefined) await agree(events, futures, tellsExits);
        expect(executor.stats()).toMatchObject({
          pending: 0,
          running: 0,
          workers: 0,
          busyWorkers: 0,
        });
      }
    });
  },
);
