import {
  metrics,
  trace,
  type MeterProvider,
  type TracerProvider,
} from '@opentelemetry/api';
import { measureTasks } from './measure-tasks.ts';
import { traceTasks } from './trace-tasks.ts';

/** What OpenTelemetry calls the instrumentation scope. */
const SCOPE = '@concurrent-executors/executor';

export interface InstrumentOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one; it must be set before. */
  readonly meterProvider?: MeterProvider;
}

/**
 * Gives OpenTelemetry a span for each run of a task, and metrics of tasks and workers, of
 * all executors of this program, from now on until it is disposed. Tasks and workers
 * that were there before are left out.
 */
export function instrument({
  tracerProvider = trace.getTracerProvider(),
  meterProvider = metrics.getMeterProvider(),
}: InstrumentOptions = {}): Disposable {
  const tracing = traceTasks(tracerProvider.getTracer(SCOPE));
  const measuring = measureTasks(meterProvider.getMeter(SCOPE));
  return {
    [Symbol.dispose]() {
      tracing[Symbol.dispose]();
      measuring[Symbol.dispose]();
    },
  };
}
