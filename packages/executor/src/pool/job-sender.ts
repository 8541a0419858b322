import type { HostLane } from '../wire/lane.ts';
import type { PoolJob } from './job.ts';
import type { SentJob } from './sent-jobs.ts';
import { TaskNumbers } from './task-numbers.ts';
import type { WorkerHandle } from './worker-handle.ts';

/** Sends jobs to one worker: what is small through its lane, the rest in messages. */
export class JobSender {
  readonly #handle: WorkerHandle;
  readonly #lane: HostLane | undefined;
  readonly #tasks = new TaskNumbers();

  constructor(handle: WorkerHandle) {
    this.#handle = handle;
    this.#lane = handle.lane;
  }

  /** @throws what cannot be encoded or transferred */
  send(job: PoolJob, { id, place }: SentJob): void {
    const { task, kind, options } = job;
    const attempt = job.attempt + 1;
    const lane = this.#lane;
    const known = this.#tasks.get(task);
    // There is no room in the lane for the times of a run.
    const { isTimed } = job;
    if (lane && known !== undefined && kind !== 'stream' && !isTimed) {
      if (job.body === undefined) {
        lane.run(place, known, id, attempt, job.input);
        return;
      }
      const isChunk = kind === 'chunk';
      if (
        options.transfer === undefined &&
        lane.runEncoded(place, known, id, attempt, isChunk, job.body)
      ) {
        return;
      }
    }
    const number = known ?? this.#tasks.next;
    const room = options.sink?.room ?? 0;
    this.#handle.send(
      {
        type: 'run',
        id,
        place,
        number,
        task: known === undefined ? task : undefined,
        kind,
        room,
        attempt,
        isTimed,
        ...(job.body ? { body: job.body } : { args: job.args }),
      },
      options.transfer,
    );
    // Not before: what cannot be sent the worker does not know, and it must not wait for it.
    if (known === undefined) this.#tasks.add(task);
    lane?.announce(place, id);
  }
}
