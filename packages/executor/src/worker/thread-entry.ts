import { parentPort, threadId } from 'node:worker_threads';
import { runTasks } from './run-tasks.ts';
import type { HostMessage } from '../wire/protocol.ts';

const port = parentPort;
if (port === null) throw new Error('this module runs only in a worker thread');

const receive = runTasks(threadId, (message) => {
  port.postMessage(message);
});
port.on('message', (message: HostMessage) => {
  receive(message);
});
