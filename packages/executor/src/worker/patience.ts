import { availableParallelism } from 'node:os';
import type { LanePatience } from '../wire/lane.ts';

export const patience: LanePatience = {
  // With a single core it would keep the host from sending anything.
  spin: availableParallelism() > 1 ? 0.05 : 0,
  // The host sends a worker tasks for about two times as long.
  tell: 2,
};
