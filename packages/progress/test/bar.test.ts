import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProgressBar } from '@concurrent-executors/progress';
import { TerminalStream, TextStream } from './screen.ts';

let now = 0;
const clock = () => now;

beforeEach(() => {
  now = 0;
  vi.useFakeTimers();
});

// The leak check of every test: all bars are closed, so nothing may be left.
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function openBar(options: ConstructorParameters<typeof ProgressBar>[0] = {}) {
  const stream = new TerminalStream(53);
  const bar = new ProgressBar({ stream, clock, total: 20, ...options });
  return { stream, screen: stream.screen, bar };
}

/** Lets the clock and the timers pass. */
function pass(milliseconds: number): void {
  now += milliseconds;
  vi.advanceTimersByTime(milliseconds);
}

describe('drawing', () => {
  test('at the start, after the interval, and at the end', () => {
    const { screen, bar } = openBar();
    expect(screen.text).toBe(
      '  0%|                      | 0/20 [00:00<?, ?it/s]',
    );
    now = 1000;
    bar.update(5);
    expect(screen.text).toBe(
      ' 25%|████            | 5/20 [00:01<00:03, 5.0it/s]',
    );
    bar.update(5);
    expect(screen.text).toContain(' 5/20 ');
    now = 4000;
    bar.close();
    expect(screen.text).toBe(
      ' 50%|███████▌       | 10/20 [00:04<00:04, 2.5it/s]',
    );
    expect(screen.cursorRow).toBe(1);
  });

  test('a loop that never waits is drawn without timers, at most once an interval', () => {
    const { stream, bar } = openBar({ total: 1000, minInterval: 500 });
    const write = vi.spyOn(stream, '_write');
    for (; now < 1000; now += 1) bar.update();
    const drawn = write.mock.calls.filter(([chunk]) => chunk.includes('it/s'));
    expect(drawn).toHaveLength(1);
    bar.close();
  });

  test('a timer shows what the last update within the interval left out', () => {
    const { screen, bar } = openBar();
    now = 50;
    bar.update();
    expect(screen.text).toContain(' 0/20 ');
    pass(100);
    expect(screen.text).toContain(' 1/20 ');
    bar.close();
  });

  test('timers keep to a longer interval', () => {
    const { screen, bar } = openBar({ minInterval: 1000 });
    bar.postfix = 'changed';
    pass(999);
    expect(screen.text).not.toContain('changed');
    pass(100);
    expect(screen.text).toContain('changed');
    bar.close();
  });

  test('a timer moves the elapsed time on during a stall', () => {
    const { screen, bar } = openBar();
    pass(1000);
    bar.update();
    pass(9000);
    expect(screen.text).toContain('[00:10<');
    bar.close();
  });

  test('a changed width, description, postfix and total are taken up', () => {
    const { stream, screen, bar } = openBar();
    stream.columns = 49;
    bar.description = 'new';
    bar.postfix = 'p';
    bar.total = 0;
    pass(200);
    expect(screen.text).toBe('new: 0it [00:00, ?it/s, p]');
    bar.total = 5;
    pass(200);
    expect(screen.text).toBe('new:   0%|           | 0/5 [00:00<?, ?it/s, p]');
    bar.close();
  });

  test('a terminal that tells no width has 80 columns', () => {
    const stream = new TerminalStream(80);
    stream.columns = 0;
    new ProgressBar({ stream, total: 1 }).close();
    expect(stream.screen.text).toHaveLength(77);
  });
});

