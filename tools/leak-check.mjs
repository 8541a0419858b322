// After every test: nothing that the test started may still be there. Workers, child
// processes and timers are counted by the events of their creation, since those that
// do not hold the event loop are in no list of handles.
import { createHook } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect } from 'vitest';

/** What runs now, with its name. @type {Map<unknown, string>} */
const running = new Map();

process.on('worker', (worker) => {
  running.set(worker, `worker thread ${String(worker.threadId)}`);
  worker.once('exit', () => running.delete(worker));
});
subscribe('child_process', (message) => {
  const { process: child } =
    /** @type {{ process: import('node:child_process').ChildProcess }} */ (
      message
    );
  running.set(child, 'child process');
  const gone = () => running.delete(child);
  child.once('exit', gone).once('error', gone);
});
createHook({
  init(id, type) {
    if (type !== 'Timeout') return;
    // Vitest has timers of its own: the first frame that is not Node's tells whose it is.
    const [, frame = ''] =
      /^ +at (?!.*(?:node:|leak-check|<anonymous>))(.*)$/m.exec(
        new Error().stack ?? '',
      ) ?? [];
    if (frame === '' || /\/(@vitest|vitest)\//.test(frame)) return;
    running.set(id, `timer ${frame}`);
  },
  destroy(id) {
    running.delete(id);
  },
}).enable();

/** Handles that hold the event loop, but for timers, and listeners on the process. */
function open() {
  const handles = process
    .getActiveResourcesInfo()
    .filter((name) => !['Timeout', 'Immediate'].includes(name));
  const listeners = process
    .eventNames()
    .flatMap((name) =>
      Array(process.listenerCount(name)).fill(`listener ${String(name)}`),
    );
  return [...handles, ...listeners];
}

/** What is in `after` and not in `before`. @type {(before: string[], after: string[]) => string[]} */
function added(before, after) {
  const rest = [...before];
  return after.filter((name) => {
    const index = rest.indexOf(name);
    if (index === -1) return true;
    rest.splice(index, 1);
    return false;
  });
}

// A socket or a process that was closed is gone a little later; the parser of ioredis makes its
// buffer smaller for two seconds after large values. What is left after this many milliseconds is
// a leak. Less than the limit of a hook.
const PATIENCE = 8_000;
const INTERVAL = 10;

/** @type {string[]} */
let before = [];

beforeEach(() => {
  before = open();
});

afterEach(async () => {
  /** @type {string[]} */
  let left = [];
  for (let waited = 0; waited < PATIENCE; waited += INTERVAL) {
    left = [...running.values(), ...added(before, open())];
    if (left.length === 0) return;
    await setTimeout(INTERVAL);
  }
  running.clear();
  expect(left, 'left behind by the test').toEqual([]);
});
