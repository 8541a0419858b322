import { availableParallelism } from 'node:os';
import type { LanePatience } from '../wire/lane.ts';
import type { MemoryLanePatience } from '../wire/worker-memory-lane.ts';

/** The host sends a worker tasks for about two times as long. */
const TELL = 2;

/** With a single core, a worker that looks would keep the host from sending anything. */
const canSpin = availableParallelism() > 1;

export const threadPatience: MemoryLanePatience = {
  // Long enough for a host that submits one task after the other. To spin for longer takes
  // more from a host that shares the core (in-flight-8: 0.3 instead of 0.45 million tasks a
  // second with 0.05) than the sleep costs.
  spin: canSpin ? 0.005 : 0,
  // As long as tasks that follow each other go on without a turn of the event loop.
  sleep: 1,
  tell: TELL,
};

export const processPatience: LanePatience = {
  // It cannot sleep without its event loop, and to wake that takes so long.
  spin: canSpin ? 0.05 : 0,
  tell: TELL,
};
