// What an executor in another package is made of. These parts may change with any minor
// version; what runs tasks is in index.ts.
export { BaseExecutor, type ExecutorOptions } from './core/base-executor.ts';
export type { CallKind, ChunkOutcomes } from './core/call-kind.ts';
export { monotonicNow } from './core/clock.ts';
export { messageOf } from './core/errors.ts';
export { workerReady, workerStarted, type WorkerInfo } from './core/events.ts';
export { isInlineModule } from './core/inline-url.ts';
export { Job } from './core/job.ts';
export {
  nonNegativeInteger,
  positiveInteger,
  timeoutOption,
} from './core/options.ts';
export { shutdownError } from './core/shutdown.ts';
export { iteratorOf } from './core/stream-run.ts';
export { isThenable } from './core/thenable.ts';
export type { Stats, Tally } from './core/tally.ts';
export { currentRun, type TaskRun } from './core/task-context.ts';
export type { JobOptions } from './core/task-options.ts';
export {
  addressOf,
  loadTaskInWorker,
  taskAt,
  type TaskFunction,
} from './core/task.ts';
export { JobQueue } from './pool/queue.ts';
export { packed } from './wire/pack.ts';
export { encodeOutcomes, encodeResult, decodeResult } from './wire/results.ts';
export { decodeThrownBody, encodeThrownBody } from './wire/thrown.ts';
export { encodeValue, type EncodedValue } from './wire/value-codec.ts';
export { decodeArguments } from './wire/arguments.ts';
export { runChunk } from './worker/run.ts';
