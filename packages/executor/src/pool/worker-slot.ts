import { monotonicNow } from '../core/clock.ts';
import {
  TaskNotSerializableError,
  messageOf,
  type WorkerExit,
} from '../core/errors.ts';
import type { WorkerInfo } from '../core/events.ts';
import type { HostLane } from '../wire/lane.ts';
import type { EncodedValue } from '../wire/value-codec.ts';
import { decodeResult } from '../wire/results.ts';
import type { WorkerMessage } from '../wire/protocol.ts';
import { decodeThrownBody, encodeThrownBody } from '../wire/thrown.ts';
import { Abortions } from './abortions.ts';
import type { PoolJob } from './job.ts';
import { JobSender } from './job-sender.ts';
import { LaneAnswers, succeedWith } from './lane-answers.ts';
import { PrefetchWindow } from './prefetch-window.ts';
import { SentJobs } from './sent-jobs.ts';
import type { SlotOwner, SlotSettings } from './slot-owner.ts';
import type { WorkerHandle } from './worker-handle.ts';
import { WorkerLife } from './worker-life.ts';
import { WorkerReport } from './worker-report.ts';

type Answer = Extract<WorkerMessage, { type: 'resolved' | 'rejected' }>;

/** One worker and the jobs that it has. */
export class WorkerSlot {
  readonly #settings: SlotSettings;
  readonly #handle: WorkerHandle;
  readonly #owner: SlotOwner;
  readonly worker: WorkerInfo;
  readonly #report: WorkerReport;
  /** Undefined if it has none, and once it has ended. */
  #lane: HostLane | undefined;
  #answers: LaneAnswers | undefined;
  readonly #sent: SentJobs;
  readonly #abortions: Abortions;
  readonly #life: WorkerLife;
  #initializerError: { readonly thrown: unknown } | undefined;
  /** How many jobs it has answered. */
  #answered = 0;
  readonly #window: PrefetchWindow;
  readonly #sender: JobSender;

