import {
  OptionTypeError,
  type ExecutorOptions,
} from '@concurrent-executors/executor';
import {
  positiveInteger,
  timeoutOption,
} from '@concurrent-executors/executor/backend';
import { checkRedisUrl, type RedisSettings } from './redis/connection.ts';
import { DEFAULT_NAMESPACE, Names } from './wire/names.ts';
import { Signer } from './wire/signer.ts';

/** What submitters and workers must have alike. */
export interface MeetingPoint extends RedisSettings {
  /** Keeps apart what shares a Redis. Letters, digits, `.`, `-`, `_`. Default: `default`. */
  readonly namespace?: string;
  /**
   * A secret of at least 16 bytes. Messages that are not signed with it are refused, so
   * that who can write to Redis cannot run tasks by that. Default: none.
   */
  readonly hmacKey?: string | Uint8Array;
}

export interface BullMQExecutorOptions extends ExecutorOptions, MeetingPoint {
  /** Names the executor in events. Default: the class name. */
  readonly name?: string;
  /**
   * Milliseconds without Redis after which the executor is broken, and its tasks fail.
   * Those that are in Redis may run all the same. Default: 60,000.
   */
  readonly disconnectTimeout?: number;
  /**
   * Every so many milliseconds Redis is asked for tasks that were not heard of for as
   * long. Default: 5,000.
   */
  readonly reconcileInterval?: number;
  /**
   * Told once of each module that no worker serves when its first task is in Redis, as
   * `some-package/dist/tasks.js@1.0.0`; its tasks wait. Default: a process warning.
   */
  readonly onUnserved?: (module: string) => void;
}

/** @throws OptionTypeError */
export function checkUnserved(
  onUnserved: BullMQExecutorOptions['onUnserved'] = warnOfUnserved,
): (module: string) => void {
  if (typeof onUnserved === 'function') return onUnserved;
  throw new OptionTypeError('onUnserved must be a function');
}

function warnOfUnserved(module: string): void {
  process.emitWarning(
    `no worker serves ${module} now: its tasks wait until an executor-worker is started with this version of the module`,
    'NoWorkerWarning',
  );
}

const DISCONNECT_TIMEOUT = 60_000;
const RECONCILE_INTERVAL = 5_000;

/** @throws OptionTypeError, OptionRangeError */
export function checkMeetingPoint({
  redis,
  username,
  password,
  tls,
  namespace = DEFAULT_NAMESPACE,
  hmacKey,
}: MeetingPoint) {
  const settings: RedisSettings = {
    redis: checkRedisUrl(redis),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
  };
  return { settings, names: new Names(namespace), signer: new Signer(hmacKey) };
}

/** @throws OptionTypeError, OptionRangeError */
export function checkTimes({
  disconnectTimeout = DISCONNECT_TIMEOUT,
  reconcileInterval = RECONCILE_INTERVAL,
}: BullMQExecutorOptions) {
  return {
    // Infinity is a time-out that a timer cannot have.
    patience:
      timeoutOption('disconnectTimeout', disconnectTimeout) ?? 2 ** 31 - 1,
    interval: positiveInteger('reconcileInterval', reconcileInterval),
  };
}
