/* Host and worker of a lane, one step at a time, in one thread and in a random order. */
import { describe, expect, test } from 'vitest';
import { monotonicNow } from '../../src/core/clock.ts';
import { HostFileLane } from '../../src/wire/host-file-lane.ts';
import { HostMemoryLane } from '../../src/wire/host-memory-lane.ts';
import {
  MAX_ENCODED,
  type HostLane,
  type WorkerLane,
} from '../../src/wire/lane.ts';
import { Several, SMALL_BYTES } from '../../src/wire/small-values.ts';
import { MAX_INLINE } from '../../src/wire/task-records.ts';
import { WorkerFileLane } from '../../src/wire/worker-file-lane.ts';
import { WorkerMemoryLane } from '../../src/wire/worker-memory-lane.ts';
import { openLaneFiles } from '../support/lane-files.ts';
import { makeRandom } from '../support/random.ts';

/** Without a wait for anything. @param tell see LanePatience */
const patience = (tell: number) => ({ spin: 0, sleep: 0, tell });

const none = new Several([]);

interface Bells {
  wakeWorker: () => void;
  wakeHost: () => void;
}

interface Sides extends Disposable {
  readonly host: HostLane;
  readonly worker: WorkerLane;
}

const kinds: readonly {
  readonly name: string;
  readonly make: (bells: Bells, tell?: number) => Sides;
}[] = [
  {
    name: 'memory',
    make(bells, tell = 0) {
      const host = new HostMemoryLane(64, () => {
        bells.wakeWorker();
      });
      const wakeHost = (): void => {
        bells.wakeHost();
      };
      const worker = new WorkerMemoryLane(
        host.memory,
        wakeHost,
        patience(tell),
      );
      return { host, worker, [Symbol.dispose]: () => undefined };
    },
  },
  {
    name: 'file',
    make(bells, tell = 0) {
      const files = openLaneFiles();
      const host = new HostFileLane(files, {
        wake: () => {
          bells.wakeWorker();
        },
        broken: () => {
          throw new Error('the disk is full');
        },
      });
      const wakeHost = (): void => {
        bells.wakeHost();
      };
      const worker = new WorkerFileLane(
        files,
        { wake: wakeHost, parked: () => undefined },
        patience(tell),
      );
      return {
        host,
        worker,
        [Symbol.dispose]: () => {
          files[Symbol.dispose]();
        },
      };
    },
  },
];

/** Milliseconds that pass. */
function pass(milliseconds: number): void {
  const end = monotonicNow() + milliseconds;
  while (monotonicNow() < end);
}

