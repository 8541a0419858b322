// A worker of bare-workers.mjs: a thread or a process.
import { parentPort } from 'node:worker_threads';
import { work } from '../tasks.mjs';

/** @param {readonly import('./bare-workers.mjs').Load[]} loads */
function run(loads) {
  let state = 0;
  for (const { times, iterations } of loads) {
    for (let i = 0; i < times; i += 1) state ^= work(iterations);
  }
  return state; // so that nothing can be left out
}

if (parentPort) {
  const port = parentPort;
  port.on('message', (loads) => {
    port.postMessage(run(loads));
  });
  port.postMessage('ready');
} else {
  process.on('message', (loads) => {
    process.send?.(
      run(
        /** @type {import('./bare-workers.mjs').Load[]} */ (loads), // sent by bare-workers.mjs
      ),
    );
  });
  process.send?.('ready');
}
