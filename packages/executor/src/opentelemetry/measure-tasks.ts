import type { Attributes, Meter } from '@opentelemetry/api';
import type { ExecutorInfo, TaskEnded, WorkerInfo } from '../core/events.ts';
import { listen } from '../observe/listen.ts';
import { outcomeOf } from '../observe/outcome.ts';
import type { Outcome } from '../observe/span.ts';

/**
 * In seconds. Those that OpenTelemetry has by default are for milliseconds, and most
 * tasks would be in the first one.
 */
const BOUNDARIES = [
  0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300,
];

/** A task that has not ended. */
interface LiveTask {
  readonly executor: ExecutorInfo;
  queuedAt: number;
  isRunning: boolean;
}

/** Counts and measures tasks and workers. Keeps only those that have not ended. */
export function measureTasks(meter: Meter): Disposable {
  const instruments = instrumentsOf(meter);
  const tasks = new Map<number, LiveTask>();
  const workers = new Set<WorkerInfo>();

  const countLive = (task: LiveTask, change: 1 | -1): void => {
    const counter = task.isRunning ? instruments.running : instruments.queued;
    counter.add(change, attributesOf(task.executor));
  };
  const move = (task: LiveTask, isRunning: boolean): void => {
    countLive(task, -1);
    task.isRunning = isRunning;
    countLive(task, 1);
  };
  const measure = (task: LiveTask, ended: TaskEnded): void => {
    const { startedAt, at } = ended;
    if (startedAt === undefined) return;
    const attributes = taskAttributes(ended);
    instruments.waiting.record(seconds(startedAt - task.queuedAt), attributes);
    instruments.duration.record(seconds(at - startedAt), attributes);
    task.queuedAt = at;
  };
  const end = (id: number, live: LiveTask): void => {
    tasks.delete(id);
    countLive(live, -1);
  };
  const count = (ended: Pick<TaskEnded, 'task'>, outcome: Outcome): void => {
    instruments.ended.add(1, {
      ...taskAttributes(ended),
      'task.outcome': outcome,
    });
  };

  const listening = listen({
    'concurrent-executors:task:submitted': ({ task, at }) => {
      const live = {
        executor: task.executor,
        queuedAt: at,
        isRunning: false,
      };
      tasks.set(task.id, live);
      countLive(live, 1);
    },
    'concurrent-executors:task:started': ({ task }) => {
      const live = tasks.get(task.id);
      if (live !== undefined) move(live, true);
    },
    'concurrent-executors:task:retried': (ended) => {
      const live = tasks.get(ended.task.id);
      if (live === undefined) return;
      measure(live, ended);
      if (ended.failed) instruments.retried.add(1, taskAttributes(ended));
      move(live, false);
    },
    'concurrent-executors:task:finished': (ended) => {
      const live = tasks.get(ended.task.id);
      if (live === undefined) return;
      measure(live, ended);
      count(ended, outcomeOf(ended));
      end(ended.task.id, live);
    },
    'concurrent-executors:task:cancelled': (cancelled) => {
      const live = tasks.get(cancelled.task.id);
      if (live === undefined) return;
      count(cancelled, 'cancelled');
      end(cancelled.task.id, live);
    },
    'concurrent-executors:worker:started': ({ worker }) => {
      workers.add(worker);
      instruments.workers.add(1, attributesOf(worker.executor));
    },
    'concurrent-executors:worker:exited': ({ worker }) => {
      if (!workers.delete(worker)) return;
      instruments.workers.add(-1, attributesOf(worker.executor));
    },
  });

  return {
    [Symbol.dispose]() {
      listening[Symbol.dispose]();
      // The ends of these are not heard; they must not be counted for ever.
      for (const [id, live] of tasks) end(id, live);
      for (const { executor } of workers) {
        instruments.workers.add(-1, attributesOf(executor));
      }
      workers.clear();
    },
  };
}

function instrumentsOf(meter: Meter) {
  const time = {
    unit: 's',
    advice: { explicitBucketBoundaries: BOUNDARIES },
  };
  return {
    ended: meter.createCounter('executor.tasks.ended', {
      description: 'Tasks that have ended, by outcome',
      unit: '{task}',
    }),
    retried: meter.createCounter('executor.tasks.retried', {
      description: 'Runs that have failed and were followed by another one',
      unit: '{run}',
    }),
    waiting: meter.createHistogram('executor.task.waiting', {
      description: 'From the submit, or the end of the run before, to the run',
      ...time,
    }),
    duration: meter.createHistogram('executor.task.duration', {
      description: 'Duration of runs',
      ...time,
    }),
    queued: meter.createUpDownCounter('executor.tasks.queued', {
      description: 'Tasks that wait for a run',
      unit: '{task}',
    }),
    running: meter.createUpDownCounter('executor.tasks.running', {
      description: 'Tasks that run',
      unit: '{task}',
    }),
    workers: meter.createUpDownCounter('executor.workers', {
      description: 'Threads or processes that live',
      unit: '{worker}',
    }),
  };
}

function attributesOf(executor: ExecutorInfo): Attributes {
  return { 'executor.name': executor.name, 'executor.kind': executor.kind };
}

function taskAttributes({ task }: Pick<TaskEnded, 'task'>): Attributes {
  return { ...attributesOf(task.executor), 'task.name': task.name };
}

function seconds(milliseconds: number): number {
  return milliseconds / 1e3;
}
