export { monotonicNow } from '../core/clock.ts';
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
export { listen, type ExecutorListeners } from './listen.ts';
export { AtomicFile } from './atomic-file.ts';
export {
  ChromeTraceFile,
  type ChromeTraceFileOptions,
} from './chrome-trace-file.ts';
export { Recorder, type RecorderOptions } from './recorder.ts';
export type { Outcome, SpanSink, TaskSpan, WorkerSpan } from './span.ts';
export { TimelineFile, type TimelineOptions } from './timeline-file.ts';
export {
  TraceEventFile,
  type TraceEvent,
  type TraceEventFileOptions,
  type TraceThread,
} from './trace-event-file.ts';
export { TraceEventRows } from './trace-event-rows.ts';
