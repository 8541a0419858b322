import type { Job } from 'bullmq';

/** The id of a job of one submitter. @param number how many it has made before */
export function jobId(client: string, number: number): string {
  return `${client}-${String(number)}`;
}

function numberIn({ id = '' }: Job): number {
  return Number(id.slice(id.lastIndexOf('-') + 1)) || 0; // anybody can add a job
}

/** Compares jobs by their places in the queue: those of one submitter by their numbers. */
export function byPlaceInQueue(a: Job, b: Job): number {
  return (
    a.priority - b.priority ||
    a.timestamp - b.timestamp ||
    numberIn(a) - numberIn(b)
  );
}