describe.each(kinds)('the lane in a $name', ({ make }) => {
  test('tells how long tasks took, without the time when there were none', () => {
    using sides = make({
      wakeWorker: () => undefined,
      wakeHost: () => undefined,
    });
    const { host, worker } = sides;
    const began = monotonicNow();
    for (let round = 0; round < 3; round += 1) {
      const places = [0, 1].map(() => {
        const place = host.claims.offer();
        host.run(place, 0, place, 1, none);
        return place;
      });
      host.flush();
      for (const place of places) {
        expect(worker.next()).toBe(true);
        pass(5);
        worker.answer(place, null);
      }
      expect(worker.next()).toBe(false);
      expect(worker.park(true)).toBe(true);
      pass(50);
    }
    let took = 0;
    while (host.hasAnswer && host.next()) {
      expect(host.runTime / 1e6).toBeGreaterThan(4.999); // less precise than the clock
      took += host.runTime / 1e6;
    }
    expect(took).toBeLessThan(monotonicNow() - began - 149);
  });

  test('carries arguments and results as they are', () => {
    const values: unknown[] = [
      undefined,
      null,
      true,
      false,
      0,
      -0,
      1.5,
      NaN,
      -Infinity,
      2 ** 53,
      -(2n ** 63n),
      2n ** 63n - 1n,
      '',
      'latin é',
      'ελληνικά 🙂',
      '\ud800',
    ];
    using sides = make({
      wakeWorker: () => undefined,
      wakeHost: () => undefined,
    });
    const { host, worker } = sides;
    for (const value of values) {
      const place = host.claims.offer();
      host.run(place, 7, 2 ** 40 + place, 3, new Several([value, 'and', 2]));
      host.flush();
      expect(worker.next()).toBe(true);
      expect(worker.place).toBe(place);
      expect(worker.taskIn(place)).toBe(7);
      expect(worker.idIn(place)).toBe(2 ** 40 + place);
      expect(worker.attemptIn(place)).toBe(3);
      expect(worker.claim(place)).toBe(true);
      expect(worker.argumentsIn(place)).toStrictEqual([value, 'and', 2]);
      expect(host.claims.isStarted(place)).toBe(true);
      worker.answer(place, value);
      worker.tell();
      expect(host.hasAnswer && host.next()).toBe(true);
      expect([host.place, host.isSkipped]).toEqual([place, false]);
      expect(Object.is(host.result, value)).toBe(true);
      host.claims.release(place);
      expect([worker.next(), host.next()]).toEqual([false, false]);
    }
  });

  test('a worker that goes on tells of no answer before the last', () => {
    let bells = 0;
    const wakeHost = (): void => {
      bells += 1;
    };
    using sides = make({ wakeWorker: () => undefined, wakeHost }, Infinity);
    const { host, worker } = sides;
    for (let id = 0; id < 3; id += 1) {
      host.run(host.claims.offer(), 7, id, 1, none);
    }
    host.flush();
    expect(host.park()).toBe(true);
    for (let id = 0; id < 3; id += 1) {
      expect(worker.next() && worker.claim(worker.place)).toBe(true);
      const before = bells;
      worker.answer(worker.place, id);
      worker.turns();
      if (id < 2) expect(bells - before).toBe(0);
    }
    expect(worker.park(false)).toBe(true);
    expect(bells).toBe(1);
    expect(host.hasAnswer && host.next()).toBe(true);
  });

  test('carries what is encoded, and says what must go by a message', () => {
    using sides = make({
      wakeWorker: () => undefined,
      wakeHost: () => undefined,
    });
    const { host, worker } = sides;
    // Those that go with their records, and those that do not.
    const sizes = [1, SMALL_BYTES, SMALL_BYTES + 1, MAX_INLINE, MAX_INLINE + 1];
    const bytes = Buffer.alloc(9_000, 'abc');
    for (const size of [...sizes, ...sizes, 9_000]) {
      const place = host.claims.offer();
      const value = { bytes: bytes.subarray(0, size) };
      expect(host.runEncoded(place, 7, size, 1, false, value)).toBe(true);
      host.flush();
      expect(worker.next() && worker.claim(place)).toBe(true);
      expect(worker.encodedIn(place)?.bytes).toEqual(
        Uint8Array.from(value.bytes),
      );
      expect(worker.answerEncoded(place, value)).toBe(true);
      worker.tell();
      expect(host.hasAnswer && host.next()).toBe(true);
      expect(host.encoded?.bytes).toEqual(Uint8Array.from(value.bytes));
      host.claims.release(place);
    }
    for (let round = 0; round < 3_000; round += 1) {
      const place = host.claims.offer();
      host.run(place, 7, round, 1, none);
      host.flush();
      expect(worker.next() && worker.claim(place)).toBe(true);
      worker.answer(place, undefined);
      worker.tell();
      expect(host.hasAnswer && host.next()).toBe(true);
      host.claims.release(place);
    }
    // Ten megabytes: more than there is room for at once.
    for (let round = 0; round < 1_200; round += 1) {
      const place = host.claims.offer();
      const isChunk = round % 2 === 0;
      expect(host.runEncoded(place, 7, round, 1, isChunk, { bytes })).toBe(
        true,
      );
      host.flush();
      expect(worker.next()).toBe(true);
      expect(worker.isChunk(place)).toBe(isChunk);
      const body = worker.encodedIn(place);
      expect(Buffer.compare(bytes, body?.bytes ?? Buffer.alloc(0))).toBe(0);
      expect(worker.claim(place)).toBe(true);
      expect(worker.answerEncoded(place, { bytes })).toBe(true);
      worker.tell();
      expect(host.hasAnswer && host.next()).toBe(true);
      const answer = host.encoded?.bytes ?? Buffer.alloc(0);
      expect(Buffer.compare(bytes, answer)).toBe(0);
      host.claims.release(place);
    }
    // Results that nobody has read stay as they are.
    const results = Array.from({ length: 60 }, (_, n) =>
      Buffer.alloc(9_000, n),
    );
    for (const [id] of results.entries()) {
      host.run(host.claims.offer(), 7, id, 1, none);
    }
    host.flush();
    for (const result of results) {
      expect(worker.next() && worker.claim(worker.place)).toBe(true);
      expect(worker.answerEncoded(worker.place, { bytes: result })).toBe(true);
    }
    worker.tell();
    for (const result of results) {
      expect(host.hasAnswer && host.next()).toBe(true);
      const answer = host.encoded?.bytes ?? Buffer.alloc(0);
      expect(Buffer.compare(result, answer)).toBe(0);
      host.claims.release(host.place);
    }
    const place = host.claims.offer();
    for (const value of [
      { bytes: Buffer.alloc(3 * 2 ** 20) },
      { bytes, attached: [new SharedArrayBuffer(1)] },
    ]) {
      expect(host.runEncoded(place, 7, 1, 1, false, value)).toBe(false);
    }
  });

  test('rings for who waits, however often that has fallen asleep before', () => {
    let bellsOfWorker = 0;
    let bellsOfHost = 0;
    using sides = make({
      wakeWorker: () => (bellsOfWorker += 1),
      wakeHost: () => (bellsOfHost += 1),
    });
    const { host, worker } = sides;
    host.park();
    worker.park(false);
    // Signs that are bytes come round again.
    for (let times = 0; times < 300; times += 1) {
      for (let n = 0; n < times; n += 1) {
        worker.park(false);
        host.unpark();
        host.park();
      }
      const before = [bellsOfWorker, bellsOfHost];
      const place = host.claims.offer();
      host.run(place, 0, times, 1, times);
      host.flush();
      expect(bellsOfWorker).toBe((before[0] ?? 0) + 1);
      expect(worker.next()).toBe(true);
      expect(worker.claim(place)).toBe(true);
      worker.answer(place, times);
      worker.park(false);
      worker.tell();
      expect(bellsOfHost).toBe((before[1] ?? 0) + 1);
      expect(host.hasAnswer && host.next()).toBe(true);
      expect(host.result).toBe(times);
      host.claims.release(place);
      host.park();
    }
  });

  test('a host that waits for the last answer is told of it, or sees it', () => {
    let bells = 0;
    const wakeHost = (): void => {
      bells += 1;
    };
    using sides = make({ wakeWorker: () => undefined, wakeHost }, Infinity);
    const { host, worker } = sides;
    const answer = (): void => {
      expect(worker.next() && worker.claim(worker.place)).toBe(true);
      worker.answer(worker.place, null);
    };
    for (const answered of [0, 1, 2, 3]) {
      host.unpark();
      for (let id = 0; id < 3; id += 1) {
        host.run(host.claims.offer(), 7, id, 1, none);
      }
      host.flush();
      for (let n = 0; n < answered; n += 1) answer();
      if (answered === 3) expect(worker.park(false)).toBe(true);
      const before = bells;
      expect(host.park(3)).toBe(answered < 3);
      for (let n = answered; n < 3; n += 1) answer();
      expect(worker.park(false)).toBe(true);
      expect(bells - before).toBe(answered < 3 ? 1 : 0);
      for (let n = 0; n < 3; n += 1) {
        expect(host.hasAnswer && host.next()).toBe(true);
        host.claims.release(host.place);
      }
    }
  });

  test('a worker that is about to wait sees what was sent meanwhile', () => {
    const bells = {
      wakeWorker: (): void => undefined,
      wakeHost: (): void => undefined,
    };
    using sides = make(bells, Infinity);
    const { host, worker } = sides;
    const send = (): void => {
      host.run(host.claims.offer(), 7, 1, 1, none);
      host.flush();
    };
    host.park();
    send();
    expect(worker.next() && worker.claim(worker.place)).toBe(true);
    bells.wakeHost = send;
    worker.answer(worker.place, 1);
    expect(worker.park(false)).toBe(false);
    expect(worker.next()).toBe(true);
  });

  test('loses nothing, and nobody waits for the other side in vain', () => {
    const random = makeRandom();
    for (let round = 0; round < 10; round += 1) playRound(make, random);
  });
});

