/* The suite `bullmq`: the executor over BullMQ, and BullMQ alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../command-line-options.mjs';
import { endGroupsAtExit } from '../process-groups.mjs';
import { report, requirePlace } from '../report.mjs';
import { requireBuilt } from '../require-built.mjs';
import { runSteps } from '../run-steps.mjs';
import { versionOf } from '../version-of.mjs';
import { OURS } from './columns.mjs';
import { DEFAULT_ROUNDS } from './command-line.mjs';
import { REDIS } from './redis.mjs';
import { resultsOf } from './results.mjs';
import { stepsOf } from './rounds.mjs';
import { measurementRunner } from './run-measurement.mjs';
import { documentText, terminalText } from './texts.mjs';

const SUITE = 'bullmq';
const QUICK_ROUNDS = 2;
const EXIT_NOT_MEASURED = 1;

const executorModule = new URL(
  '../../../packages/executor-bullmq/dist/index.js',
  import.meta.url,
);

/** @param {import('./command-line.mjs').Options} options */
export async function runSuite(options) {
  const { contender, case: names, rounds, quick = false, profile } = options;
  requireBuilt(executorModule, 'executor-bullmq');
  const redisVersion = versionOf(REDIS);
  if (redisVersion === undefined) {
    fail(`${REDIS} is not there: install it, or set REDIS_SERVER to its path`);
  }
  requirePlace(SUITE, options);
  const plan = {
    contenders: contender,
    names,
    rounds: rounds ?? (quick ? QUICK_ROUNDS : DEFAULT_ROUNDS),
    quick,
  };
  const steps = stepsOf(plan);
  if (steps.length === 0) {
    fail('nothing to run: none of these contenders is in such a case');
  }

  endGroupsAtExit();
  const folder = mkdtempSync(join(tmpdir(), 'bullmq-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true });
  });
  const samples = await runSteps(
    steps,
    measurementRunner(quick, folder, profile),
  );
  const results = resultsOf(plan, samples);
  report(SUITE, options, results, {
    document: () => documentText(plan, results, redisVersion),
    terminal: (inColour) => terminalText(results, inColour),
  });
  if (results.some(({ failures }) => failures.has(OURS))) {
    process.exitCode = EXIT_NOT_MEASURED;
  }
}