describe('several bars on a terminal', () => {
  const open = (stream: TerminalStream, description: string, leave = true) =>
    new ProgressBar({ stream, clock, description, leave });

  test('stand below each other, and a closed one moves above', () => {
    const stream = new TerminalStream(40);
    const [first, second, third] = [
      open(stream, 'first'),
      open(stream, 'second'),
      open(stream, 'third'),
    ];
    const names = () => stream.screen.text.match(/\w+(?=: )/g);
    expect(names()).toEqual(['first', 'second', 'third']);
    second.close();
    expect(names()).toEqual(['second', 'first', 'third']);
    const fourth = open(stream, 'fourth');
    expect(names()).toEqual(['second', 'first', 'third', 'fourth']);
    first.close();
    third.close();
    fourth.close();
    expect(names()).toEqual(['second', 'first', 'third', 'fourth']);
    expect(stream.screen.cursorRow).toBe(4);
  });

  test('one that does not stay leaves no row', () => {
    const stream = new TerminalStream(40);
    const outer = open(stream, 'outer', false);
    for (const name of ['a', 'b']) {
      const inner = open(stream, name, false);
      inner.update();
      inner.close();
    }
    expect(stream.screen.text).toBe('outer: 0it [00:00, ?it/s]');
    outer.close();
    expect(stream.screen.text).toBe('');
    expect(stream.screen.cursorRow).toBe(0);
  });

  test('that find no row wait for one', () => {
    const stream = new TerminalStream(40, 3);
    const bars = ['a', 'b', 'c', 'd', 'e'].map((name) => open(stream, name));
    const names = () => stream.screen.text.match(/\w+(?=: )/g);
    const close = (index: number) => bars[index]?.close();
    expect(names()).toEqual(['a', 'b']);
    close(3);
    expect(names()).toEqual(['d', 'a', 'b']);
    close(0);
    expect(names()).toEqual(['d', 'a', 'b', 'c']);
    close(1);
    expect(names()).toEqual(['d', 'a', 'b', 'c', 'e']);
    close(2);
    close(4);
    expect(names()).toEqual(['d', 'a', 'b', 'c', 'e']);
  });

  test('written lines replace all of what stood there', () => {
    const stream = new TerminalStream(40);
    const first = open(stream, 'first');
    const second = open(stream, 'second');
    first.write('one\ntwo');
    second.write('three');
    expect(stream.screen.text).toBe(
      'one\ntwo\nthree\nfirst: 0it [00:00, ?it/s]\nsecond: 0it [00:00, ?it/s]',
    );
    first.close();
    second.close();
    second.write('four');
    expect(stream.screen.text).toMatch(/first.*\nsecond.*\nfour$/);
  });

  test('written lines may go to another stream', () => {
    const stream = new TerminalStream(40);
    const results = new TextStream();
    const bar = open(stream, 'bar');
    bar.write('result', results);
    bar.close();
    expect(results.text).toBe('result\n');
    expect(stream.screen.text).not.toContain('result');
  });
});

describe('delay', () => {
  test('a run that ends before it shows nothing', () => {
    const { screen, bar } = openBar({ delay: 1000 });
    pass(999);
    bar.update();
    bar.close();
    expect(screen.text).toBe('');
    expect(screen.cursorRow).toBe(0);
  });

  test('a longer run appears, without any update', () => {
    const { screen, bar } = openBar({ delay: 1000 });
    pass(1000);
    expect(screen.text).toContain(' 0/20 [00:01<?');
    bar.close();
  });

  test('a loop that never waits appears too', () => {
    const { screen, bar } = openBar({ delay: 1000 });
    now = 1000;
    bar.update();
    expect(screen.text).toContain(' 1/20 ');
    bar.close();
  });
});

describe('closing', () => {
  test('`using` closes; a second close and later updates draw nothing', () => {
    const { screen, bar } = openBar();
    {
      using closing = bar;
      closing.update(20);
    }
    expect(bar.closed).toBe(true);
    const text = screen.text;
    bar.close();
    bar.update();
    expect(screen.text).toBe(text);
    expect(bar.count).toBe(21);
  });

  test('leaves no listener on the process or on the stream', () => {
    const count = () =>
      [process, stream]
        .flatMap((emitter) =>
          emitter.eventNames().map((name) => emitter.listenerCount(name)),
        )
        .reduce((sum, n) => sum + n, 0);
    const stream = new TerminalStream(60);
    const before = count();
    const bars = [1, 2, 3].map(() => new ProgressBar({ stream }));
    for (const bar of bars) bar.close();
    expect(count()).toBe(before);
  });
});

test('a disabled bar counts and writes, but shows nothing', () => {
  const { screen, bar } = openBar({ disable: true });
  now = 1000;
  bar.update();
  bar.write('text');
  bar.close();
  expect(screen.text).toBe('text');
  expect(bar.count).toBe(1);
});

test.for(['total', 'delay', 'minInterval'])(
  '%s must not be negative or NaN',
  (name) => {
    for (const value of [-1, NaN, Infinity])
      expect(() => new ProgressBar({ [name]: value })).toThrow(
        new RangeError(
          `${name} must be a finite number, 0 or more; got ${String(value)}.`,
        ),
      );
  },
);
