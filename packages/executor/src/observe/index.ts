export { FileWriteError } from '../core/errors.ts';
export type {
  ExecutorEvents,
  ExecutorInfo,
  TaskCancelled,
  TaskEnded,
  TaskInfo,
  TaskStarted,
  TaskSubmitted,
  WorkerExited,
  WorkerInfo,
  WorkerStarted,
} from '../core/events.ts';
export { AtomicFile } from './atomic-file.ts';
export { Recorder, type RecorderOptions } from './recorder.ts';
export type { Outcome, SpanSink, TaskSpan, WorkerSpan } from './span.ts';
