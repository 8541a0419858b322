import { expect, test } from 'vitest';
import { Channel } from '../src/download/channel.ts';

/** Lets all that is ready happen. */
const settle = () => new Promise(setImmediate);

async function readAll<T>(channel: Channel<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of channel.read()) values.push(value);
  return values;
}

test('values arrive in order, those before the end too', async () => {
  const channel = new Channel<number>(10);
  const read = readAll(channel);
  await channel.write(1);
  await settle();
  await channel.write(2);
  await channel.write(3);
  channel.close();
  expect(await read).toEqual([1, 2, 3]);
});

test('who writes waits while there is no room', async () => {
  const channel = new Channel<number>(2);
  let written = 0;
  const writing = (async () => {
    for (let value = 1; value <= 5; value += 1) {
      await channel.write(value);
      written = value;
    }
    channel.close();
  })();
  await settle();
  expect(written).toBe(1);
  expect(await readAll(channel)).toEqual([1, 2, 3, 4, 5]);
  await writing;
});

test('the first error comes after the values', async () => {
  const channel = new Channel<number>(10);
  await channel.write(1);
  channel.fail(new Error('first'));
  channel.fail(new Error('second'));
  const values: number[] = [];
  await expect(async () => {
    for await (const value of channel.read()) values.push(value);
  }).rejects.toThrow('first');
  expect(values).toEqual([1]);
});
