import type { Entry, Phase } from './entry.ts';

/** In the order in which they take place. */
export const PHASES: readonly {
  readonly phase: Phase;
  readonly name: string;
}[] = [
  { phase: 'blocked', name: 'Waiting for a connection' },
  { phase: 'dns', name: 'Name lookup' },
  { phase: 'connect', name: 'Connecting' },
  { phase: 'tls', name: 'TLS handshake' },
  { phase: 'send', name: 'Sending' },
  { phase: 'wait', name: 'Waiting for the answer' },
  { phase: 'receive', name: 'Receiving' },
];

/** One phase of a request: when it began and how long it took, in milliseconds. */
interface Segment {
  readonly phase: Phase;
  /** After the first request of the page started. */
  readonly from: number;
  readonly duration: number;
}

/** An entry with what the page works out about it. */
export interface Request extends Entry {
  /** Start and end, in milliseconds after the first request of the page started. */
  readonly from: number;
  readonly to: number;
  readonly segments: readonly Segment[];
  /** There was no complete answer, or one with a status of 400 or more. */
  readonly failed: boolean;
}

export function requestsOf(entries: readonly Entry[]): Request[] {
  const first = entries.reduce(
    (earliest, { startedAt }) => Math.min(earliest, startedAt),
    Infinity,
  );
  return entries.map((entry) => {
    const from = entry.startedAt - first;
    const segments: Segment[] = [];
    let to = from;
    for (const { phase } of PHASES) {
      const duration = entry.phases[phase];
      if (duration === undefined) continue;
      segments.push({ phase, from: to, duration });
      to += duration;
    }
    const failed = entry.error !== undefined || entry.status >= 400;
    return { ...entry, from, to, segments, failed };
  });
}

/** When the request went out, or was to: after the wait for a connection. */
export function sentAt(request: Request): number {
  return request.from + (request.phases.blocked ?? 0);
}
