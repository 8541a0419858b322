import { expect, test } from 'vitest';
import {
  areSmall,
  isSmall,
  Several,
  SMALL_BYTES,
  SmallValues,
} from '../../src/wire/small-values.ts';

const texts = Array.from({ length: 120 }, (_, length) => [
  'a'.repeat(length),
  'é'.repeat(length),
  'Ā'.repeat(length),
]).flat();

test('what is small has room in a place', () => {
  const memory = Buffer.alloc(SMALL_BYTES + 16);
  const values = new SmallValues(memory);
  const assertKept = (): void => {
    expect(memory.subarray(SMALL_BYTES)).toEqual(Buffer.alloc(16, 7));
  };
  let small = 0;
  for (const text of texts) {
    memory.fill(7);
    for (const args of [[text], [text, 1, true], [null, text, text]]) {
      const several = new Several(args);
      if (!areSmall(several)) continue;
      values.writeAll(0, several);
      assertKept();
      expect(values.readAll(0)).toEqual(args);
      small += 1;
    }
    expect(areSmall(text)).toBe(areSmall(new Several([text])));
    if (areSmall(text)) {
      values.writeAll(0, text);
      assertKept();
      expect(values.readAll(0)).toEqual([text]);
    }
    if (!isSmall(text)) continue;
    values.writeOne(0, text);
    assertKept();
    expect(values.readOne(0)).toBe(text);
  }
  expect(small).toBeGreaterThan(300);
});
