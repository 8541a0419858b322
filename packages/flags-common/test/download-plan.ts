import { tmpdir } from 'node:os';
import type { DownloadPlan } from '@concurrent-executors/flags-common';

/** A plan without limits and without a past. */
export function downloadPlan(plan: Partial<DownloadPlan> = {}): DownloadPlan {
  return {
    directory: tmpdir(),
    timeout: 60_000,
    retries: 0,
    limits: { rate: Infinity, perHost: Infinity },
    resume: false,
    refresh: false,
    known: () => undefined,
    signal: new AbortController().signal,
    onTrace: () => undefined,
    ...plan,
  };
}
