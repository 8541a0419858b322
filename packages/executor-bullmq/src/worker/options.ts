import { availableParallelism } from 'node:os';
import {
  nonNegativeInteger,
  positiveInteger,
} from '@concurrent-executors/executor/backend';
import { checkMeetingPoint, type MeetingPoint } from '../options.ts';
import { ABORT_PART } from './leases.ts';

export interface ExecutorWorkerOptions extends MeetingPoint {
  /** URLs of the modules whose tasks are run. */
  readonly modules: readonly string[];
  /** How many tasks of each module run at once. Default: os.availableParallelism(). */
  readonly concurrency?: number;
  /**
   * Milliseconds until the task of a worker that does not answer is given to another one;
   * the same for all workers of a queue. Default: 10,000.
   */
  readonly lockDuration?: number;
  /** Every so many milliseconds such tasks are looked for. Default: half of lockDuration. */
  readonly stalledInterval?: number;
  /** How often a task is given to another worker before it fails. Default: 2. */
  readonly maxStalledCount?: number;
  /** Milliseconds to wait for Redis at the start. Default: 10,000. */
  readonly connectTimeout?: number;
  /** Told of what goes wrong beside the tasks. Default: nobody. */
  readonly onIncident?: (message: string) => void;
}

const LOCK_DURATION = 10_000;
const MAX_STALLED = 2;
const CONNECT_TIMEOUT = 10_000;

/** As of the thread pool. */
const ABORT_GRACE = 1_000;

/** @throws OptionTypeError, OptionRangeError */
export function checkWorkerOptions(options: ExecutorWorkerOptions) {
  const { lockDuration = LOCK_DURATION } = options;
  positiveInteger('lockDuration', lockDuration);
  return {
    ...checkMeetingPoint(options),
    concurrency: positiveInteger(
      'concurrency',
      options.concurrency ?? availableParallelism(),
    ),
    lockDuration,
    stalledInterval: positiveInteger(
      'stalledInterval',
      options.stalledInterval ?? Math.ceil(lockDuration / 2),
    ),
    maxStalledCount: nonNegativeInteger(
      'maxStalledCount',
      options.maxStalledCount ?? MAX_STALLED,
    ),
    connectTimeout: positiveInteger(
      'connectTimeout',
      options.connectTimeout ?? CONNECT_TIMEOUT,
    ),
    // A task whose lock is lost must have ended before another worker starts it.
    abortGrace: Math.min(ABORT_GRACE, Math.floor(lockDuration * ABORT_PART)),
    incident: options.onIncident ?? (() => undefined),
  };
}
