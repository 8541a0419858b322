import { parentPort, threadId, workerData } from 'node:worker_threads';
import type { ThreadData } from '../wire/lane-memory.ts';
import { lazyV8 } from '../wire/lazy-v8.ts';
import { WorkerMemoryLane } from '../wire/worker-memory-lane.ts';
import { DOORBELL, type HostMessage } from '../wire/protocol.ts';
import { withOwnBuffers } from '../wire/own-buffers.ts';
import { lazyCodec } from './lazy-codec.ts';
import { threadPatience } from './patience.ts';
import { runTasks } from './run-tasks.ts';

const port = parentPort;
if (port === null) throw new Error('this module runs only in a worker thread');

const { memory, canSpin } = workerData as ThreadData; // what the thread backend gives
const lane = new WorkerMemoryLane(
  memory,
  () => {
    port.postMessage(DOORBELL);
  },
  threadPatience(canSpin),
);
const { receive, look } = runTasks({
  workerId: threadId,
  send(sent) {
    const { message, own } = withOwnBuffers(sent);
    port.postMessage(message, own);
    lane.posted();
  },
  claim: lane.claim,
  lane,
  codec: lazyCodec,
  options: { shared: true, parts: true },
  // Of this thread; process.memoryUsage() is that of the whole program.
  memory() {
    const { used_heap_size, external_memory } = lazyV8().getHeapStatistics();
    return used_heap_size + external_memory;
  },
});
port.on('message', (message: HostMessage | typeof DOORBELL) => {
  if (message === DOORBELL) look();
  else receive(message);
});
