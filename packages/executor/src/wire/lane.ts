/*
 * The way between the host and a worker: what is small goes through memory that both
 * can reach, the rest as messages, all in one order. Each answer tells how many
 * messages were posted before it, and waits for these; the host, when it gets a message,
 * first takes the records before it. So the order is that of sending, and no number need be
 * sent with a message. To a thread it is the same. A process cannot look at a task without
 * having it, so it leaves all others where they are, and a task that comes by a message has a
 * record, too, which says that it is its turn.
 *
 *            ┌─ lane: run place, id ──────────> ┐
 *       host ┤  port: run, abort, grant, close  ├ worker
 *            └ <──── lane: answered, skipped ── ┘
 *              <──── port: all other messages
 *
 * Arguments and results lie in the place of the task; in memory, the result over the
 * arguments. Large ones go by messages, which move their memory, but in a file they lie in
 * the area of their side (area.ts), as long texts do in memory (text-area.ts).
 *
 * Whoever has nothing to do is parked: it waits in its event loop, and the other side
 * rings, which is a message of its own (DOORBELL). Each side tells that it is parked
 * and then looks once more; the other one writes a record and then looks for parked
 * ones. So no record is left behind a side that is parked.
 */
import type { Claim } from './claims.ts';
import type { SmallValue } from './small-values.ts';
import type { EncodedValue } from './encoded-value.ts';

/** Encoded arguments and results of at most so many bytes lie in the place of the task. */
export const MAX_ENCODED = 16_384;

export function fitsPlace({ bytes, attached }: EncodedValue): boolean {
  return attached === undefined && bytes.length <= MAX_ENCODED;
}

/** Who has a task that was sent to the worker; see claims.ts. */
export interface LaneClaims {
  /** How many tasks the worker may have at once. */
  readonly places: number;
  readonly hasFreePlace: boolean;
  /** The place of a task that is about to be sent. */
  offer(): number;
  /** Takes a task back. False if the worker has started it. */
  withdraw(place: number): boolean;
  /** Whether the worker passes over a task that was taken back, and says so. */
  readonly skipsWithdrawn: boolean;
  isStarted(place: number): boolean;
  /** From now on the worker starts none of its tasks, if it can be kept from it. */
  suspend(): void;
  /** As often as suspend(): then it may go on. */
  resume(): void;
  release(place: number): void;
}

/** The host's side. */
export interface HostLane {
  readonly claims: LaneClaims;
  /** Sends a task. @param args the only one, or Several, for which areSmall() was true */
  run(
    place: number,
    task: number,
    id: number,
    attempt: number,
    args: unknown,
  ): void;
  /**
   * Sends a task. False if its arguments must go by a message.
   *
   * @param value its encoded arguments
   */
  runEncoded(
    place: number,
    task: number,
    id: number,
    attempt: number,
    isChunk: boolean,
    value: EncodedValue,
  ): boolean;
  /** The task with this place was sent by the last message. */
  announce(place: number, id: number): void;
  /**
   * Has the worker see all that was sent: some of it may wait, to be shown together. To be
   * called before each message, and when no more is sent for now.
   */
  flush(): void;
  /** To be called with each message that is posted. */
  posted(): void;
  /** To be called with each message that arrives, once next() gives false. */
  received(): void;
  /** How long one of its short calls of the system takes, in milliseconds; 0 if it makes none. */
  readonly callTime: number;
  /** Looks for answers: whether next() would give true, or wait for a message. */
  readonly hasAnswer: boolean;
  /** Whether there is an answer, of those that were there at the last look; the rest is its own then. */
  next(): boolean;
  readonly place: number;
  readonly isSkipped: boolean;
  /** A copy of the encoded result; undefined if it is small. */
  readonly encoded: EncodedValue | undefined;
  /** The small result. */
  readonly result: SmallValue;
  /** How long the worker had to do with the task, in nanoseconds; two seconds if it was more. */
  readonly runTime: number;
  /**
   * From now on the worker tells when it has answered. False if next() has an answer.
   *
   * @param least so many answers it must have, if one is not enough: all that the worker can
   *   give, so that it is not parked behind the last one
   */
  park(least?: number): boolean;
  /** From now on it does not. */
  unpark(): void;
}

/** The worker's side. */
export interface WorkerLane {
  readonly claim: Claim;
  /**
   * Whether there is a record, too, of a task that comes by a message: it is that one's turn
   * when next() gives it. Else those before it must be taken when the message comes.
   */
  readonly announcesMessages: boolean;
  posted(): void;
  received(): void;
  /** Whether there is a task to be run; `place` is its own then. */
  next(): boolean;
  readonly place: number;
  /** Whether it has come by a message. */
  readonly isMessage: boolean;
  taskIn(place: number): number;
  idIn(place: number): number;
  attemptIn(place: number): number;
  isChunk(place: number): boolean;
  /** A copy of the encoded arguments; undefined if they are small. */
  encodedIn(place: number): EncodedValue | undefined;
  /** The small arguments. */
  argumentsIn(place: number): unknown[];
  /** Sends a result for which isSmall() was true. False if it must go by a message. */
  answer(place: number, result: unknown): boolean;
  /**
   * Sends a result. False if it must go by a message.
   *
   * @param value the encoded result
   */
  answerEncoded(place: number, value: EncodedValue): boolean;
  /** Tells that the task is passed over. False if that must go by a message. */
  skip(place: number): boolean;
  /** The host hears of all answers now. To be called before this worker does something else. */
  tell(): void;
  /** The event loop of this worker turns, and then it goes on. Tells as tell() if that was all. */
  turns(): void;
  /**
   * From now on the host tells when it has sent a task. False if next() has one.
   *
   * @param mayWait whether nothing else is to be done here: it first looks for a
   *   task some time longer
   */
  park(mayWait: boolean): boolean;
}

/** How a worker spends its time, in milliseconds. */
export interface LanePatience {
  /**
   * How long a worker without tasks looks for the next one before it is parked: about
   * as long as it takes to be woken, so that it wastes at most as much as the wait
   * itself would cost.
   */
  readonly spin: number;
  /**
   * To tell a host that is parked takes some 20 µs of both sides: a processor must be
   * woken. As long as it has other tasks, a worker does so once in this time, at most.
   */
  readonly tell: number;
}
