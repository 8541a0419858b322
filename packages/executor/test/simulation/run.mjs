import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { actions, drawStep, endings } from './actions.mjs';
import { drawSettings } from './backends.mjs';
import { checkStep } from './invariants.mjs';
import { Model } from './model.mjs';
import { terminate } from './operations.mjs';
import { Random } from './random.mjs';
import { Recording } from './recording.mjs';
import { judge } from './verdict.mjs';
import { Watch } from './watch.mjs';

/**
 * @typedef {import('./verdict.mjs').Tally} Tally
 *
 * @typedef {object} Scenario
 * @property {import('./backends.mjs').BackendName} backend
 * @property {number} seed an integer from 0 to 2 ** 32 - 1
 * @property {number} steps how many; fewer are the first ones of more
 */

/** A run that is not over after so many milliseconds hangs. */
const WATCHDOG = 30_000;

/** What the executor has closed is gone for Node after so many milliseconds. */
const PATIENCE = 2_000;

/** Something happened that must never happen. The message tells the whole run. */
export class Violation extends Error {
  /** @override */
  name = 'Violation';
}

/**
 * Makes one executor, does with it what the seed says, and checks it all the time.
 *
 * @param {Scenario} scenario
 * @returns {Promise<Tally>} what became of the tasks
 * @throws Violation
 */
export async function simulate(scenario) {
  const random = new Random(scenario.seed);
  const settings = drawSettings(scenario.backend, random);
  // Numbers of their own, so that the end does not depend on how many steps there are.
  const last = new Random(random.seed());
  const end = drawStep(endings, last, settings);
  const plan = Array.from({ length: scenario.steps }, () =>
    drawStep(actions, random, settings),
  );

  /** @type {string[]} */
  const notes = [];
  /** @type {(reason: Violation) => void} */
  let stop = () => undefined;
  /** @type {Promise<never>} */
  const stopped = new Promise((_resolve, reject) => {
    stop = reject;
  });
  /** @param {string} problem */
  const fail = (problem) => {
    stop(new Violation(report(problem, scenario, settings, notes)));
  };
  /** @type {Error[]} */
  const warnings = [];
  const folder = mkdtempSync(join(tmpdir(), 'simulation-'));
  const stopListening = listen({
    uncaughtException: (error) => {
      fail(`uncaught: ${inspect(error)}`);
    },
    unhandledRejection: (error) => {
      fail(`rejection that nobody handles: ${inspect(error)}`);
    },
    // Node would print them, and most are wanted here.
    warning: (warning) => {
      warnings.push(/** @type {Error} */ (warning)); // as Node documents
    },
  });
  const removeFolder = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeFolder);
  const watch = new Watch();
  const recording = settings.recorded ? new Recording() : undefined;
  const model = new Model(settings, {
    folder,
    watch,
    note: (text) => {
      notes.push(text);
    },
    fail,
  });

  async function play() {
    await model.gate.open();
    for (const step of plan) {
      const wait = step(model);
      if (wait !== undefined) await wait; // no turn of the event loop between the others
      checkStep(model);
    }
    model.openGate(last);
    await end(model);
    if (model.isBlocked) terminate(model);
    await model.backgroundDone();
    checkStep(model);
    const tally = await judge(model, watch.ended);
    recording?.stop();
    const problem = recording?.problem(model.submitted);
    model.check(problem === undefined, String(problem));
    await model.gate.close();
    await checkLeftovers();
    checkWarnings();
    checkSignals();
    return tally;
  }

  async function checkLeftovers() {
    const limit = performance.now() + PATIENCE;
    while (watch.left().length > 0 && performance.now() < limit) {
      await nextTurn();
    }
    const left = watch.left();
    model.check(left.length === 0, `left behind: ${left.join(', ')}`);
  }

  function checkWarnings() {
    const other = warnings.find(({ name }) => name !== 'FutureCallbackWarning');
    model.check(other === undefined, `warning: ${String(other)}`);
    model.check(
      warnings.length === model.callbackErrors,
      `${String(warnings.length)} warnings for ${String(model.callbackErrors)} callbacks that threw`,
    );
  }

  function checkSignals() {
    const listeners = model.signals.flatMap(({ signal }) =>
      getEventListeners(signal, 'abort'),
    );
    model.check(
      listeners.length === 0,
      `${String(listeners.length)} listeners are left on the signals`,
    );
  }

  const watchdog = setTimeout(() => {
    fail(`it hangs: ${model.missing().join('; ')}`);
  }, WATCHDOG);
  watch.start();
  try {
    const played = play().catch((/** @type {unknown} */ error) => {
      fail(`thrown: ${inspect(error)}`);
      return stopped;
    });
    // Once more: a violation found at the very end comes before the result.
    const tally = await Promise.race([stopped, played]);
    await Promise.race([stopped, tally]);
    // After a violation, tasks that are left still write there.
    process.off('exit', removeFolder);
    removeFolder();
    return tally;
  } finally {
    clearTimeout(watchdog);
    recording?.stop();
    watch.stop();
    stopListening();
  }
}

/**
 * Listens to the process in place of all who listen for warnings.
 *
 * @param {Record<'uncaughtException' | 'unhandledRejection' | 'warning', (argument: unknown) => void>} listeners
 * @returns {() => void} undoes it
 */
function listen(listeners) {
  const printers = process.rawListeners('warning');
  process.removeAllListeners('warning');
  const added = Object.entries(listeners);
  for (const [name, listener] of added) process.on(name, listener);
  return () => {
    for (const [name, listener] of added) process.off(name, listener);
    for (const printer of printers) {
      process.on('warning', /** @type {() => void} */ (printer));
    }
  };
}

/**
 * @param {string} problem
 * @param {Scenario} scenario
 * @param {import('./backends.mjs').Settings} settings
 * @param {readonly string[]} notes
 */
function report(problem, { backend, seed, steps }, settings, notes) {
  return [
    problem,
    `seed ${String(seed)}, ${inspect(settings, { breakLength: Infinity })}`,
    ...notes.map((note) => `  ${note}`),
    `repeat: npm run simulate -- --backend ${backend} --seeds 1 --seed ${String(seed)} --steps ${String(steps)}`,
  ].join('\n');
}
