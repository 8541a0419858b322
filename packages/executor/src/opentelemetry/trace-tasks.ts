import {
  context,
  SpanKind,
  SpanStatusCode,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { monotonicNow } from '../core/clock.ts';
import type { TaskEnded } from '../core/events.ts';
import { describeError } from '../observe/describe-error.ts';
import { listen } from '../observe/listen.ts';
import { outcomeOf } from '../observe/outcome.ts';

/**
 * Makes a span of each run of a task when it has ended. Its parent is the span that was
 * active at the submit. Keeps nothing but the contexts of tasks that have not ended.
 */
export function traceTasks(tracer: Tracer): Disposable {
  const parents = new Map<number, Context>();
  // Taken once: a clock of the machine that is set must not move the ends of spans.
  const epoch = performance.timeOrigin + performance.now() - monotonicNow();

  /** What was passed over before it has begun has no span. */
  const addRun = (ended: TaskEnded, retried: boolean): void => {
    const parent = parents.get(ended.task.id);
    if (parent === undefined || ended.startedAt === undefined) return;
    const options = {
      kind: SpanKind.INTERNAL,
      startTime: epoch + ended.startedAt,
      attributes: attributesOf(ended),
    };
    const span = tracer.startSpan(ended.task.name, options, parent);
    const end = epoch + ended.at;
    if (ended.failed) addFailure(span, ended.error, end);
    if (retried) span.addEvent('retry', end);
    span.end(end);
  };

  return listen({
    // Published in the call of submit(), so what is active there is active here.
    'concurrent-executors:task:submitted': ({ task }) => {
      parents.set(task.id, context.active());
    },
    'concurrent-executors:task:retried': (ended) => {
      addRun(ended, true);
    },
    'concurrent-executors:task:finished': (ended) => {
      addRun(ended, false);
      parents.delete(ended.task.id);
    },
    'concurrent-executors:task:cancelled': ({ task }) => {
      parents.delete(task.id);
    },
  });
}

function attributesOf(ended: TaskEnded): Attributes {
  const { task, attempt, worker } = ended;
  return {
    'executor.name': task.executor.name,
    'executor.kind': task.executor.kind,
    'task.id': task.id,
    'task.calls': task.calls,
    'task.attempt': attempt,
    'task.outcome': outcomeOf(ended),
    'worker.name': worker?.name,
  };
}

function addFailure(span: Span, error: unknown, at: number): void {
  const message = describeError(error);
  span.recordException(error instanceof Error ? error : message, at);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
