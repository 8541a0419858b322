import { expect, test } from 'vitest';
import { Area, AREA_BYTES, fitsArea } from '../../src/wire/area.ts';
import { makeRandom } from '../support/random.ts';

test('no two owners ever have the same memory, and all of it can be used', () => {
  const random = makeRandom();
  const size = 1_000;
  const area = new Area(size);
  const taken = new Map<number, { start: number; end: number }>();
  for (let step = 0; step < 20_000; step += 1) {
    const owner = random.below(16);
    if (taken.delete(owner)) {
      area.release(owner);
      continue;
    }
    const bytes = 1 + random.below(400);
    const start = area.take(owner, bytes);
    const blocks = [...taken.values()].sort((a, b) => a.start - b.start);
    if (start === undefined) {
      const starts = [...blocks.map((block) => block.start), size];
      const ends = [0, ...blocks.map(({ end }) => end)];
      const gaps = starts.map((next, index) => next - (ends[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThan(bytes);
      continue;
    }
    const end = start + bytes;
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeLessThanOrEqual(size);
    for (const block of blocks) {
      expect(end <= block.start || block.end <= start).toBe(true);
    }
    taken.set(owner, { start, end });
  }
  for (const owner of taken.keys()) area.release(owner);
  expect(area.take(0, size)).toBe(0);
});

test('what is too large, or needs a message port, is not for it', () => {
  const bytes = new Uint8Array(10);
  const parts = [{ index: 0, bytes: new Uint8Array(20) }];
  expect(fitsArea({ bytes })).toBe(true);
  expect(fitsArea({ bytes, attached: [undefined], parts })).toBe(true);
  expect(fitsArea({ bytes, attached: [undefined, {}], parts })).toBe(false);
  expect(fitsArea({ bytes: new Uint8Array(AREA_BYTES) })).toBe(false);
});
