import type { PoolJob } from './job.ts';
import { Poll } from './poll.ts';
import { RunAhead } from './run-ahead.ts';
import { WorkerSlot } from './worker-slot.ts';
import type { SlotOwner, SlotSettings } from './slot-owner.ts';

export interface SlotsSettings extends SlotSettings {
  readonly maxWorkers: number;
}

const none: readonly PoolJob[] = [];

/** The workers of a pool: starts them as they are needed, and tells which one gets a job. */
export class Slots {
  readonly #settings: SlotsSettings;
  readonly #owner: SlotOwner;
  readonly #slots = new Set<WorkerSlot>();
  readonly #runAhead: RunAhead;
  readonly #poll = new Poll();
  #started = 0;

  constructor(settings: SlotsSettings, owner: SlotOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#runAhead = new RunAhead(this.#slots, settings.prefetch, (jobs) => {
      owner.recalled(jobs);
    });
  }

  [Symbol.iterator](): IterableIterator<WorkerSlot> {
    return this.#slots.values();
  }

  get size(): number {
    return this.#slots.size;
  }

  /** How many of them are not about to end. */
  get staying(): number {
    let staying = 0;
    for (const slot of this.#slots) if (!slot.isClosing) staying += 1;
    return staying;
  }

  get busy(): number {
    let busy = 0;
    for (const slot of this.#slots) if (slot.load > 0) busy += 1;
    return busy;
  }

  /** How many jobs could start at once, also in workers that are not started yet. */
  get room(): number {
    const { maxWorkers, capacity } = this.#settings;
    let room = (maxWorkers - this.#slots.size) * capacity;
    for (const slot of this.#slots) {
      if (slot.hasRoom) room += capacity - slot.load;
    }
    return room;
  }

  /** All jobs that were sent and are not done. */
  get jobs(): PoolJob[] {
    return [...this.#slots].flatMap((slot) => slot.jobs);
  }

  /** Whether slotFor() would give one. */
  hasPlaceFor(job: PoolJob): boolean {
    if (this.#slots.size < this.#settings.maxWorkers) return true;
    for (const slot of this.#slots) if (slot.hasRoom) return true;
    return this.#runAhead.slotFor(job) !== undefined;
  }

  /**
   * An idle worker, unless another one is sooner done with the job; else a new one, else
   * the one with the fewest jobs that has room, else one that the job is sent to ahead.
   */
  slotFor(job: PoolJob): WorkerSlot | undefined {
    let best: WorkerSlot | undefined;
    for (const slot of this.#slots) {
      if (slot.hasRoom && (best === undefined || slot.load < best.load)) {
        best = slot;
      }
    }
    if (best?.load === 0) return this.#runAhead.soonDoneBy(job) ?? best;
    if (this.#slots.size < this.#settings.maxWorkers) return this.#start();
    return best ?? this.#runAhead.slotFor(job);
  }

  /** To be called after a job was sent to the slot. */
  sent(slot: WorkerSlot): void {
    if (slot.ahead > 0) this.#runAhead.watch();
    this.#poll.sent(slot);
  }

  /** To be called after a job was queued that is not sent now. */
  queued(): void {
    this.#poll.queued(this.#slots);
  }

  /** Jobs that were sent ahead and give way to one with this priority. */
  recallBelow(priority: number): PoolJob[] {
    return this.#runAhead.recallBelow(priority);
  }

  /** Jobs that wait behind another one while a worker is idle. */
  recallForIdle(): readonly PoolJob[] {
    for (const slot of this.#slots) {
      if (slot.hasRoom && slot.load === 0)
        return this.#runAhead.recallLongest();
    }
    return none;
  }

  startUpTo(count: number): void {
    while (this.#slots.size < count) this.#start();
  }

  delete(slot: WorkerSlot): void {
    this.#slots.delete(slot);
  }

  #start(): WorkerSlot {
    const slot = new WorkerSlot(this.#started++, this.#settings, this.#owner);
    this.#slots.add(slot);
    return slot;
  }
}
