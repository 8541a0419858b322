import { readSync, writeSync } from 'node:fs';
import { WorkerFileLane } from '../wire/worker-file-lane.ts';
import { encodeFrame, FrameDecoder } from '../wire/frames.ts';
import type { WorkerLane } from '../wire/lane.ts';
import {
  DOORBELL,
  HOST_TO_WORKER_FD,
  LANE_FDS,
  WORKER_TO_HOST_FD,
  type HostMessage,
  type LaneTerms,
  type WorkerMessage,
} from '../wire/protocol.ts';
import { lazyCodec } from './lazy-codec.ts';
import { processPatience } from './patience.ts';
import { runTasks } from './run-tasks.ts';

/**
 * So many milliseconds a task may run before messages of the host are heard, such as its
 * abortion.
 */
const LISTEN_AFTER = 10;

const decoder = new FrameDecoder(lazyCodec);
let worker: ReturnType<typeof runTasks> | undefined;
let isListening = false;

take(readFirst());
// What is needed to listen takes 4 to 6 ms to load: the first task does not wait for it.
if (worker === undefined) listen();
else setTimeout(listen, LISTEN_AFTER);

/** Hears the host from now on. */
function listen(): void {
  if (isListening) return;
  isListening = true;
  const { Socket } = process.getBuiltinModule('node:net');
  const fromHost = new Socket({ fd: HOST_TO_WORKER_FD, readable: true });
  fromHost.on('data', take);
  // The host has ended without a word: there is nobody to work for.
  fromHost.on('error', () => process.exit(0));
  fromHost.on('close', () => process.exit(0));
}

/** What the host has sent while this process was started: to wait for it would take two milliseconds. */
function readFirst(): Buffer {
  const chunk = Buffer.allocUnsafe(65_536);
  try {
    return chunk.subarray(0, readSync(HOST_TO_WORKER_FD, chunk));
  } catch {
    return chunk.subarray(0, 0); // there is nothing yet
  }
}

function take(chunk: Buffer): void {
  for (const message of decoder.push(chunk)) {
    if (message === DOORBELL) worker?.look();
    else receive(message as HostMessage); // the host sends nothing else
  }
}

function receive(message: HostMessage): void {
  // The first message tells whether there is a lane.
  worker ??= start(message.type === 'start' ? message.lane : undefined);
  worker.receive(message);
}

function start(terms: LaneTerms | undefined): ReturnType<typeof runTasks> {
  const lane: WorkerLane | undefined =
    terms &&
    new WorkerFileLane(
      LANE_FDS,
      {
        wake() {
          write(DOORBELL);
        },
        parked: listen,
      },
      processPatience(terms.canSpin),
    );
  return runTasks({
    workerId: process.pid,
    send(message) {
      write(message);
      lane?.posted();
    },
    // Without a lane, only what it can start at once is sent to a process.
    claim: lane?.claim ?? (() => true),
    lane,
    codec: lazyCodec,
    options: { shared: false, parts: true },
    memory: () => process.memoryUsage.rss(),
  });
}

/**
 * Writes synchronously: an answer has left this process before the next task
 * starts, so that the host knows which task a crash has ended.
 */
function write(message: WorkerMessage | typeof DOORBELL): void {
  for (const part of encodeFrame(message, lazyCodec)) {
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
