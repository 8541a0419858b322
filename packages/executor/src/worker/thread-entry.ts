import { getHeapStatistics } from 'node:v8';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { claimIn } from '../wire/claims.ts';
import type { HostMessage, WorkerMessage } from '../wire/protocol.ts';
import { runTasks } from './run-tasks.ts';

const port = parentPort;
if (port === null) throw new Error('this module runs only in a worker thread');

const receive = runTasks({
  workerId: threadId,
  send(message) {
    port.postMessage(message, transferOf(message));
  },
  claim: claimIn(workerData as SharedArrayBuffer), // what the thread backend gives
  options: { shared: true },
  // Of this thread; process.memoryUsage() is that of the whole program.
  memory() {
    const { used_heap_size, external_memory } = getHeapStatistics();
    return used_heap_size + external_memory;
  },
});
port.on('message', (message: HostMessage) => {
  receive(message);
});

/** The body is not needed here any more. */
function transferOf(message: WorkerMessage): ArrayBuffer[] {
  return 'body' in message ? [message.body.bytes.buffer as ArrayBuffer] : [];
}
