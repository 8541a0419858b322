import { expect, test } from 'vitest';
import { hashOf, HashTable } from '../src/list/hash-table.ts';

test('it is a Map of numbers', () => {
  const table = new HashTable();
  const map = new Map<number, number>();
  // Few keys a slot apart, so that runs of full slots form, and enough to grow.
  for (let index = 0; index < 20_000; index += 1) {
    const key = 1 + ((index * 7919) % 9973) * 1024;
    table.set(key, index);
    map.set(key, index);
  }
  expect(table.size).toBe(map.size);
  for (const [key, value] of map) expect(table.get(key)).toBe(value);
  expect(table.get(2)).toBeUndefined();
  const ascending = (a: number, b: number): number => a - b;
  expect([...table.values()].sort(ascending)).toEqual(
    [...map.values()].sort(ascending),
  );
  table.clear();
  expect([table.size, table.get(1)]).toEqual([0, undefined]);
});

test('hashes are whole numbers from 1 on, and differ', () => {
  const hashes = Array.from({ length: 100_000 }, (_, index) =>
    hashOf(`https://site.test/${String(index)}`),
  );
  expect(hashes.every((hash) => Number.isSafeInteger(hash) && hash > 0)).toBe(
    true,
  );
  expect(new Set(hashes).size).toBe(hashes.length);
});
