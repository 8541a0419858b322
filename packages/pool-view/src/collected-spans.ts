import type {
  SpanSink,
  TaskSpan,
} from '@concurrent-executors/executor/observe';

/** Keeps the runs of tasks that a Recorder has seen. Its memory grows with each. */
export class CollectedSpans implements SpanSink {
  readonly tasks: TaskSpan[] = [];

  addTask(span: TaskSpan): void {
    this.tasks.push(span);
  }

  addWorker(): void {
    // Only tasks are kept.
  }
}
