import { Socket } from 'node:net';
import { encodeFrame, FrameDecoder, type Frame } from '../wire/frames.ts';
import {
  CHANNEL_FD,
  type HostMessage,
  type WorkerMessage,
} from '../wire/protocol.ts';
import { rejectUnread } from '../wire/unread.ts';
import { runTasks } from './run-tasks.ts';

const channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
const decoder = new FrameDecoder();
const receive = runTasks(process.pid, send);

channel.on('data', (chunk: Buffer) => {
  for (const frame of decoder.push(chunk)) handle(frame);
});
// The host has ended without a word: there is nobody to work for.
channel.on('error', () => process.exit(0));
channel.on('close', () => process.exit(0));

function send(message: WorkerMessage): void {
  const frame = encodeFrame(message);
  channel.cork();
  for (const part of frame) channel.write(part);
  channel.uncork();
}

/** Arguments that cannot be read fail their task. */
function handle(frame: Frame): void {
  let message: HostMessage;
  try {
    message = frame.read() as HostMessage; // the host sends nothing else
  } catch (cause) {
    send(rejectUnread('arguments', frame.id, cause));
    return;
  }
  receive(message);
}
