import { observe } from '@concurrent-executors/pool-view';
import { Chart } from './chart.ts';
import type { Options } from './command-line.ts';
import { experiment } from './experiment.ts';

/** Runs the experiment, observed as the options say. */
export async function run(options: Options): Promise<void> {
  const chart = options.gantt ? new Chart(options.durations) : undefined;
  const observation = observe(options, {
    title: 'demo-map',
    sinks: chart === undefined ? [] : [chart],
  });
  try {
    await experiment(options);
  } finally {
    // Also of a run that has failed: that is when one wants to look.
    observation.close();
  }
  chart?.print();
}