test('a lane in files knows after some calls how long they take, one in memory makes none', () => {
  for (const { name, make } of kinds) {
    using sides = make({
      wakeWorker: () => undefined,
      wakeHost: () => undefined,
    });
    const { host } = sides;
    expect(host.callTime).toBe(0);
    for (let id = 1; id <= 64; id += 1) {
      const place = host.claims.offer();
      host.run(place, 0, id, 1, none);
      host.flush();
      expect(host.claims.withdraw(place)).toBe(true);
      host.claims.release(place);
    }
    expect(host.callTime > 0).toBe(name === 'file');
  }
});

describe('long texts in a lane in memory', () => {
  const makeSides = () => {
    const host = new HostMemoryLane(64, () => undefined);
    const worker = new WorkerMemoryLane(
      host.memory,
      () => undefined,
      patience(0),
    );
    const bytes = Uint8Array.of(1, 2, 3);
    return {
      host,
      worker,
      send: (...attached: unknown[]): boolean => {
        const place = host.claims.offer();
        const value = { bytes, attached };
        if (host.runEncoded(place, 7, 1, 1, false, value)) return true;
        host.claims.release(place);
        return false;
      },
      receive: (): unknown => {
        host.flush();
        expect(worker.next() && worker.claim(worker.place)).toBe(true);
        const value = worker.encodedIn(worker.place);
        expect(value?.bytes).toEqual(bytes);
        return value?.attached;
      },
      answer: (place: number, ...attached: unknown[]): boolean =>
        worker.answerEncoded(place, { bytes, attached }),
      result: (): unknown => {
        expect(host.hasAnswer && host.next()).toBe(true);
        const value = host.encoded;
        expect(value?.bytes).toEqual(bytes);
        host.claims.release(host.place);
        return value?.attached;
      },
    };
  };

  test('arrive as they are', () => {
    const { worker, send, receive, answer, result } = makeSides();
    const texts = ['a'.repeat(20_000), 'é'.repeat(70_000), ''];
    expect(send(...texts)).toBe(true);
    expect(receive()).toEqual(texts);
    texts.reverse();
    expect(answer(worker.place, ...texts)).toBe(true);
    expect(result()).toEqual(texts);
  });

  test('go by messages if they are too long or too many, and all that is no such text', () => {
    const { send } = makeSides();
    const text = 'a'.repeat(20_000);
    expect(send('a'.repeat(128 * 1_024))).toBe(false);
    expect(send('λ'.repeat(20_000))).toBe(false);
    expect(send(text, new SharedArrayBuffer(1))).toBe(false);
    expect(send(...Array.from({ length: 25 }, () => 'text'))).toBe(false);
    expect(send(text)).toBe(true);
  });

  test('stay as they are until they are read, and leave room then', () => {
    const { host, worker, send, receive, answer, result } = makeSides();
    const text = (n: number): string => String(n).padEnd(100_000, '.');
    for (let round = 0; round < 20; round += 1) {
      let sent = 0;
      while (send(text(sent))) sent += 1;
      expect(sent).toBe(20);
      const places: number[] = [];
      for (let n = 0; n < sent; n += 1) {
        expect(receive()).toEqual([text(n)]);
        places.push(worker.place);
      }
      for (const [n, place] of places.entries()) {
        expect(answer(place, text(100 + n))).toBe(true);
      }
      for (let n = 0; n < sent; n += 1) {
        expect(result()).toEqual([text(100 + n)]);
      }
    }
    // There is no room for more results than for tasks.
    let answered = 0;
    for (; ; answered += 1) {
      host.run(host.claims.offer(), 7, 1, 1, none);
      host.flush();
      expect(worker.next() && worker.claim(worker.place)).toBe(true);
      if (!answer(worker.place, text(answered))) break;
    }
    expect(answered).toBe(20);
    for (let n = 0; n < answered; n += 1) expect(result()).toEqual([text(n)]);
    expect(answer(worker.place, text(0))).toBe(true);
  });
});

