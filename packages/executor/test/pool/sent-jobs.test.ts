import { describe, expect, test } from 'vitest';
import { PoolJob } from '../../src/pool/job.ts';
import { SentJobs } from '../../src/pool/sent-jobs.ts';
import { claimIn, Claims, type Claim } from '../../src/wire/claims.ts';
import { makeRandom } from '../support/random.ts';
import { makeTally } from '../support/tally.ts';

function makeJob(): PoolJob {
  const task = { module: 'test:', name: 'test' };
  return new PoolJob(
    { task, kind: 'single', options: {}, tally: makeTally() },
    [],
  );
}

/** A job as the worker sees it. */
interface Run {
  readonly id: number;
  readonly place: number;
  readonly job: PoolJob;
}

/** Does what run-tasks.ts does, one step at a time; its messages take time to arrive. */
class ModelWorker {
  readonly inbox: Run[] = [];
  readonly messages: { readonly id: number; readonly answered: boolean }[] = [];
  readonly started = new Set<PoolJob>();
  readonly #claim: Claim;
  current: Run | undefined;

  constructor(memory: SharedArrayBuffer) {
    this.#claim = claimIn(memory);
  }

  /** Ends what it runs, if anything, and starts the next one. */
  step(): void {
    if (this.current !== undefined) {
      this.messages.push({ id: this.current.id, answered: true });
      this.current = undefined;
    }
    for (;;) {
      const next = this.inbox.shift();
      if (next === undefined) return;
      if (this.#claim(next.place)) {
        expect(this.started.has(next.job), 'it starts once').toBe(false);
        this.started.add(next.job);
        this.current = next;
        return;
      }
      this.messages.push({ id: next.id, answered: false });
    }
  }
}

/** While the host takes jobs back, the worker goes on. */
class RacingClaims extends Claims {
  race: () => void = () => undefined;

  override withdraw(place: number): boolean {
    this.race();
    return super.withdraw(place);
  }
}

describe('a worker with claims', () => {
  test('gets and gives back jobs in any order of events, and nothing is wrong', () => {
    const random = makeRandom();
    for (let round = 0; round < 300; round += 1) {
      const claims = new RacingClaims(6);
      const sent = new SentJobs(claims);
      const worker = new ModelWorker(claims.memory);
      claims.race = () => {
        if (random.below(3) === 0) worker.step();
      };
      let held: PoolJob[] = [];
      const takenBack = new Set<PoolJob>();

      const withdraw = (job: PoolJob): void => {
        const had = held.includes(job);
        const wasRunning = job.future.running;
        if (sent.withdraw(job)) {
          expect(worker.started.has(job), 'it has not started').toBe(false);
          if (had) takenBack.add(job);
          held = held.filter((other) => other !== job);
        } else {
          expect(job.future.state).toBe('running');
          if (!wasRunning) expect(worker.started.has(job)).toBe(true);
        }
      };

      for (let step = 0; step < 60; step += 1) {
        const action = random.below(10);
        if (action < 4) {
          if (!sent.hasPlace) continue;
          const job = makeJob();
          const isAhead = sent.running > 0;
          const one = sent.add(job);
          worker.inbox.push({ id: one.id, place: one.place, job });
          if (!isAhead) sent.begin(one);
          held.push(job);
          if (worker.current === undefined) worker.step();
        } else if (action < 6) {
          worker.step();
        } else if (action < 8) {
          const message = worker.messages.shift();
          if (message === undefined) continue;
          const job = sent.take(message.id);
          expect(job !== undefined).toBe(message.answered);
          if (job === undefined) continue;
          expect(job.attempt).toBe(1);
          expect(job.future.running, 'it was begun').toBe(true);
          job.succeed(undefined);
          held = held.filter((other) => other !== job);
        } else if (action < 9) {
          const job = held[random.below(held.length)];
          if (job !== undefined) withdraw(job);
        } else if (random.below(2) === 0) {
          const jobs = sent.recall();
          for (const job of jobs) {
            expect(worker.started.has(job)).toBe(false);
            takenBack.add(job);
          }
          const kept = held.length - jobs.length;
          expect(jobs, 'none starts before an older one').toEqual(
            held.slice(kept),
          );
          held = held.slice(0, kept);
        }

        expect(sent.jobs).toEqual(held);
        const running = held.filter(({ future }) => future.running);
        expect([sent.running, sent.ahead]).toEqual([
          running.length,
          held.length - running.length,
        ]);
        // Jobs begin in order; and only the first may be begun here too early.
        expect(running).toEqual(held.slice(0, running.length));
        expect(running.length > 0).toBe(held.length > 0);
        for (const job of running.slice(1)) {
          expect(worker.started.has(job), 'cancel() is exact').toBe(true);
        }
      }

      // The worker dies; what it has said before still arrives.
      for (const { id } of worker.messages) {
        const job = sent.take(id);
        held = held.filter((other) => other !== job);
      }
      const { started, unstarted } = sent.end(true);
      expect([...started, ...unstarted]).toEqual(held);
      for (const job of started) {
        expect(worker.started.has(job)).toBe(true);
        expect(job.attempt).toBe(1);
      }
      for (const job of unstarted) {
        expect(worker.started.has(job)).toBe(false);
        expect(job.attempt).toBe(0);
      }
      for (const job of takenBack) {
        expect(worker.started.has(job)).toBe(false);
      }
      expect([sent.running, sent.ahead]).toEqual([0, 0]);
    }
  });

  test('that was never ready has started what it has claimed, and nothing else', () => {
    const claims = new Claims(2);
    const sent = new SentJobs(claims);
    const one = sent.add(makeJob());
    sent.begin(one);
    expect(sent.end(false)).toEqual({ started: [], unstarted: [one.job] });
  });
});

describe('a worker without claims', () => {
  test('gives nothing back, and has started all if it was ready', () => {
    for (const wasReady of [true, false]) {
      const sent = new SentJobs(undefined, 8);
      const [first, second] = [makeJob(), makeJob()];
      for (const job of [first, second]) sent.begin(sent.add(job));
      expect(sent.hasPlace).toBe(true);
      expect([sent.withdraw(first), sent.withdraw(second)]).toEqual([
        false,
        false,
      ]);
      expect(sent.recall()).toEqual([]);
      const { started, unstarted } = sent.end(wasReady);
      expect(wasReady ? started : unstarted).toEqual([first, second]);
      expect(wasReady ? unstarted : started).toEqual([]);
      expect([first.attempt, second.attempt]).toEqual(
        wasReady ? [1, 1] : [0, 0],
      );
    }
  });
});

test('the next job of a place is not taken for the one before', () => {
  const sent = new SentJobs(new Claims(1));
  const [first, second] = [makeJob(), makeJob()];
  const { id, place } = sent.add(first);
  expect(sent.take(id)).toBe(first);
  expect(sent.takeFrom(place), 'it is free').toBeUndefined();
  const next = sent.add(second);
  expect(next.place).toBe(place);
  expect(sent.hasBegun(place)).toBe(false);
  expect([sent.get(id), sent.placeOf(id), sent.take(id)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(sent.placeOf(next.id)).toBe(place);
  expect(sent.takeFrom(place)).toBe(second);
});

test('a job that is not there may be withdrawn, and taken again', () => {
  const sent = new SentJobs(new Claims(1));
  expect(sent.withdraw(makeJob())).toBe(true);
  expect(sent.take(7)).toBeUndefined();
});
