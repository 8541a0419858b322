import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ExchangeTrace } from '../src/trace/exchange-trace.ts';
import { ExchangeTraceFile } from '../src/trace/exchange-trace-file.ts';
import { manyTraces, refused, trace } from './example-traces.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Span {
  readonly name: string;
  readonly cat: string;
  readonly tid: number;
  /** In microseconds. */
  readonly ts: number;
  readonly dur: number;
  readonly args: Readonly<Record<string, unknown>>;
}

async function spansOf(traces: readonly ExchangeTrace[]) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'run.json');
  using file = new ExchangeTraceFile(path, 'test');
  for (const one of traces) file.add(one);
  file.close();
  const { traceEvents } = JSON.parse(await readFile(path, 'utf8')) as {
    traceEvents: (Span & { ph: string })[];
  };
  const spans: readonly Span[] = traceEvents.filter(({ ph }) => ph === 'X');
  const rows = traceEvents
    .filter(({ name }) => name === 'thread_name')
    .map(({ args }) => args['name']);
  return {
    spans,
    rows,
    exchanges: spans.filter(({ cat }) => cat === 'exchange'),
  };
}

test('an exchange has its phases inside, one after the other', async () => {
  const { spans } = await spansOf([trace()]);
  const [exchange, ...phases] = spans;
  expect(exchange).toMatchObject({
    name: 'BR',
    args: { url: trace().url, attempt: 1, status: 200, bodyBytes: 12_000 },
  });
  expect(phases.map(({ name, dur }) => [name, Math.round(dur / 1000)])).toEqual(
    [
      ['blocked', 10],
      ['dns', 5],
      ['connect', 10],
      ['tls', 20],
      ['send', 1],
      ['wait', 50],
      ['receive', 4],
    ],
  );
  let time = Number(exchange?.ts);
  for (const { ts, dur, tid } of phases) {
    expect(tid).toBe(exchange?.tid);
    expect(ts).toBeCloseTo(time, 3);
    time = ts + dur;
  }
  expect(time).toBeCloseTo(Number(exchange?.ts) + Number(exchange?.dur), 3);
});

test('a worker has one row for what it does one after the other', async () => {
  const { exchanges, rows } = await spansOf(manyTraces(200));
  expect(exchanges).toHaveLength(200);
  expect(rows.sort()).toEqual(
    Array.from({ length: 10 }, (_, i) => `thread ${String(i + 1)}`).sort(),
  );
});

test('an event loop has a row for each exchange at once', async () => {
  const { exchanges, rows } = await spansOf(
    ['AD', 'BR', 'CN'].map((label) => trace({ label, worker: 'main' })),
  );
  expect(new Set(exchanges.map(({ tid }) => tid)).size).toBe(3);
  expect(rows).toEqual(['main', 'main (2)', 'main (3)']);
});

test('tells what went wrong, without credentials', async () => {
  const url = 'http://me:secret@flags.example/';
  const error = `connection refused (ECONNREFUSED): ${url}`;
  const { exchanges } = await spansOf([refused({ url, error })]);
  expect(exchanges[0]?.args).toMatchObject({
    url: 'http://flags.example/',
    status: 0,
    error: 'connection refused (ECONNREFUSED): http://flags.example/',
  });
});