test('a thread sees each task at once while it has few, then several together', () => {
  const host = new HostMemoryLane(64, () => undefined);
  const worker = new WorkerMemoryLane(
    host.memory,
    () => undefined,
    patience(0),
  );
  const send = (id: number): number => {
    const place = host.claims.offer();
    host.run(place, 0, id, 1, id);
    return place;
  };
  let seen = 0;
  const look = (): number => {
    while (worker.next()) seen += 1;
    return seen;
  };
  for (let id = 1; id <= 4; id += 1) {
    send(id);
    expect(look()).toBe(id);
  }
  let hid = 0;
  for (let id = 5; id <= 40; id += 1) {
    send(id);
    hid = Math.max(hid, id - look());
  }
  expect(hid).toBe(7);
  // What it cannot see is the host's in any case.
  const place = send(41);
  expect(look()).toBeLessThan(41);
  expect(host.claims.withdraw(place)).toBe(true);
  // To look for answers where there are none shows all: the thread may have nothing else.
  expect(host.hasAnswer).toBe(false);
  expect(look()).toBe(41);
  expect(worker.claim(place)).toBe(false);
});

test('large results in a file stay as they are until they are read', () => {
  const random = makeRandom();
  const make = kinds.find(({ name }) => name === 'file')?.make;
  using sides = make?.({
    wakeWorker: () => undefined,
    wakeHost: () => undefined,
  });
  if (sides === undefined) expect.fail('there is no lane in a file');
  const { host, worker } = sides;
  for (let round = 0; round < 300; round += 1) {
    // The host mostly reads answers without a reason to write anything else.
    for (let left = random.below(300); left > 0; left -= 1) {
      host.run(host.claims.offer(), 7, round, 1, none);
      host.flush();
      expect(worker.next()).toBe(true);
      worker.answer(worker.place, undefined);
      expect(host.hasAnswer && host.next()).toBe(true);
      host.claims.release(host.place);
    }
    if (random.chance(0.1)) host.park();
    const sent = new Map<number, Buffer>();
    for (let left = 1 + random.below(40); left > 0; left -= 1) {
      const place = host.claims.offer();
      host.run(place, 7, round, 1, none);
      const length = MAX_ENCODED + 1 + random.below(100_000);
      sent.set(place, Buffer.alloc(length, round + left));
    }
    host.flush();
    for (const result of sent.values()) {
      expect(worker.next()).toBe(true);
      expect(worker.answerEncoded(worker.place, { bytes: result })).toBe(true);
    }
    for (const [place, result] of sent) {
      expect(host.hasAnswer && host.next()).toBe(true);
      expect(host.place).toBe(place);
      const answer = host.encoded?.bytes ?? Buffer.alloc(0);
      expect(Buffer.compare(result, answer)).toBe(0);
      host.claims.release(place);
    }
  }
});

