import { context, trace, type Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  MeterProvider,
  MetricReader,
  type DataPoint,
  type ExponentialHistogram,
  type Histogram,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { instrument } from '@concurrent-executors/executor/opentelemetry';

type Point = DataPoint<number | Histogram | ExponentialHistogram>;

class Reader extends MetricReader {
  protected override onForceFlush = () => Promise.resolve();
  protected override onShutdown = () => Promise.resolve();
}

/** The real SDK of OpenTelemetry in this program, with all that it is given. */
export class Telemetry implements AsyncDisposable {
  readonly #exporter = new InMemorySpanExporter();
  readonly #reader = new Reader();
  readonly #tracers = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(this.#exporter)],
  });
  readonly #meters = new MeterProvider({ readers: [this.#reader] });
  readonly instrumentation: Disposable;

  constructor() {
    context.setGlobalContextManager(
      new AsyncLocalStorageContextManager().enable(),
    );
    this.instrumentation = instrument({
      tracerProvider: this.#tracers,
      meterProvider: this.#meters,
    });
  }

  /** Those that have ended, without those of {@link within}. */
  get spans(): readonly ReadableSpan[] {
    return this.#exporter
      .getFinishedSpans()
      .filter(
        ({ instrumentationScope }) => instrumentationScope.name !== 'test',
      );
  }

  /** Calls it with a new span active; returns the id of the span and the result. */
  within<T>(call: () => T): { readonly spanId: string; readonly result: T } {
    const span = this.#tracers.getTracer('test').startSpan('caller');
    const result = context.with(trace.setSpan(context.active(), span), call);
    span.end();
    return { spanId: span.spanContext().spanId, result };
  }

  /** Of each series of a metric the attributes with its sum, or the number of values. */
  async metric(
    name: string,
  ): Promise<readonly (readonly [Attributes, number])[]> {
    const { resourceMetrics } = await this.#reader.collect();
    const points = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap((metric): Point[] => metric.dataPoints);
    return points.map(({ attributes, value }) => [
      attributes,
      typeof value === 'number' ? value : value.count,
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.instrumentation[Symbol.dispose]();
    context.disable();
    await this.#tracers.shutdown();
    await this.#meters.shutdown();
  }
}
