import { Socket } from 'node:net';
import { encodeFrame, FrameDecoder } from '../wire/frames.ts';
import { CHANNEL_FD, type HostMessage } from '../wire/protocol.ts';
import { runTasks } from './run-tasks.ts';

const channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
const decoder = new FrameDecoder();

const receive = runTasks(process.pid, (message) => {
  const frame = encodeFrame(message);
  channel.cork();
  for (const part of frame) channel.write(part);
  channel.uncork();
});
channel.on('data', (chunk: Buffer) => {
  for (const message of decoder.push(chunk)) receive(message as HostMessage); // the host sends nothing else
});
// The host has ended without a word: there is nobody to work for.
channel.on('error', () => process.exit(0));
channel.on('close', () => process.exit(0));