  constructor(index: number, settings: SlotSettings, owner: SlotOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#handle = settings.startWorker(index, {
      message: (message) => {
        this.#answers?.takeAll();
        this.#lane?.received();
        this.#receive(message);
        this.#answers?.take();
      },
      answers: () => {
        this.#answers?.take();
      },
      exit: (exit) => {
        this.#exit(exit);
      },
    });
    this.#life = new WorkerLife(this.#handle);
    const { name } = this.#handle;
    this.worker = { executor: settings.executor, name, index };
    this.#report = new WorkerReport(this.worker);
    this.#lane = this.#handle.lane;
    this.#sender = new JobSender(this.#handle);
    this.#sent = new SentJobs(
      this.#lane?.claims,
      settings.capacity + settings.prefetch.deepest,
    );
    this.#window = new PrefetchWindow(
      settings.prefetch,
      this.#sent,
      owner,
      this.#lane,
    );
    this.#answers =
      this.#lane &&
      new LaneAnswers(this.#lane, this.#sent, {
        skipped: (place, quietly) => {
          this.#skipped(place, quietly);
        },
        ended: (job) => {
          this.#ended(job);
        },
        settle: (jobs, runTime, settle) => {
          this.#window.ended(jobs, monotonicNow(), runTime);
          // The worker gets its next jobs before callbacks of these can take time.
          owner.available();
          owner.holdBack(settle);
          owner.rests(this);
        },
        settleLater: (settle) => {
          owner.holdBack(settle);
        },
      });
    this.#abortions = new Abortions(
      {
        tell: (id, reason) => {
          // Encoded each time: what was sent is gone.
          const body = encodeThrownBody(reason);
          this.#handle.send({ type: 'abort', id, body });
        },
        retire: () => {
          this.#retire();
        },
        terminate: () => {
          this.terminate();
        },
        running: () => this.#sent.running,
      },
      settings.abortGrace,
    );
    this.#handle.send(settings.start());
  }

  /** How many jobs it runs. */
  get load(): number {
    return this.#sent.running;
  }

  /** How many jobs it has that it has not started. */
  get ahead(): number {
    return this.#sent.ahead;
  }

  get jobs(): PoolJob[] {
    return this.#sent.jobs;
  }

  /** How long what it has not started will take, in milliseconds. */
  get backlog(): number {
    return this.#window.backlog;
  }

  /** Whether it was asked to end and has not done so yet. */
  get isClosing(): boolean {
    return this.#life.isClosing;
  }

  /** Whether it can start another job now. */
  get hasRoom(): boolean {
    return (
      this.load < this.#settings.capacity &&
      this.#isOpen() &&
      this.#sent.hasPlace
    );
  }

  /** Whether it may be sent a job before it can start it, so that it need not wait for that. */
  get hasRoomAhead(): boolean {
    return (
      this.#isOpen() &&
      // Without a lane it could not be taken back.
      this.#lane !== undefined &&
      this.#window.hasRoom
    );
  }

  /** Whether it is at work and soon done with the job, too, as far as is known. */
  hasSoonDone(job: PoolJob): boolean {
    return this.#window.endsSoon(job) && this.hasRoomAhead;
  }

  /** When a look for answers is worth what it costs, by the clock; 0: at once. */
  get nextLook(): number {
    return this.#window.nextLook;
  }

  /** The id of the job that it runs. */
  get frontId(): number | undefined {
    return this.#sent.front?.id;
  }

  /** Gives the worker a job. A job that cannot be sent is rejected. */
  run(job: PoolJob): void {
    const isAhead = this.load >= this.#settings.capacity;
    if (this.load + this.ahead === 0) this.#window.begin(monotonicNow());
    const sent = this.#sent.add(job);
    try {
      this.#sender.send(job, sent);
    } catch (cause) {
      this.#sent.take(sent.id);
      job.failForGood(cannotSend(job, cause));
      return;
    }
    job.holder = this;
    job.body = undefined;
    if (!isAhead) this.#sent.begin(sent);
    this.#life.work();
  }

  abort(job: PoolJob, reason: unknown): void {
    const id = this.#sent.idOf(job);
    if (id !== undefined) this.#abortions.add(job, id, reason);
  }

  grant(job: PoolJob, count: number): void {
    const id = this.#sent.idOf(job);
    if (id !== undefined) this.#handle.send({ type: 'grant', id, count });
  }

  withdraw(job: PoolJob): boolean {
    return this.#sent.withdraw(job);
  }

  /** Takes back the jobs that it has not started. */
  recall(): PoolJob[] {
    const jobs = this.#sent.recall();
    for (const job of jobs) job.holder = undefined;
    return jobs;
  }

  /** The job that it runs takes long: it is sent nothing ahead before it is done. */
  slowDown(): void {
    this.#window.slowDown();
  }

  /** Until turned() is called, which must be, the worker need not tell that it has answered. */
  expectAnswers(): void {
    this.#answers?.expect();
  }

  /** The event loop has turned since expectAnswers(). */
  turned(): void {
    const isDue = this.nextLook <= monotonicNow();
    this.#answers?.turned(isDue ? 1 : this.load + this.ahead);
  }

  /** The worker is to see what it was sent. */
  flush(): void {
    this.#lane?.flush();
  }

  get hasAnswer(): boolean {
    return this.#lane?.hasAnswer ?? false;
  }

  /** Settles those that are there, at most a batch. */
  settleSomeAnswers(): void {
    this.#answers?.takeSome();
  }

  /** The same, and calls nobody. */
  settleAnswersQuietly(): void {
    this.#answers?.takeQuietly();
  }

  settleAnswers(): void {
    this.#answers?.take();
  }

  /** Asks the worker to exit; ends it if it has not done so after a grace period. */
  close(): void {
    this.#life.close();
  }

  terminate(): void {
    this.#life.terminate();
  }

  kill(): void {
    this.#life.kill();
  }

  /**
   * The pool has no job for it. An idle worker does not keep the program running,
   * and one that may run nothing more ends.
   */
  idle(): void {
    if (this.load > 0 || this.isClosing) return;
    if (!this.#isOpen()) {
      this.close();
      return;
    }
    this.#life.rest(
      this.#settings.idleTimeout,
      () => this.#owner.hasSpareWorkers,
    );
  }

  /** Whether it may get another job. */
  #isOpen(): boolean {
    return (
      this.#life.isOpen &&
      this.#answered + this.load + this.ahead < this.#settings.maxTasks
    );
  }

  #receive(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready':
        this.#life.ready();
        this.#report.ready();
        this.#owner.available();
        this.#owner.rests(this);
        return;
      case 'failed':
        this.#initializerError = { thrown: decodeThrownBody(message.body) };
        return;
      case 'progress':
        this.#progress(message.id, message.body);
        return;
      case 'yielded':
        this.#yielded(message.id, message.body);
        return;
      case 'aborting':
        this.#abortions.answered(message.id);
        return;
      case 'skipped': {
        const place = this.#sent.placeOf(message.id);
        if (place !== undefined) this.#skipped(place);
        return;
      }
      case 'resolved':
      case 'rejected':
        this.#answer(message);
    }
  }

  /** The worker has passed over a job that was taken back, or does not want it. */
  #skipped(place: number, quietly = false): void {
    const wasBegun = this.#sent.hasBegun(place);
    const job = this.#sent.takeFrom(place);
    if (job === undefined) return;
    this.#abortions.remove(job);
    job.holder = undefined;
    if (wasBegun) job.unbegin();
    const { abortError } = job;
    if (abortError === undefined) this.#owner.again(job);
    else if (!quietly) job.failForGood(abortError);
    else {
      queueMicrotask(() => {
        if (!job.future.done) job.failForGood(abortError);
      });
    }
    this.#owner.rests(this);
  }

  #progress(id: number, body: EncodedValue): void {
    const job = this.#sent.get(id);
    if (job === undefined) return;
    const result = decodeResult(job.name, body);
    // No reason to fail the task: it is told what came instead.
    job.progress('error' in result ? result.error : result.value);
  }

  #yielded(id: number, body: EncodedValue): void {
    const job = this.#sent.get(id);
    if (job === undefined) return;
    const result = decodeResult(job.name, body);
    if ('error' in result) job.future.abort(result.error);
    else job.options.sink?.receive(result.value);
  }

  #answer(message: Answer): void {
    // First, so that the next one does not begin here.
    if (message.retire) this.#retire();
    const job = this.#sent.take(message.id);
    if (job === undefined) return;
    if (message.times !== undefined) job.ran(message.times);
    this.#ended(job);
    this.#window.ended(1, monotonicNow());
    if (message.type === 'resolved') {
      // The worker gets its next job before callbacks of this one can take time.
      this.#owner.available();
      // A getter among the arguments of that one may have aborted this one.
      if (!job.future.done) succeedWith(job, message.body);
    } else {
      // Not yet: if this one is to be run again, it goes first, and takes its place in the queue.
      const error = decodeThrownBody(message.body);
      if (job.fail(error, message.aborted)) this.#owner.again(job);
      this.#owner.available();
    }
    this.#owner.rests(this);
  }

  #ended(job: PoolJob): void {
    this.#answered += 1;
    this.#window.endedOne(job);
    this.#owner.answered();
    this.#abortions.remove(job);
    job.holder = undefined;
  }

  /** It gets no more jobs. */
  #retire(): void {
    this.#life.retire();
    this.#owner.recalled(this.recall());
  }

  #exit(exit: WorkerExit): void {
    const { wasAskedTo, wasForced, wasReady } = this.#life.exited();
    this.#answers?.end();
    this.#abortions.clear();
    const { started, unstarted } = this.#sent.end(wasReady);
    this.#lane = undefined;
    this.#answers = undefined;
    for (const job of [...started, ...unstarted]) job.holder = undefined;
    const cause = this.#initializerError?.thrown ?? exit.cause;
    this.#owner.exited(this, {
      exit: { ...exit, cause },
      wasAskedTo,
      wasForced,
      hasWorked: this.#answered > 0 || started.length > 0,
      initializerFailed: this.#initializerError !== undefined,
      started,
      unstarted,
    });
    // Its jobs have come to their ends before.
    this.#report.exited(exit, wasAskedTo, wasForced);
  }
}

/** The error of a job that cannot be sent to a worker. */
export function cannotSend(
  { name }: PoolJob,
  cause: unknown,
): TaskNotSerializableError {
  return new TaskNotSerializableError(
    `an argument of task ${name} cannot be sent to a worker: ${messageOf(cause)}`,
    { cause },
  );
}
