/*
 * Draws what a job will be: its deed, how it is submitted, and what the test does
 * when the executor calls it back.
 */
import { isPool } from './bounds.mjs';
import {
  drawAbort,
  drawCancel,
  drawShutdown,
  drawTerminate,
} from './calls.mjs';
import { deeds, hasFuture } from './jobs.mjs';
import { addLateCallback, cancel } from './operations.mjs';

/**
 * @typedef {import('./backends.mjs').Settings} Settings
 * @typedef {import('./jobs.mjs').Draft} Draft
 * @typedef {import('./jobs.mjs').Reaction} Reaction
 * @typedef {import('./random.mjs').Random} Random
 *
 * @typedef {object} ReactionRow
 * @property {number} weight
 * @property {(random: Random, settings: Settings) => Reaction} draw
 */

/** Milliseconds that pass in a run, or never: their timers must go. */
const limits = [1, 40, 3_600_000];

/**
 * What executor.with() can be given.
 *
 * @type {readonly { weight: number, draw: (random: Random) => Draft['limits'] }[]}
 */
const options = [
  { weight: 4, draw: (random) => ({ priority: random.pick([-1, 0, 1, 2.5]) }) },
  { weight: 3, draw: (random) => ({ retries: 1 + random.below(2) }) },
  { weight: 2, draw: (random) => ({ timeout: random.pick(limits) }) },
  { weight: 2, draw: (random) => ({ queueTimeout: random.pick(limits) }) },
  { weight: 3, draw: (random) => ({ signal: random.below(2) }) },
];

/** What the test can do when it is called back. @satisfies {Readonly<Record<string, ReactionRow>>} */
const reactions = {
  throw: {
    weight: 4,
    draw:
      () =>
      (model, { number }) => {
        model.callbackErrors += 1;
        throw new Error(`from a done callback of #${String(number)}`);
      },
  },
  addCallback: {
    weight: 2,
    draw: () => (model, job) => {
      if (hasFuture(job)) addLateCallback(model, job);
    },
  },
  submit: {
    weight: 6,
    draw: (random, settings) => {
      const draft = drawDraft(random, settings);
      return (model) => void model.submit(draft);
    },
  },
  cancel: { weight: 3, draw: drawCancel },
  abort: { weight: 2, draw: drawAbort },
  shutdown: { weight: 0.5, draw: drawShutdown },
  terminate: { weight: 0.3, draw: drawTerminate },
};

/** What a getter of an argument can do, while the executor sends it. @satisfies {Readonly<Record<string, ReactionRow>>} */
const getters = {
  submit: reactions.submit,
  cancel: { weight: 3, draw: drawCancel },
  shutdown: reactions.shutdown,
  terminate: reactions.terminate,
  cancelItself: {
    weight: 3,
    draw: () => (model, job) => {
      if (hasFuture(job)) cancel(model, job);
    },
  },
};

/**
 * @param {Random} random
 * @param {Settings} settings
 * @returns {Draft}
 */
export function drawDraft(random, settings) {
  const possible = Object.entries(deeds)
    .filter(([, deed]) => deed.possible(settings))
    .map(([name, deed]) => ({
      name: /** @type {import('./jobs.mjs').DeedName} */ (name),
      ...deed,
    }));
  const { name, draw } = random.weighted(possible);
  const held = name === 'blocks' || random.chance(0.4);
  const reaction = drawReaction(reactions, 0.2, random, settings);
  const getter =
    isPool(settings) && name !== 'hasBadArgument'
      ? drawReaction(getters, 0.04, random, settings)
      : undefined;
  return {
    deed: name,
    order: draw(random),
    held,
    heeds: held && name !== 'blocks' && random.chance(0.2),
    abortedAtGate: held && random.chance(name === 'blocks' ? 0.5 : 0.05),
    limits: drawLimits(random),
    reactions: reaction === undefined ? [] : [reaction],
    ...(getter === undefined ? {} : { getter }),
  };
}

/** @param {Random} random */
function drawLimits(random) {
  /** @type {Draft['limits']} */
  let drawn = {};
  for (let chance = 0.25; random.chance(chance); chance = 0.4) {
    drawn = { ...drawn, ...random.weighted(options).draw(random) };
  }
  return drawn;
}

/**
 * @param {Readonly<Record<string, ReactionRow>>} table
 * @param {number} probability
 * @param {Random} random
 * @param {Settings} settings
 */
function drawReaction(table, probability, random, settings) {
  return random.chance(probability)
    ? random.weighted(Object.values(table)).draw(random, settings)
    : undefined;
}
