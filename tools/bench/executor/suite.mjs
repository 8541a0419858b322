/* The suite `executor`: this library and its peers, case by case. */
import { writeFileSync } from 'node:fs';
import { requireBuiltExecutor } from '../built-executor.mjs';
import { fail } from '../command-line-options.mjs';
import { endGroupsAtExit } from '../process-groups.mjs';
import {
  backends,
  columnsOf,
  libraryNames,
  OURS,
  PYTHON,
  pythonVersion,
} from './columns.mjs';
import { whyNotWritable, writeDocument } from './document.mjs';
import { Progress } from './progress.mjs';
import { jsonRows, Samples } from './results.mjs';
import { calibrate, measurementsOf, runStep, stepsOf } from './rounds.mjs';
import { resultsText } from './terminal.mjs';

/** @typedef {import('./rounds.mjs').Plan} Plan */

const DEFAULT_ROUNDS = 5;
const QUICK_ROUNDS = 2;
const EXIT_NOT_MEASURED = 1;

/** @param {import('./command-line.mjs').Options} options */
export async function runSuite(options) {
  requireBuiltExecutor();
  const plan = planOf(options);
  const steps = stepsOf(plan);
  if (steps.length === 0) {
    fail('nothing to run: none of these libraries has such a case');
  }
  const reason = options.markdown && whyNotWritable(options.markdown);
  if (reason) fail(reason);

  endGroupsAtExit();
  const samples = await runAll(steps, plan.quick);
  const results = resultsOf(plan, samples);
  if (options.json !== undefined) {
    const rows = JSON.stringify(jsonRows(results), null, 2);
    writeFileSync(options.json, `${rows}\n`);
  }
  if (options.markdown !== undefined) {
    writeDocument(options.markdown, results, plan);
  }
  console.log(resultsText(results, process.stdout.hasColors?.() ?? false));
  if (results.some(({ failures }) => failures.has(OURS))) {
    process.exitCode = EXIT_NOT_MEASURED;
  }
}

/** @param {import('./command-line.mjs').Options} options @returns {Plan} */
function planOf({ library, backend, case: cases, rounds, quick = false }) {
  const hasPython = pythonVersion() !== undefined;
  const asked = library.length < libraryNames.length;
  if (asked && library.includes(PYTHON) && !hasPython) {
    fail('python needs the command python3, which is not there');
  }
  return {
    columns: columnsOf(
      library.filter((name) => hasPython || name !== PYTHON),
      backend ? [backend] : backends,
    ),
    cases,
    rounds: rounds ?? (quick ? QUICK_ROUNDS : DEFAULT_ROUNDS),
    quick,
  };
}

/** @param {readonly import('./rounds.mjs').Step[]} steps @param {boolean} quick */
async function runAll(steps, quick) {
  const samples = new Samples();
  const calibrationOf = calibrations();
  const progress = new Progress(steps.length);
  process.on('exit', () => {
    progress.close();
  });
  for (const step of steps) {
    progress.begin(step);
    if (samples.hasFailed(step)) {
      progress.end(step, undefined);
      continue;
    }
    const calibration = step.measurement.calibrated
      ? await calibrationOf(step.column)
      : {};
    const outcome = await runStep(step, quick, calibration);
    samples.add(step, outcome);
    progress.end(step, outcome);
  }
  progress.close();
  return samples;
}

/** Calibrates once for all libraries, and once for Python. */
function calibrations() {
  /** @type {Map<boolean, Awaited<ReturnType<typeof calibrate>>>} */
  const known = new Map();
  return async (/** @type {import('./columns.mjs').Column} */ column) => {
    const isPython = column.library === PYTHON;
    const values = known.get(isPython) ?? (await calibrate(column));
    known.set(isPython, values);
    return values;
  };
}

/** @param {Plan} plan @param {Samples} samples */
function resultsOf(plan, samples) {
  return measurementsOf(plan)
    .flatMap(({ cases }) => cases)
    .filter(({ name }) => plan.cases.includes(name))
    .flatMap((of) =>
      backends.map((backend) =>
        samples.resultOf(
          of,
          backend,
          plan.columns
            .filter((column) => column.backend === backend)
            .map(({ library }) => library),
        ),
      ),
    )
    .filter(({ values, failures }) => values.size + failures.size > 0);
}
