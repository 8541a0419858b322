import { CommanderError } from 'commander';
import { messageOf } from '@concurrent-executors/executor/backend';
import { ExecutorWorker } from '../worker/executor-worker.ts';
import { jsonLog, textLog, type Log } from './log.ts';
import { parseCommandLine, type Settings } from './settings.ts';

/** What the shell gives for a program that a signal has ended. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

async function main(): Promise<void> {
  let settings: Settings;
  try {
    settings = parseCommandLine(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  // Who reads the lines may end before this program, and tasks are not to suffer from that.
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', () => undefined);
  }
  const log = settings.json ? jsonLog : textLog;
  try {
    await serve(settings, log);
  } catch (error) {
    log.incident(messageOf(error));
    process.exit(1); // threads that import a module may go on for ever
  }
}

async function serve(settings: Settings, log: Log): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(STATUS[signal]);
      stop.abort();
    });
  }
  const starting = ExecutorWorker.start({
    ...settings.worker,
    onIncident: onceEach(log),
  });
  const worker = await Promise.race([starting, aborted(stop.signal)]);
  if (worker === undefined) process.exit(0); // nothing was taken yet
  log.ready(worker.served, settings.worker.concurrency ?? 1);
  const timer =
    settings.healthInterval > 0
      ? setInterval(() => {
          void worker.health().then((health) => {
            log.health(health);
          });
        }, settings.healthInterval)
      : undefined;
  await aborted(stop.signal);
  clearInterval(timer);
  log.draining(worker.running, settings.drainTimeout / 1_000);
  await worker.close({ timeout: settings.drainTimeout });
  log.stopped(await worker.health());
  process.exit(0); // BullMQ waits for ever for a Redis that is away
}

/** Milliseconds until the same incident is told of again. */
const REPEAT_AFTER = 60_000;

/** So many incidents are remembered. */
const MAX_INCIDENTS = 100;

/** A lost connection is told of once, and not for each attempt to make it again. */
function onceEach(log: Log): (message: string) => void {
  const toldAt = new Map<string, number>();
  return (message) => {
    const now = performance.now();
    if (now - (toldAt.get(message) ?? -Infinity) < REPEAT_AFTER) return;
    if (toldAt.size === MAX_INCIDENTS) toldAt.clear();
    toldAt.set(message, now);
    log.incident(message);
  };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
}

await main();
