/* The suite `bullmq`: the executor over BullMQ, and BullMQ alone. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../command-line-options.mjs';
import { endGroupsAtExit } from '../process-groups.mjs';
import { report, requirePlace } from '../report.mjs';
import { requireBuilt } from '../require-built.mjs';
import { runSteps } from '../run-steps.mjs';
import { versionOf } from '../version-of.mjs';
import { readVersions } from '../versions.mjs';
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

const packageFolder = new URL(
  '../../../packages/executor-bullmq/',
  import.meta.url,
);

/** @param {import('./command-line.mjs').Options} options */
export async function runSuite(options) {
  const { contender, case: names, rounds, quick = false, profile } = options;
  requireBuilt(new URL('dist/index.js', packageFolder), 'executor-bullmq');
  requireSameBullmq();
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

/** Ends the program if the executor has another BullMQ than it is compared with. */
function requireSameBullmq() {
  const { bullmq: peer } = readVersions();
  const manifest = new URL('package.json', packageFolder);
  const { bullmq: own } = JSON.parse(
    readFileSync(manifest, 'utf8'),
  ).dependencies;
  if (own === peer) return;
  fail(
    `the executor has BullMQ ${own}, and tools/bench ${String(peer)}: install the same there`,
  );
}
