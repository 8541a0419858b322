/* How many workers a pool has, what they are called, and what they do while they wait. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Session } from 'node:inspector/promises';
import { describe, expect, test } from 'vitest';
import {
  AsyncExecutor,
  OptionRangeError,
  OptionTypeError,
  ProcessPoolExecutor,
  TaskInvalidError,
  ThreadPoolExecutor,
} from '@concurrent-executors/executor';
import {
  add,
  double,
  echo,
  exitIfExists,
  passGate,
  processTitle,
  throwError,
  turnLoop,
  where,
} from '../fixtures/tasks.mjs';
import { backends, concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
