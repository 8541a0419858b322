import type { Job } from 'bullmq';

/** Which run of the job this is. One that was taken and handed back has not run. */
export function attemptOf({ attemptsMade, stalledCounter }: Job): number {
  return attemptsMade + stalledCounter + 1;
}
