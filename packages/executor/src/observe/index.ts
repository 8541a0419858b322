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
export {
  ChromeTraceFile,
  type ChromeTraceFileOptions,
} from './chrome-trace-file.ts';
export { Recorder, type RecorderOptions } from './recorder.ts';
export type { Outcome, SpanSink, TaskSpan, WorkerSpan } from './span.ts';
export {
  TraceEventFile,
  type TraceEvent,
  type TraceEventFileOptions,
  type TraceThread,
} from './trace-event-file.ts';
export { TraceEventRows } from './trace-event-rows.ts';
