import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { encodeFrame, FrameDecoder } from '../wire/frames.ts';
import {
  HOST_TO_WORKER_FD,
  WORKER_TO_HOST_FD,
  type HostMessage,
  type WorkerMessage,
} from '../wire/protocol.ts';
import { runTasks } from './run-tasks.ts';

const fromHost = new Socket({ fd: HOST_TO_WORKER_FD, readable: true });
const decoder = new FrameDecoder();
const { receive } = runTasks({
  workerId: process.pid,
  send,
  // Only what it can start at once is sent to a process.
  claim: () => true,
  lane: undefined,
  options: { shared: false },
  memory: () => process.memoryUsage.rss(),
});

fromHost.on('data', (chunk: Buffer) => {
  for (const message of decoder.push(chunk)) receive(message as HostMessage); // the host sends nothing else
});
// The host has ended without a word: there is nobody to work for.
fromHost.on('error', () => process.exit(0));
fromHost.on('close', () => process.exit(0));

/**
 * Writes synchronously: an answer has left this process before the next task
 * starts, so that the host knows which task a crash has ended.
 */
function send(message: WorkerMessage): void {
  for (const part of encodeFrame(message)) {
    let written = 0;
    while (written < part.length) {
      try {
        written += writeSync(WORKER_TO_HOST_FD, part, written);
      } catch {
        process.exit(0); // the host is gone
      }
    }
  }
}
