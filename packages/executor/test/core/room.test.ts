import { expect, test } from 'vitest';
import { Room } from '../../src/core/room.ts';

test('a place that the one who waited for it does not take goes to the next one', async () => {
  let size = 0;
  const room = new Room(
    () => size,
    () => false,
  );
  const woken: number[] = [];
  const waits = [1, 2].map((n) =>
    room.wait(false).then(() => {
      woken.push(n);
    }),
  );
  size = 1;
  room.changed();
  await Promise.all(waits);
  expect(woken).toEqual([1, 2]);
});
