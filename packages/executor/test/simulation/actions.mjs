/*
 * What a step of a run can be. A plan of steps is drawn before the first one is
 * made, and so does not depend on what happens then.
 */
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import { isPool } from './bounds.mjs';
import {
  drawAbort,
  drawCancel,
  drawLateCallback,
  drawShutdown,
  drawTerminate,
} from './calls.mjs';
import { drawDraft } from './drafts.mjs';
import { drawMap } from './map-action.mjs';
import { abortSignal, dispose, kill, release } from './operations.mjs';
import { drawAsCompleted, drawResult, drawWait } from './wait-actions.mjs';

/**
 * @typedef {import('./backends.mjs').Settings} Settings
 * @typedef {import('./model.mjs').Model} Model
 * @typedef {import('./random.mjs').Random} Random
 *
 * @typedef {(model: Model) => void | Promise<void>} Step
 *
 * @typedef {object} Action
 * @property {number} weight how often it comes, compared with the others
 * @property {boolean} [poolsOnly]
 * @property {(random: Random, settings: Settings) => Step} draw
 */

/** @type {readonly Action[]} */
export const actions = [
  { weight: 30, draw: drawSubmit },
  { weight: 5, draw: drawMap },
  { weight: 4, draw: drawWait },
  { weight: 4, draw: drawAsCompleted },
  { weight: 4, draw: drawResult },
  { weight: 3, draw: drawLateCallback },
  { weight: 10, draw: drawCancel },
  { weight: 5, draw: drawAbort },
  { weight: 1, draw: at(abortSignal) },
  { weight: 12, draw: at(release) },
  { weight: 3, poolsOnly: true, draw: at(kill) },
  { weight: 1, poolsOnly: true, draw: drawKillNext },
  { weight: 10, draw: () => () => nextTurn() },
  { weight: 8, draw: () => calm },
  { weight: 3, poolsOnly: true, draw: drawDelay },
  { weight: 1.5, draw: drawShutdown },
  { weight: 0.7, poolsOnly: true, draw: drawTerminate },
];

/** How a run ends, after its steps. @type {readonly Action[]} */
export const endings = [
  { weight: 5, draw: drawShutdown },
  { weight: 1, draw: () => dispose },
  {
    weight: 1,
    draw: (random) => {
      const calls = [drawShutdown(random), drawShutdown(random)];
      return (model) => {
        for (const call of calls) call(model);
      };
    },
  },
  {
    weight: 3,
    draw: (random) => {
      const shutdown = drawShutdown(random);
      return async (model) => {
        await calm(model);
        shutdown(model);
      };
    },
  },
  { weight: 1, poolsOnly: true, draw: drawTerminate },
];

/**
 * @param {readonly Action[]} table
 * @param {Random} random
 * @param {Settings} settings
 * @returns {Step}
 */
export function drawStep(table, random, settings) {
  const possible = table.filter(
    ({ poolsOnly = false }) => !poolsOnly || isPool(settings),
  );
  return random.weighted(possible).draw(random, settings);
}

/**
 * @param {(model: Model, at: number) => void} operation takes a place from 0 up to and without 1
 * @returns {Action['draw']}
 */
function at(operation) {
  return (random) => {
    const place = random.fraction();
    return (model) => {
      operation(model, place);
    };
  };
}

/** @type {Action['draw']} */
function drawSubmit(random, settings) {
  const count = random.chance(0.7) ? 1 : 1 + random.below(8);
  const drafts = Array.from({ length: count }, () =>
    drawDraft(random, settings),
  );
  return (model) => {
    for (const draft of drafts) model.submit(draft);
  };
}

/** @type {Action['draw']} */
function drawKillNext(random) {
  const count = random.pick([1, 1, 2, 4]);
  return (model) => {
    model.killNext(count);
  };
}

/** To catch workers while they start, which gives no event. @type {Action['draw']} */
function drawDelay(random) {
  const milliseconds = random.below(20);
  return async (model) => {
    model.note(`${String(milliseconds)} ms`);
    await setTimeout(milliseconds);
  };
}

/** @param {Model} model */
async function calm(model) {
  await model.calm();
  model.note('calm');
}
