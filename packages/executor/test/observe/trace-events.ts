import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** An event of a trace file, as its readers see it. Times are microseconds. */
export interface Event {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Readonly<Record<string, unknown>>;
}

export function readTrace(path: string): {
  readonly title: unknown;
  readonly events: readonly Event[];
} {
  const { otherData, traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as {
    otherData: { title: unknown };
    traceEvents: Event[];
  }; // checked below
  for (const { ph, name, pid } of traceEvents) {
    expect('MXi').toContain(ph);
    expect([typeof name, typeof pid]).toEqual(['string', 'number']);
  }
  return { title: otherData.title, events: traceEvents };
}

/** The names of processes and threads by their ids, which all differ. */
export function namesOf(events: readonly Event[]): Map<number, string> {
  const named = events.filter(({ name }) => name.endsWith('_name'));
  const names = new Map(
    named.map(({ pid, tid = pid, args }) => [tid, String(args['name'])]),
  );
  expect(names.size).toBe(named.length);
  return names;
}

export function spansOf(events: readonly Event[]): readonly Event[] {
  return events.filter(({ ph }) => ph === 'X');
}

/** Events on one thread lie one after the other or inside each other. */
export function expectNoOverlap(events: readonly Event[]): void {
  const threads = new Set(spansOf(events).map(({ tid }) => tid));
  // In nanoseconds, which are whole.
  const start = ({ ts }: Event): number => Math.round(ts * 1e3);
  const end = ({ ts, dur }: Event): number => Math.round((ts + dur) * 1e3);
  for (const thread of threads) {
    const spans = spansOf(events).filter(({ tid }) => tid === thread);
    const open: Event[] = [];
    for (const span of spans.toSorted(
      (a, b) => start(a) - start(b) || end(b) - end(a),
    )) {
      expect(span.dur).toBeGreaterThanOrEqual(0);
      while (open[0] !== undefined && end(open[0]) <= start(span)) open.shift();
      if (open[0] !== undefined) {
        expect(end(span)).toBeLessThanOrEqual(end(open[0]));
      }
      open.unshift(span);
    }
  }
}
