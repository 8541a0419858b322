export { AsyncExecutor, type AsyncExecutorOptions } from './backends/async.ts';
export {
  PoolExecutor,
  type PoolOptions,
  type WorkerOptions,
} from './backends/pool-executor.ts';
export { ProcessPoolExecutor } from './backends/process.ts';
export type { OnWorkerCrash } from './pool/pool.ts';
export { SerialExecutor } from './backends/serial.ts';
export { ThreadPoolExecutor } from './backends/thread.ts';
export { registerErrorClass, type ErrorClass } from './core/error-classes.ts';
export {
  AbortError,
  BrokenExecutorError,
  CancelledError,
  DeadlockError,
  ErrorClassInvalidError,
  ExecutorError,
  ExecutorShutdownError,
  ExecutorTerminatedError,
  FileWriteError,
  InlineCaptureError,
  InvalidStateError,
  NestedExecutorError,
  OptionRangeError,
  OptionTypeError,
  QueueFullError,
  ResultNotSerializableError,
  TaskGroupClosedError,
  TaskInvalidError,
  TaskNotFoundError,
  TaskNotSerializableError,
  TimeoutError,
  WorkerExitError,
  WorkerOutOfMemoryError,
  type ErrorCode,
  type WorkerExit,
} from './core/errors.ts';
export type { ExecutorOptions, OnFull } from './core/base-executor.ts';
export type {
  Executor,
  FunctionSubmitter,
  MapInputs,
  Submitter,
} from './core/executor.ts';
export type { AnyIterable } from './core/feed.ts';
export type { DoneCallback, Future, ProgressCallback } from './core/future.ts';
export type { FutureSnapshot, FutureState } from './core/future-state.ts';
export { inline } from './core/inline.ts';
export type { CallFutures, Calls } from './core/invoke.ts';
export type { MapResults } from './core/map.ts';
export type { ShutdownOptions, ShutdownReport } from './core/shutdown.ts';
export type { Stats } from './core/tally.ts';
export {
  TaskGroup,
  type TaskGroupOptions,
  type TaskGroupPolicy,
} from './core/task-group.ts';
export {
  moduleTasks,
  task,
  type ModuleTasks,
  type Task,
  type TaskAddress,
  type TaskMarker,
} from './core/task.ts';
export { taskContext, type TaskContext } from './core/task-context.ts';
export type {
  MapOptions,
  SubmitOptions,
  TaskOptions,
} from './core/task-options.ts';
export type { TaskStream } from './core/task-stream.ts';
export {
  asCompleted,
  wait,
  type AsCompletedOptions,
  type CompletedFuture,
  type CompletedFutures,
  type ReturnWhen,
  type WaitOptions,
  type WaitResult,
} from './core/wait.ts';
