// After every test: nothing that the test started may still be there. Workers and
// child processes are counted by the events of their creation, since an idle pool
// keeps its workers from holding the event loop and so from every list of handles.
import { subscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect } from 'vitest';

/** @type {Set<unknown>} */
const running = new Set();

process.on('worker', (worker) => {
  running.add(worker);
  worker.once('exit', () => running.delete(worker));
});
subscribe('child_process', (message) => {
  const { process: child } =
    /** @type {{ process: import('node:child_process').ChildProcess }} */ (
      message
    );
  running.add(child);
  const gone = () => running.delete(child);
  child.once('exit', gone).once('error', gone);
});

/** Handles that hold the event loop, and listeners on the process. */
function open() {
  const listeners = process
    .eventNames()
    .flatMap((name) =>
      Array(process.listenerCount(name)).fill(`listener ${String(name)}`),
    );
  return [...process.getActiveResourcesInfo(), ...listeners].sort();
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

// A socket or a process that was closed is gone some turns of the loop later.
const TURNS = 200;

/** @type {string[]} */
let before = [];

beforeEach(() => {
  before = open();
});

afterEach(async () => {
  let left = [...added(before, open())];
  for (let turn = 0; turn < TURNS; turn += 1) {
    if (left.length === 0 && running.size === 0) return;
    await setImmediate();
    left = added(before, open()).filter((name) => name !== 'Immediate');
  }
  const workers = [...running].map((worker) => String(worker));
  running.clear();
  expect([...left, ...workers], 'left behind by the test').toEqual([]);
});