/** What was sent, by place: how it came to the worker, and what became of it. */
interface Task {
  readonly id: number;
  readonly byMessage: boolean;
  state: 'offered' | 'withdrawn' | 'started';
}

function playRound(
  make: (bells: Bells) => Sides,
  random: ReturnType<typeof makeRandom>,
): void {
  // As messages: a bell takes time, and comes in order with the others.
  const toWorker: ('bell' | { readonly id: number; readonly place: number })[] =
    [];
  const toHost: ('bell' | { readonly answered: number })[] = [];
  using sides = make({
    wakeWorker: () => toWorker.push('bell'),
    wakeHost: () => toHost.push('bell'),
  });
  const { host, worker } = sides;
  const tasks = new Map<number, Task>();
  /** Places; of those that have a record, too, their ids. */
  const inbox: number[] = [];
  const arrived = new Set<number>();
  let nextId = 0;
  let started = 0;
  let done = 0;
  let passedOver = 0;

  const finish = (place: number, isSkipped: boolean): void => {
    const task = tasks.get(place);
    if (task === undefined) expect.fail('an answer without a task');
    // One that both sides took is passed over, though it was not withdrawn.
    if (isSkipped) expect(task.state).not.toBe('started');
    else expect(task.state).toBe('started');
    tasks.delete(place);
    host.claims.release(place);
    if (isSkipped) passedOver += 1;
    else done += 1;
  };

  const hostLooks = (): void => {
    do {
      while (host.hasAnswer && host.next()) {
        if (!host.isSkipped && tasks.get(host.place)?.byMessage === false) {
          expect(host.result).toBe(tasks.get(host.place)?.id);
        }
        finish(host.place, host.isSkipped);
      }
    } while (!host.park());
  };

  /** Runs some tasks; false if it is parked then. */
  const workerLooks = (limit: number): boolean => {
    for (let left = limit; left > 0;) {
      let place = inbox.shift();
      if (place === undefined && worker.next()) {
        place = worker.place;
        if (worker.isMessage) {
          expect(arrived.delete(worker.idIn(place))).toBe(true);
        }
      }
      if (place === undefined) {
        if (worker.park(true)) return false;
        continue;
      }
      left -= 1;
      const task = tasks.get(place);
      if (task === undefined) expect.fail('a task that was not sent');
      if (!worker.claim(place)) {
        worker.skip(place);
        continue;
      }
      expect(task.state).toBe('offered');
      task.state = 'started';
      started += 1;
      if (task.byMessage) {
        toHost.push({ answered: place });
        worker.posted();
      } else {
        worker.answer(place, task.id);
      }
    }
    return true;
  };

  const send = (): void => {
    if (!host.claims.hasFreePlace) return;
    const place = host.claims.offer();
    nextId += 1;
    const byMessage = random.chance(0.1);
    tasks.set(place, { id: nextId, byMessage, state: 'offered' });
    if (byMessage) {
      host.flush();
      toWorker.push({ id: nextId, place });
      host.posted();
      host.announce(place, nextId);
    } else {
      host.run(place, 0, nextId, 1, nextId);
    }
  };

  const withdraw = (): void => {
    const { claims } = host;
    const isTogether = random.chance(0.5);
    if (isTogether) claims.suspend();
    // One that the worker has, and that waits for its message.
    let hasOne = false;
    for (const [place, task] of tasks) {
      if (task.state === 'withdrawn' || !random.chance(0.3)) continue;
      const isOffered = task.state === 'offered';
      const isWithdrawn = claims.withdraw(place);
      if (isOffered && !isWithdrawn) {
        expect([worker.announcesMessages, hasOne]).toEqual([true, false]);
        hasOne = true;
      } else {
        expect(isWithdrawn).toBe(isOffered);
      }
      if (!isWithdrawn) continue;
      task.state = 'withdrawn';
      if (!claims.skipsWithdrawn) finish(place, true);
    }
    if (isTogether) claims.resume();
  };

  let isWorkerBusy = false;
  const deliverToWorker = (): void => {
    const message = toWorker.shift();
    if (message === undefined) return;
    if (message !== 'bell') {
      if (worker.announcesMessages) {
        arrived.add(message.id);
      } else {
        while (worker.next()) inbox.push(worker.place);
        inbox.push(message.place);
      }
      worker.received();
    }
    isWorkerBusy = true;
  };
  const deliverToHost = (): void => {
    const message = toHost.shift();
    if (message === undefined) return;
    if (message !== 'bell') {
      while (host.hasAnswer && host.next()) finish(host.place, host.isSkipped);
      host.received();
      finish(message.answered, false);
    }
    hostLooks();
  };
  const runWorker = (): void => {
    if (!isWorkerBusy) return;
    isWorkerBusy = workerLooks(1 + random.below(8));
    worker.tell();
  };

  const times = (count: number, action: () => void): void => {
    for (let n = 0; n < count; n += 1) action();
  };

  /** The host looks by itself when it has sent something, mostly before it is told. */
  const poll = (): void => {
    host.unpark();
    send();
    if (random.chance(0.5)) deliverToWorker();
    runWorker();
    host.flush();
    // It need not look if it hears of the last answer.
    const looks = random.chance(0.5) || !host.park(tasks.size);
    if (looks) hostLooks();
  };

  /** From here on each side does only what it is woken for. Nothing may be left then. */
  const comeToRest = (): void => {
    host.flush();
    while (toHost.length > 0 || toWorker.length > 0 || isWorkerBusy) {
      deliverToWorker();
      runWorker();
      deliverToHost();
    }
    expect([...tasks.values()]).toEqual([]);
  };

  host.park();
  worker.park(false);
  for (let step = 0; step < 2_000; step += 1) {
    const choice = random.below(20);
    if (choice < 6) send();
    else if (choice < 7) withdraw();
    else if (choice < 9) host.flush();
    else if (choice < 11) deliverToHost();
    else if (choice < 14) deliverToWorker();
    else if (choice < 18) runWorker();
    else if (choice < 19) times(random.below(200), poll);
    else comeToRest();
    if (choice === 18 && random.chance(0.5)) comeToRest();
  }
  comeToRest();
  expect(done).toBe(started);
  expect(done + passedOver).toBe(nextId);
}
