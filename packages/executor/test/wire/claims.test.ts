import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Claims, claimIn } from '../../src/wire/claims.ts';
import { makeRandom } from '../support/random.ts';

test('a task that was offered goes to whoever is first', () => {
  const claims = new Claims(2);
  const claim = claimIn(claims.memory);
  const [first, second] = [claims.offer(), claims.offer()];
  expect(claim(first)).toBe(true);
  expect(claims.withdraw(first)).toBe(false);
  expect(claims.isStarted(first)).toBe(true);
  expect(claims.withdraw(second)).toBe(true);
  expect(claim(second)).toBe(false);
  expect(claims.isStarted(second)).toBe(false);
});

test('nobody gets it twice, and a free place has nothing to get', () => {
  const claims = new Claims(1);
  const claim = claimIn(claims.memory);
  expect(claim(0)).toBe(false);
  expect(claims.withdraw(0)).toBe(false);
  const place = claims.offer();
  expect([claim(place), claim(place)]).toEqual([true, false]);
  claims.release(place);
  const again = claims.offer();
  expect([claims.withdraw(again), claims.withdraw(again)]).toEqual([
    true,
    false,
  ]);
});

test('there are as many places as were asked for, and each can be used again', () => {
  const claims = new Claims(3);
  const places = [claims.offer(), claims.offer(), claims.offer()];
  expect(new Set(places).size).toBe(3);
  expect(claims.hasFreePlace).toBe(false);
  expect(() => claims.offer()).toThrow(RangeError);
  claims.withdraw(1);
  expect(claims.hasFreePlace).toBe(false); // the thread has not passed over it
  claims.release(1);
  expect(claims.offer()).toBe(1);
});

const MIN_ROUNDS = 5_000;

test('host and thread race for it: exactly one of them wins', async () => {
  const random = makeRandom();
  const claims = new Claims(1);
  // [0]: the round that the host has offered; [1]: the round that the thread has
  // finished; [2]: whether it won.
  const shared = new Int32Array(new SharedArrayBuffer(12));
  const worker = new Worker(
    `const { workerData } = require('node:worker_threads');
     import(workerData.claims).then(({ claimIn }) => {
       const { shared } = workerData;
       const claim = claimIn(workerData.memory);
       for (let round = 1; ; round += 1) {
         while (Atomics.load(shared, 0) === round - 1);
         if (Atomics.load(shared, 0) < 0) return;
         Atomics.store(shared, 2, claim(0) ? 1 : 0);
         Atomics.store(shared, 1, round);
         Atomics.notify(shared, 1);
       }
     });`,
    {
      eval: true,
      workerData: {
        shared,
        memory: claims.memory,
        // Built: a thread on Node 20 loads no TypeScript.
        claims: new URL('../../dist/wire/claims.js', import.meta.url).href,
      },
    },
  );
  await once(worker, 'online');
  const wins = { host: 0, thread: 0 };
  // Until both have won, so that it was a race.
  for (
    let round = 1;
    round <= MIN_ROUNDS || wins.host === 0 || wins.thread === 0;
    round += 1
  ) {
    const place = claims.offer();
    Atomics.store(shared, 0, round);
    for (let wait = random.below(200); wait > 0; wait -= 1) {
      Atomics.load(shared, 1); // some time, of a random length
    }
    const hostWon = claims.withdraw(place);
    Atomics.wait(shared, 1, round - 1);
    const threadWon = Atomics.load(shared, 2) === 1;
    if (hostWon === threadWon) {
      expect.fail(`round ${String(round)}: ${hostWon ? 'both' : 'nobody'} won`);
    }
    expect(claims.isStarted(place)).toBe(threadWon);
    wins[hostWon ? 'host' : 'thread'] += 1;
    claims.release(place);
  }
  const ended = once(worker, 'exit');
  Atomics.store(shared, 0, -1);
  await ended;
});
