/* Makes the files, starts the servers, and runs all clients. */
import { join } from 'node:path';
import { runSteps } from '../run-steps.mjs';
import { countOf, idealSeconds } from './cases.mjs';
import { measurementsOf, stepsOf } from './rounds.mjs';
import { runDownload } from './run-download.mjs';
import { startServers } from './servers/index.mjs';
import { makeSite, roomFor, writeLists } from './site.mjs';
import { makeWorkspace } from './workspace.mjs';

/** @param {import('./rounds.mjs').Plan} plan */
export async function measure(plan) {
  const measurements = measurementsOf(plan).map((measurement) => ({
    measurement,
    count: countOf(measurement, plan.quick),
  }));
  const count = Math.max(...measurements.map((one) => one.count));
  const { folder, inMemory } = makeWorkspace(roomFor(count));
  const root = join(folder, 'site');
  const files = makeSite(root, count);
  const servers = await startServers(root, folder);
  const downloads = measurements.map(({ measurement, count }) => {
    const own = files.slice(0, count);
    const url = servers.urls[measurement.server];
    const lists = writeLists(join(folder, measurement.name), url, own);
    return { measurement, files: own, lists };
  });
  const output = join(folder, 'output');

  /** @param {import('./rounds.mjs').Step} step */
  async function run({ measurement, column }) {
    const own = downloads.find((one) => one.measurement === measurement);
    if (!own) throw new Error(`${measurement.name} has no list`);
    const outcome = await runDownload(column, {
      download: { ...own.lists, folder: output },
      files: own.files,
      limit: measurement.limit,
    });
    const ideal = idealSeconds(
      measurement,
      own.files.length,
      column.concurrency,
    );
    if ('error' in outcome || ideal === undefined) return outcome;
    const timesIdeal = (outcome.values['seconds'] ?? NaN) / ideal;
    return { values: { ...outcome.values, timesIdeal } };
  }

  try {
    const samples = await runSteps(stepsOf(plan), run);
    return { samples, server: servers.about, inMemory };
  } finally {
    await servers.stop();
  }
}
