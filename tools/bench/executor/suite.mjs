/* The suite `executor`: this library and its peers, case by case. */
import { executorModule } from '../adapters/executor.mjs';
import { fail } from '../command-line-options.mjs';
import { endGroupsAtExit } from '../process-groups.mjs';
import { report, requirePlace } from '../report.mjs';
import { requireBuilt } from '../require-built.mjs';
import { runSteps } from '../run-steps.mjs';
import { DEFAULT_ROUNDS } from './command-line.mjs';
import {
  backends,
  columnsOf,
  libraryNames,
  OURS,
  PYTHON,
  pythonVersion,
} from './columns.mjs';
import { documentText } from './document.mjs';
import { resultsOf } from './results.mjs';
import { calibrate, runStep, stepsOf } from './rounds.mjs';
import { terminalText } from './terminal.mjs';

const SUITE = 'executor';
const QUICK_ROUNDS = 2;
const EXIT_NOT_MEASURED = 1;

/** @param {import('./command-line.mjs').Options} options */
export async function runSuite(options) {
  requireBuilt(executorModule, SUITE);
  const plan = planOf(options);
  const steps = stepsOf(plan);
  if (steps.length === 0) {
    fail('nothing to run: none of these libraries has such a case');
  }
  requirePlace(SUITE, options);

  endGroupsAtExit();
  const calibrationOf = calibrations();
  const samples = await runSteps(steps, async (step) => {
    const calibration = step.measurement.calibrated
      ? await calibrationOf(step.column)
      : {};
    return runStep(step, plan.quick, calibration);
  });
  const results = resultsOf(plan, samples);
  report(SUITE, options, results, {
    document: () => documentText(results, plan),
    terminal: (inColour) => terminalText(results, inColour),
  });
  if (results.some(({ failures }) => failures.has(OURS))) {
    process.exitCode = EXIT_NOT_MEASURED;
  }
}

/** @param {import('./command-line.mjs').Options} options @returns {import('./rounds.mjs').Plan} */
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
