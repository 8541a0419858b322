export { AsyncExecutor, type AsyncExecutorOptions } from './backends/async.ts';
export { PoolExecutor, type PoolOptions } from './backends/pool-executor.ts';
export { ProcessPoolExecutor } from './backends/process.ts';
export { SerialExecutor } from './backends/serial.ts';
export { ThreadPoolExecutor } from './backends/thread.ts';
export {
  BrokenExecutorError,
  CancelledError,
  ExecutorError,
  ExecutorShutdownError,
  ExecutorTerminatedError,
  InvalidStateError,
  NestedExecutorError,
  OptionRangeError,
  OptionTypeError,
  ResultNotSerializableError,
  TaskInvalidError,
  TaskNotFoundError,
  TaskNotSerializableError,
  TimeoutError,
  WorkerExitError,
  type ErrorCode,
  type WorkerExit,
} from './core/errors.ts';
export type { Executor, MapInputs, ShutdownOptions } from './core/executor.ts';
export type { AnyIterable } from './core/feed.ts';
export type { DoneCallback, Future, FutureState } from './core/future.ts';
export type { MapResults } from './core/map.ts';
export {
  moduleTasks,
  task,
  type ModuleTasks,
  type Task,
  type TaskAddress,
  type TaskMarker,
} from './core/task.ts';
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
