import { TimeoutError } from '@concurrent-executors/executor';
import { perform } from './backends.mjs';
import { drawDraft } from './drafts.mjs';
import { isShort, nameOf } from './jobs.mjs';
import { writeJournal } from './tasks.mjs';

/**
 * @typedef {import('./jobs.mjs').Job} Job
 * @typedef {import('./jobs.mjs').Outcome} Outcome
 * @typedef {import('./model.mjs').Model} Model
 * @typedef {import('./tasks.mjs').Order} Order
 * @typedef {import('@concurrent-executors/executor').MapResults<unknown>} MapResults
 */

const MAX_ITEMS = 6;

/**
 * A map over some jobs, and a consumer beside the other steps.
 *
 * @type {import('./actions.mjs').Action['draw']}
 */
export function drawMap(random, settings) {
  const drafts = Array.from({ length: random.below(MAX_ITEMS + 1) }, () =>
    drawDraft(random, settings),
  )
    .filter(({ deed }) => deed !== 'blocks') // its end could not be seen
    .map((draft) => ({ ...draft, limits: {} }));
  const isAsync = random.chance(0.3);
  const bufferSize = random.pick([undefined, undefined, 1, 2]);
  const deadline = random.pick([undefined, undefined, undefined, 1, 3_600_000]);
  // How many results the consumer takes before it leaves; and whether it asks
  // for all at once or for one after the other.
  const taken = random.chance(0.3) ? random.below(MAX_ITEMS) : Infinity;
  const atOnce = random.chance(0.3);

  return (model) => {
    /** @type {Job[]} */
    const jobs = [];
    let isOpen = false;

    /** @returns {Generator<Order>} */
    function* orders() {
      isOpen = true;
      try {
        for (const draft of drafts) {
          // From an async input it is submitted some time after it was made.
          const job = model.newJob(
            draft,
            !isAsync && draft.getter === undefined,
          );
          model.note(`map submits ${nameOf(job)}`);
          jobs.push(job);
          job.map = jobs[0]?.number ?? job.number;
          yield model.orderFor(job);
        }
      } finally {
        isOpen = false;
      }
    }
    async function* ordersInTime() {
      for (const order of orders()) {
        await null;
        yield order;
      }
    }

    model.note(
      `map over ${String(drafts.length)} items, async ${String(isAsync)}, bufferSize ${String(bufferSize)}, deadline ${String(deadline)}`,
    );
    const results = model.attempt(() =>
      model.executor
        .with({
          ...(bufferSize === undefined ? {} : { bufferSize }),
          ...(deadline === undefined ? {} : { deadline }),
        })
        .map(perform, isAsync ? ordersInTime() : orders()),
    );
    if (results === undefined) return;
    const name = `map from #${String(jobs[0]?.number ?? '(none)')}`;
    // Not at once: an async input in the middle of an await is told, not waited for.
    model.atEnd(() => {
      model.check(!isOpen, `${name} is over and has not closed its input`);
    });
    model.background(name, consume(results));

    /** @param {MapResults} source */
    async function consume(source) {
      const limit = Math.min(taken, drafts.length + 2);
      const asked = atOnce
        ? Array.from({ length: limit }, () => ask(source))
        : [];
      for (let at = 0; at < limit; at += 1) {
        const outcome = await (asked[at] ?? ask(source));
        if (outcome === undefined || isLate(outcome)) {
          if (outcome === undefined) checkCount(at);
          break;
        }
        const job = jobs[at];
        if (job === undefined) {
          model.check(false, `${name} gave more results than it has items`);
          break;
        }
        job.outcome = outcome;
        model.note(`  ${name} gave the result of ${nameOf(job)}`);
      }
      await Promise.all(asked);
      const [first] = jobs;
      if (first !== undefined) {
        writeJournal(model.journalPath, { event: 'left', map: first.number });
      }
      await source.return();
      model.check(
        (await ask(source)) === undefined,
        `${name} gives more after its end`,
      );
    }

    /** @param {Outcome} outcome */
    function isLate(outcome) {
      if (!('error' in outcome)) return false;
      const { error } = outcome;
      if (!(error instanceof TimeoutError)) return false;
      model.note(`  ${name} is late`);
      model.check(isShort(deadline), `${name} is late: ${String(error)}`);
      return true;
    }

    /** @param {number} given */
    function checkCount(given) {
      model.check(
        given === jobs.length &&
          (given === drafts.length || model.closed || model.mayBeBroken),
        `${name} gave ${String(given)} results for ${String(jobs.length)} of ${String(drafts.length)} items`,
      );
    }
  };
}

/** @param {MapResults} results @returns {Promise<Outcome | undefined>} undefined at the end */
async function ask(results) {
  try {
    const { done, value } = await results.next();
    return done === true ? undefined : { value };
  } catch (error) {
    return { error };
  }
}
