import type { ServedQueue, WorkerHealth } from '../worker/executor-worker.ts';

/** What the program prints, a line each, on standard output; incidents on standard error. */
export interface Log {
  ready(served: readonly ServedQueue[], concurrency: number): void;
  health(health: WorkerHealth): void;
  draining(running: number, seconds: number): void;
  stopped(health: WorkerHealth): void;
  incident(message: string): void;
}

export const textLog: Log = {
  ready(served, concurrency) {
    const modules = served.map(
      ({ module, version, queue }) => `${module}@${version} (queue ${queue})`,
    );
    print(
      `ready: serves ${modules.join(', ')}; ${String(concurrency)} tasks at once of each`,
    );
  },
  health(health) {
    print(`health: ${describe(health)}`);
  },
  draining(running, seconds) {
    print(
      `stopping: ${String(running)} running, which have ${String(seconds)} s; a second signal ends them at once`,
    );
  },
  stopped({ done, failed }) {
    print(`stopped: ${String(done)} done, ${String(failed)} failed`);
  },
  incident(message) {
    process.stderr.write(`executor-worker: ${oneLine(message)}\n`);
  },
};

export const jsonLog: Log = {
  ready(served, concurrency) {
    printJson({ event: 'ready', served, concurrency });
  },
  health(health) {
    printJson({ event: 'health', ...health });
  },
  draining(running, seconds) {
    printJson({ event: 'stopping', running, seconds });
  },
  stopped({ done, failed }) {
    printJson({ event: 'stopped', done, failed });
  },
  incident(message) {
    process.stderr.write(
      `${JSON.stringify({ event: 'incident', time: now(), message })}\n`,
    );
  },
};

function describe({
  connected,
  running,
  waiting,
  done,
  failed,
}: WorkerHealth): string {
  const parts = [
    `${String(running)} running`,
    ...(waiting === undefined ? [] : [`${String(waiting)} waiting`]),
    `${String(done)} done`,
    `${String(failed)} failed`,
    ...(connected ? [] : ['no connection to Redis']),
  ];
  return parts.join(', ');
}

/** What a module or Redis says can have several. */
function oneLine(message: string): string {
  return message.trim().replaceAll(/\s*[\r\n]\s*/g, ' ');
}

function print(line: string): void {
  process.stdout.write(`executor-worker: ${line}\n`);
}

function printJson(entry: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ ...entry, time: now() })}\n`);
}

function now(): string {
  return new Date().toISOString();
}
