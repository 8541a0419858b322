/* Executors with a worker each, in a namespace of their own. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, inject } from 'vitest';
import {
  BullMQExecutor,
  type BullMQExecutorOptions,
} from '@concurrent-executors/executor-bullmq';
import { ExecutorWorker } from '@concurrent-executors/executor-bullmq/worker';
import { startWorker } from '../../../../tools/redis/worker-process.ts';

/** A worker has no part in what the contract says of an executor, and so outlives it. */
interface Served {
  /** One that was shut down is not to be kept for this. */
  readonly executor: WeakRef<BullMQExecutor>;
  readonly worker: Promise<AsyncDisposable>;
}

const made: Served[] = [];
const incidents: string[] = [];

/** An executor whose worker runs `concurrency` tasks at once. The worker is on its way. */
export function makeServed(
  concurrency: number,
  options: Omit<BullMQExecutorOptions, 'redis' | 'namespace'> = {},
): BullMQExecutor {
  const place = { redis: inject('redis') ?? '', namespace: randomUUID() };
  const executor = new BullMQExecutor({ ...options, ...place });
  const { testPath = '' } = expect.getState();
  const modules = modulesOf(testPath);
  const worker = /(events|stats)\.test\.ts$/.test(testPath)
    ? // Here it would publish events of its own.
      startWorker(
        place.redis,
        modules,
        ...['--namespace', place.namespace],
        ...['--concurrency', String(concurrency)],
      )
    : ExecutorWorker.start({
        ...place,
        modules,
        concurrency,
        onIncident: (message) => incidents.push(message),
      });
  made.push({ executor: new WeakRef(executor), worker });
  return executor;
}

/** After a test: ends the workers, and executors that were only made. */
export async function endServed(): Promise<void> {
  for (const { executor, worker } of made.splice(0)) {
    await executor.deref()?.shutdown();
    await (await worker)[Symbol.asyncDispose]();
  }
  expect(incidents.splice(0)).toEqual([]);
}

const known = new Map<string, readonly string[]>();

/** The modules whose tasks a test file submits: each one costs threads. */
function modulesOf(path: string): readonly string[] {
  let modules = known.get(path);
  if (modules === undefined) {
    const source = readFileSync(path, 'utf8');
    const found = source.matchAll(
      /from '(\.\.\/fixtures\/[\w-]+\.mjs)'|'(node:url)'/g,
    );
    modules = [
      ...new Set(
        [...found].map(
          ([, file, builtin]) =>
            builtin ?? new URL(file ?? '', pathToFileURL(path)).href,
        ),
      ),
    ];
    known.set(path, modules);
  }
  return modules;
}
