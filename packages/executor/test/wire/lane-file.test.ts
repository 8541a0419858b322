import { expect, test } from 'vitest';
import { LaneFileSide, MAX_READ_UNTOLD } from '../../src/wire/lane-file.ts';
import { PLACES } from '../../src/wire/record-files.ts';
import { openLaneFiles } from '../support/lane-files.ts';
import { makeRandom } from '../support/random.ts';

test('a count is never read as more than it is, nor as less by 8', () => {
  const random = makeRandom();
  using files = openLaneFiles();
  const host = new LaneFileSide(files.common, 'host');
  const seen = new LaneFileSide(files.common, 'host');
  const starts = [0, 255, 2_047, 2 ** 31 - 100, 2 ** 32 - 100, 2 ** 40];
  for (const start of starts) {
    for (let count = start; count < start + 3_000; count += random.below(70)) {
      host.count = count;
      host.writeHead();
      seen.readHead();
      const least = Math.max(count - PLACES - MAX_READ_UNTOLD, 0);
      const read = seen.countFrom(least + random.below(count - least + 1));
      expect(read).toBeLessThanOrEqual(count);
      expect(read).toBeGreaterThan(count - 8);
    }
  }
});
