import {
  AbortError,
  CancelledError,
  ResultNotSerializableError,
  TimeoutError,
  type Future,
  type Submitter,
} from '@concurrent-executors/executor';
import {
  BaseExecutor,
  encodeThrownBody,
  messageOf,
  type JobOptions,
} from '@concurrent-executors/executor/backend';
import type { Envelope } from '../wire/envelope.ts';
import { tooLarge } from '../wire/limits.ts';
import type { Places } from './places.ts';
import type { Outcome, SentCall } from './run-sent.ts';
import type { ThreadTask } from './thread-tasks.ts';

/** How the run of a job ended here. */
export interface Ending extends Outcome {
  /** Whether the job is to be run again, if it has retries left. */
  readonly retry: boolean;
}

export interface RunEvents {
  readonly progress: (body: Uint8Array) => void;
  readonly yielded: (body: Uint8Array) => void;
}

/** One run of a job in a thread. */
export class RunningJob {
  readonly #events: RunEvents;
  readonly #since = performance.now();
  readonly #places: Places;
  /** Once its start was told of. */
  #place: number | undefined;
  #future: Future<unknown> | undefined;
  /** Of a stream: the values that there is room for in all. */
  #granted: number;
  #sink: JobOptions['sink'];
  readonly #timeout: number | undefined;
  #handsBack = false;
  #isAborted = false;
  /** Aborted before a thread has it. */
  #early: AbortError | undefined;

  constructor(envelope: Envelope, places: Places, events: RunEvents) {
    this.#places = places;
    this.#events = events;
    this.#granted = envelope.room ?? 0;
    this.#timeout = envelope.timeout;
  }

  /** Whether the job goes back to its queue, instead of ending here. */
  get handsBack(): boolean {
    return this.#handsBack;
  }

  /** Milliseconds since it came. */
  get age(): number {
    return performance.now() - this.#since;
  }

  /** The name of the place where it runs. */
  takePlace(): string {
    this.#place ??= this.#places.take(performance.now());
    return this.#places.nameOf(this.#place);
  }

  /** The name of the place where it has run for so many milliseconds, until now. */
  leavePlace(duration: number): string {
    // Kept: its start can be told of after its end, and must not take a place then.
    this.#place ??= this.#places.take(performance.now() - duration);
    this.#places.leave(this.#place);
    return this.#places.nameOf(this.#place);
  }

  /** Whether a thread has begun the task. */
  get hasBegun(): boolean {
    const state = this.#future?.state;
    return state === 'running' || state === 'finished';
  }

  /** Hands it back, and is true, if no thread has begun the task. */
  handBackUnbegun(): boolean {
    if (this.#handsBack || this.#future?.cancel() !== true) return false;
    this.#handsBack = true;
    return true;
  }

  /** Does not throw. */
  async run(
    threads: Submitter,
    task: ThreadTask,
    sent: SentCall,
  ): Promise<Ending> {
    const startedAt = performance.now();
    const [name, kind] = sent;
    try {
      if (this.#early !== undefined) throw this.#early;
      const outcome =
        kind === 'stream'
          ? await this.#stream(threads, task, sent)
          : await this.#watch(threads.submit(task.run, ...sent));
      const reason = tooLarge(outcome.body.length);
      if (reason !== undefined) return cannotSend(name, outcome, reason);
      if (outcome.kind === 'aborted' && !this.#isAborted) {
        return timedOut(name, this.#timeout, outcome);
      }
      // One that was told to end is not begun again, whatever it threw.
      return { ...outcome, retry: outcome.kind === 'threw' && !outcome.told };
    } catch (error) {
      // The thread has not answered: it has ended, or was ended.
      const wasTold =
        error instanceof AbortError || error instanceof CancelledError;
      return {
        kind: wasTold ? 'aborted' : 'threw',
        body: encodeThrownBody(error).bytes,
        message: messageOf(error),
        told: wasTold,
        ms: performance.now() - startedAt,
        retry: !wasTold && !(error instanceof TimeoutError),
      };
    }
  }

  abort(reason: unknown): void {
    this.#isAborted = true;
    this.#early ??= new AbortError('the task was aborted before it began', {
      cause: reason,
    });
    this.#future?.abort(reason);
  }

  /** Ends the run, for another worker to do it again. */
  handBack(reason: unknown): void {
    this.#handsBack = true;
    this.abort(reason);
  }

  /** The consumer of the stream has room for so many values in all. */
  grant(total: number): void {
    const more = total - this.#granted;
    if (more <= 0) return; // said again, or overtaken
    this.#granted = total;
    this.#sink?.grant(more);
  }

  /** The thread takes values from the task only as far as their consumer has room. */
  async #stream(
    threads: Submitter,
    { stream }: ThreadTask,
    sent: SentCall,
  ): Promise<Outcome> {
    this.#sink = {
      room: this.#granted,
      receive: (body) => {
        // As streamSent() yields it. After an abort nobody takes it.
        if (!this.#isAborted) this.#events.yielded(body as Uint8Array);
      },
      grant: () => undefined,
    };
    const future = BaseExecutor.backendOf(threads).enqueue(
      stream,
      sent,
      { sink: this.#sink },
      'stream',
    );
    return (await this.#watch(future)) as Outcome; // what streamSent returns
  }

  #watch<R>(future: Future<R>): Future<R> {
    this.#future = future;
    future.addProgressCallback((body) => {
      this.#events.progress(body as Uint8Array); // as runOf() reports it
    });
    return future;
  }
}

/** It heeded its signal, as its time was over. */
function timedOut(name: string, timeout = 0, { ms }: Outcome): Ending {
  const message = `task ${name} ran longer than ${String(timeout)} ms`;
  return {
    kind: 'threw',
    body: encodeThrownBody(new TimeoutError(message)).bytes,
    message,
    told: true,
    ms,
    retry: false,
  };
}

function cannotSend(
  name: string,
  { kind, told, ms }: Outcome,
  reason: string,
): Ending {
  const what = kind === 'returned' ? 'the result' : 'what was thrown';
  const message = `${what} of task ${name} cannot be sent back: ${reason}`;
  return {
    kind: 'threw',
    body: encodeThrownBody(new ResultNotSerializableError(message)).bytes,
    message,
    told,
    ms,
    retry: false,
  };
}
