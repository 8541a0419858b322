import { channel } from 'node:diagnostics_channel';
import { SpanKind, SpanStatusCode, type HrTime } from '@opentelemetry/api';
import {
  AsyncExecutor,
  ThreadPoolExecutor,
} from '@concurrent-executors/executor';
import { describe, expect, test } from 'vitest';
import { add, exit, passGate, throwError } from '../fixtures/tasks.mjs';
import { backends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { Telemetry } from './telemetry.ts';

const milliseconds = ([seconds, nanoseconds]: HrTime): number =>
  seconds * 1e3 + nanoseconds / 1e6;

describe.each(backends)('$name', ({ name: kind, make }) => {
  test('a run is a span below the one that was active at its submit', async () => {
    await using telemetry = new Telemetry();
    const before = Date.now();
    await using executor = make();
    const calls = [1, 2, 3].map((n) =>
      telemetry.within(() => executor.submit(add, n, n)),
    );
    await Promise.all(calls.map(({ result }) => result));
    const parents = telemetry.spans.map(
      (span) => span.parentSpanContext?.spanId,
    );
    expect(parents.sort()).toEqual(calls.map(({ spanId }) => spanId).sort());
    for (const span of telemetry.spans) {
      expect(span).toMatchObject({
        name: 'add',
        kind: SpanKind.INTERNAL,
        status: { code: SpanStatusCode.UNSET },
        attributes: {
          'executor.name': kind,
          'executor.kind': kind,
          'task.calls': 1,
          'task.attempt': 1,
          'task.outcome': 'returned',
        },
      });
      // The wrong clock is wrong by years; the right one differs by its rounding.
      expect(milliseconds(span.startTime)).toBeGreaterThan(before - 1000);
      expect(milliseconds(span.endTime)).toBeLessThan(Date.now() + 1000);
      expect(milliseconds(span.duration)).toBeGreaterThanOrEqual(0);
    }
  });

  test('without an active span, a run is the root of its trace', async () => {
    await using telemetry = new Telemetry();
    await using executor = make();
    await executor.submit(add, 1, 2);
    expect(telemetry.spans).toMatchObject([{ parentSpanContext: undefined }]);
  });

  test('each run of a task that is retried is a span with its failure', async () => {
    await using telemetry = new Telemetry();
    await using executor = make();
    const { spanId, result } = telemetry.within(() =>
      executor.with({ retries: 1 }).submit(throwError, 'no'),
    );
    await result.exception();
    expect(
      telemetry.spans.map(({ attributes, events }) => [
        attributes['task.attempt'],
        attributes['task.outcome'],
        events.map(({ name }) => name),
      ]),
    ).toEqual([
      [1, 'threw', ['exception', 'retry']],
      [2, 'threw', ['exception']],
    ]);
    for (const span of telemetry.spans) {
      expect(span.parentSpanContext?.spanId).toBe(spanId);
      expect(span.status).toEqual({
        code: SpanStatusCode.ERROR,
        message: 'RangeError: no',
      });
      expect(span.events[0]?.attributes).toMatchObject({
        'exception.type': 'RangeError',
        'exception.message': 'no',
        'exception.stacktrace': expect.stringContaining('tasks.mjs') as unknown,
      });
    }
    const names = {
      'executor.name': kind,
      'executor.kind': kind,
      'task.name': 'throwError',
    };
    expect(await telemetry.metric('executor.tasks.retried')).toEqual([
      [names, 1],
    ]);
    expect(await telemetry.metric('executor.tasks.ended')).toEqual([
      [{ ...names, 'task.outcome': 'threw' }, 1],
    ]);
    expect(await telemetry.metric('executor.task.duration')).toEqual([
      [names, 2],
    ]);
    expect(await telemetry.metric('executor.task.waiting')).toEqual([
      [names, 2],
    ]);
  });
});

describe.each(pools)('a $name pool', ({ Pool }) => {
  test('a crash ends the span, and workers are counted while they live', async () => {
    await using telemetry = new Telemetry();
    {
      await using pool = new Pool({ maxWorkers: 1 });
      await pool.submit(exit, 3).exception();
      await pool.submit(add, 1, 2);
      const [[, workers] = []] = await telemetry.metric('executor.workers');
      expect(workers).toBe(1);
    }
    expect(telemetry.spans).toMatchObject([
      {
        name: 'exit',
        status: { code: SpanStatusCode.ERROR },
        attributes: {
          'task.outcome': 'crashed',
          'worker.name': expect.stringMatching(
            /^(?:thread|process) \d+$/,
          ) as unknown,
        },
      },
      { name: 'add' },
    ]);
    const [[, workers] = []] = await telemetry.metric('executor.workers');
    expect(workers).toBe(0);
  });
});

describe('tasks that wait and run', () => {
  async function live(telemetry: Telemetry) {
    const [[, queued] = []] = await telemetry.metric('executor.tasks.queued');
    const [[, running] = []] = await telemetry.metric('executor.tasks.running');
    return { queued, running };
  }

  test('are counted as long as they do; one that is cancelled has no span', async () => {
    await using telemetry = new Telemetry();
    await using executor = new AsyncExecutor({ maxWorkers: 1 });
    await using gate = await makeGate();
    const first = executor.submit(passGate, gate.path, 1);
    const second = executor.submit(passGate, gate.path, 2);
    const third = executor.submit(passGate, gate.path, 3);
    await gate.arrived(1);
    expect(await live(telemetry)).toEqual({ queued: 2, running: 1 });
    third.cancel();
    expect(await live(telemetry)).toEqual({ queued: 1, running: 1 });
    gate.open();
    await Promise.all([first, second]);
    expect(await live(telemetry)).toEqual({ queued: 0, running: 0 });
    expect(telemetry.spans).toHaveLength(2);
    const ended = await telemetry.metric('executor.tasks.ended');
    expect(
      ended.map(([attributes, count]) => [attributes['task.outcome'], count]),
    ).toEqual([
      ['cancelled', 1],
      ['returned', 2],
    ]);
  });

  test('count as waiting between two runs', async () => {
    await using telemetry = new Telemetry();
    await using executor = new AsyncExecutor({ maxWorkers: 1 });
    await using gate = await makeGate();
    let runs = 0;
    const retried = executor.with({ retries: 1 }).submit(async () => {
      runs += 1;
      await passGate(gate.path, 0);
      if (runs === 1) throw new Error('first run');
      return runs;
    });
    await gate.arrived(1);
    const urgent = executor
      .with({ priority: 1 })
      .submit(passGate, gate.path, 1);
    gate.open(1);
    await gate.arrived(2);
    expect(runs).toBe(1);
    expect(await live(telemetry)).toEqual({ queued: 1, running: 1 });
    gate.open();
    await urgent;
    expect(await retried).toBe(2);
    expect(await live(telemetry)).toEqual({ queued: 0, running: 0 });
  });

  test('are not counted for ever by an instrumentation that has ended', async () => {
    await using telemetry = new Telemetry();
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    await using gate = await makeGate();
    const running = pool.submit(passGate, gate.path, 1);
    const queued = pool.submit(passGate, gate.path, 2);
    await gate.arrived(1);
    telemetry.instrumentation[Symbol.dispose]();
    expect(await live(telemetry)).toEqual({ queued: 0, running: 0 });
    const [[, workers] = []] = await telemetry.metric('executor.workers');
    expect(workers).toBe(0);
    gate.open();
    await Promise.all([running, queued]);
    expect(telemetry.spans).toEqual([]);
    expect(channel('concurrent-executors:task:finished').hasSubscribers).toBe(
      false,
    );
  });
});
