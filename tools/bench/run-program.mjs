/*
 * Runs a program that makes a measurement and prints its values, or why there are none,
 * as its last line: {"values": {…}} or {"error": "…"}.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endGroup, trackGroup } from './process-groups.mjs';

/** So many last characters of what a program says are looked at for a reason. */
const TAIL = 2_000;

/**
 * What became of a measurement: its values, or why there are none.
 *
 * @typedef {{ readonly values: Readonly<Record<string, number>> } |
 *   { readonly error: string }} Outcome
 */

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {object} options
 * @param {number} options.limit in seconds
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<Outcome>}
 */
export async function runProgram(program, args, { limit, env = process.env }) {
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  await once(child, 'spawn');
  const group = /** @type {number} */ (child.pid); // it was spawned
  trackGroup(group);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    endGroup(group);
  }, limit * 1_000);

  let output = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaints = (complaints + text).slice(-TAIL);
  });
  // Its workers may hold the pipes: `close` comes when they have been ended.
  const closed = once(child, 'close');
  const [code, signal] = await once(child, 'exit');
  clearTimeout(timer);
  endGroup(group);
  await closed;

  if (isLate) return { error: `not done within ${String(limit)} s` };
  const outcome = outcomeIn(output);
  if (outcome) return outcome;
  return { error: `${howItEnded(code, signal)}${reasonIn(complaints)}` };
}

/** The last line that it printed. @param {string} output @returns {Outcome | undefined} */
function outcomeIn(output) {
  try {
    return JSON.parse(output.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

/** @param {number | null} code @param {NodeJS.Signals | null} signal */
const howItEnded = (code, signal) =>
  signal === null
    ? `the program ended with exit code ${String(code)}`
    : `the program was ended by ${signal}`;

/** The line that most likely tells why. @param {string} complaints */
function reasonIn(complaints) {
  const lines = complaints
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line =
    lines.find((one) => /error/i.test(one) && !one.startsWith('at ')) ??
    lines.at(-1);
  return line === undefined ? '' : `: ${line}`;
}
