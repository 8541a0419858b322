import {
  chartStyle,
  CollectedSpans,
  gantt,
} from '@concurrent-executors/pool-view';

/** Draws when each task has run and where. */
export class Chart extends CollectedSpans {
  readonly #durations: readonly number[];

  constructor(durations: readonly number[]) {
    super();
    this.#durations = durations;
  }

  print(): void {
    // The tasks are numbered in the order of their submission, which is that of the durations.
    const numbers = this.tasks.map(({ task }) => task.id).sort((a, b) => a - b);
    const labels = new Map(
      numbers.map((id, index) => [
        id,
        `loiter(${String(this.#durations[index])})`,
      ]),
    );
    process.stdout.write(
      `\n${gantt(this.tasks, {
        ...chartStyle(process.stdout),
        label: ({ task }) => labels.get(task.id) ?? task.name,
      })}`,
    );
  }
}
