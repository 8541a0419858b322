import type { LanePatience } from '../wire/lane.ts';
import type { MemoryLanePatience } from '../wire/worker-memory-lane.ts';

/**
 * Mostly the host looks by itself before that: as long as tasks are sent ahead, every 2 ms
 * (pool/run-ahead.ts). A bell for each look would be a third of its work with tasks of 0.1 ms.
 */
const TELL = 20;

/** @param canSpin false with a single core: a worker that looks would keep the host from sending anything */
export function threadPatience(canSpin: boolean): MemoryLanePatience {
  return {
    // Long enough for a host that submits one task after the other. To spin for longer takes
    // more from a host that shares the core (in-flight-8: 0.3 instead of 0.4 million tasks a
    // second with 0.05) than the sleep costs.
    spin: canSpin ? 0.005 : 0,
    // As long as tasks that follow each other go on without a turn of the event loop.
    sleep: 1,
    tell: TELL,
  };
}

/** @param canSpin as for threads */
export function processPatience(canSpin: boolean): LanePatience {
  // It cannot sleep without its event loop, and to wake that takes so long.
  return { spin: canSpin ? 0.05 : 0, tell: TELL };
}
