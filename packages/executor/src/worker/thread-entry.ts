import { availableParallelism } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { ThreadLane, type LaneMemory } from '../wire/lane.ts';
import {
  DOORBELL,
  type HostMessage,
  type WorkerMessage,
} from '../wire/protocol.ts';
import { runTasks } from './run-tasks.ts';

/**
 * How long a thread without tasks looks for the next one before it waits in its
 * event loop, in milliseconds. About as long as it takes to be woken there: so it
 * wastes at most as much as the wait itself would cost. With a single core it
 * would keep the host from sending anything.
 */
const PATIENCE = availableParallelism() > 1 ? 0.05 : 0;

const port = parentPort;
if (port === null) throw new Error('this module runs only in a worker thread');

const lane = new ThreadLane(
  workerData as LaneMemory, // what the thread backend gives
  () => {
    port.postMessage(DOORBELL);
  },
  PATIENCE,
);
const { receive, look } = runTasks({
  workerId: threadId,
  send(message) {
    port.postMessage(message, transferOf(message));
    lane.posted();
  },
  claim: lane.claim,
  lane,
  options: { shared: true },
  // Of this thread; process.memoryUsage() is that of the whole program.
  memory() {
    const { used_heap_size, external_memory } = getHeapStatistics();
    return used_heap_size + external_memory;
  },
});
port.on('message', (message: HostMessage | typeof DOORBELL) => {
  if (message === DOORBELL) look();
  else receive(message);
});

/** The body is not needed here any more. */
function transferOf(message: WorkerMessage): ArrayBuffer[] {
  return 'body' in message ? [message.body.bytes.buffer as ArrayBuffer] : [];
}
