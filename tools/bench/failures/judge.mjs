import { inspect } from 'node:util';
import { isTellingError } from './failures.mjs';

/**
 * @typedef {'right' | 'wrong' | 'hang'} Verdict
 * @typedef {object} Judgement
 * @property {Verdict} verdict
 * @property {string} detail one line
 */

const MAX_LENGTH = 100;

/** A value in one short line. @param {unknown} value */
export function describe(value) {
  const [line = ''] = textOf(value).trim().split('\n');
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}

/** @param {unknown} value */
function textOf(value) {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  // What an error can become on its way: its stack would only show paths.
  const shown =
    typeof value === 'object' && value !== null && 'stack' in value
      ? { ...value, stack: '…' }
      : value;
  return inspect(shown, { depth: 1, breakLength: Infinity });
}

/** @param {import('./failures.mjs').Outcome} outcome */
const tell = ({ rejected, value }) =>
  `${rejected ? 'rejects' : 'resolves'} ${describe(value)}`;

/**
 * What became of a scenario.
 *
 * @param {import('./scenario.mjs').Scenario} scenario
 * @param {boolean} ended whether the program came to its end by itself
 * @returns {Judgement}
 */
export function judge(scenario, ended) {
  const limits = limitsOf(scenario);
  const wrong = wrongOf(scenario);
  const pending = pendingOf(scenario);
  if (pending.length > 0) {
    const never = `never settled: ${pending.join(', ')}`;
    return {
      verdict: 'hang',
      detail: [...limits, ...wrong, never].join('; '),
    };
  }
  if (wrong.length > 0) {
    return { verdict: 'wrong', detail: [...limits, ...wrong].join('; ') };
  }
  if (!ended) {
    const detail = 'everything is settled, but the program does not end';
    return { verdict: 'hang', detail };
  }
  const bad = scenario.bad?.outcome;
  return {
    verdict: 'right',
    detail: [...limits, bad ? tell(bad) : 'never settles'].join('; '),
  };
}

/** For a pool that is closed with tasks in it. */
const closeLimits = {
  runs: undefined,
  'rejects-queued': 'closing rejects queued tasks',
  rejects: 'closing rejects all tasks',
  abandons: 'closing promises nothing for the tasks in the pool',
};

/**
 * What the library does not have, so that the cell was played, and is judged, by what it
 * promises instead.
 *
 * @param {import('./scenario.mjs').Scenario} scenario
 */
function limitsOf({ adapter, allFail, closedEarly, failure }) {
  const limits = [
    failure.abort && !adapter.abort
      ? 'a running task cannot be aborted, so the pool was closed'
      : undefined,
    allFail ? 'a pool has one module, so all tasks fail' : undefined,
    closedEarly ? closeLimits[adapter.onClose] : undefined,
  ].filter((limit) => limit !== undefined);
  return limits.length > 0 ? [`n/a: ${limits.join(', ')}`] : [];
}

/**
 * What has not come to an end.
 * @param {import('./scenario.mjs').Scenario} scenario
 */
function pendingOf({ abandoned, bad, closing, good }) {
  const pendingGood = good.filter(({ followed }) => !followed.outcome).length;
  const pending = [];
  if (!(abandoned && closing?.outcome)) {
    if (bad && !bad.outcome) pending.push('the bad task');
    if (pendingGood > 0) {
      pending.push(
        `${String(pendingGood)} of ${String(good.length)} good tasks`,
      );
    }
  }
  if (closing && !closing.outcome) pending.push('close()');
  if (!closing && pending.length === 0) pending.push('the pool');
  return pending;
}

/**
 * What has come to a wrong end.
 * @param {import('./scenario.mjs').Scenario} scenario
 */
function wrongOf({
  adapter,
  allFail,
  bad,
  closedEarly,
  closing,
  failure,
  good,
}) {
  /** @param {import('./failures.mjs').Outcome} outcome */
  const tells = ({ rejected, value }) => rejected && isTellingError(value);
  const closeMayReject = closedEarly && adapter.onClose !== 'runs';
  const wrong = [];
  if (
    bad?.outcome &&
    !failure.isRight(bad.outcome) &&
    // It was running when the pool was closed: not every library rejects that.
    !(
      closeMayReject &&
      adapter.onClose !== 'rejects-queued' &&
      tells(bad.outcome)
    )
  ) {
    wrong.push(`the bad task ${tell(bad.outcome)}`);
  }
  for (const { expected, followed } of good) {
    const { outcome } = followed;
    if (!outcome || (!outcome.rejected && outcome.value === expected)) continue;
    if ((allFail || closeMayReject) && tells(outcome)) continue;
    wrong.push(
      outcome.rejected
        ? `a good task ${tell(outcome)}`
        : `a good task ${tell(outcome)} instead of ${String(expected)}`,
    );
    break; // the others add nothing
  }
  if (closing?.outcome?.rejected) {
    wrong.push(`close() ${tell(closing.outcome)}`);
  }
  return wrong;
}
