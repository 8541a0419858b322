/**
 * The phases of a request, one after the other. Unlike in HAR, `connect` is
 * without `tls`.
 */
export type Phase =
  'blocked' | 'dns' | 'connect' | 'tls' | 'send' | 'wait' | 'receive';

/** One request, as the page finds it in its data. */
export interface Entry {
  readonly label: string;
  readonly url: string;
  readonly attempt: number;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  /** Those that took place, in milliseconds. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
  /** 0 if there was no answer. */
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly bodyBytes: number;
  readonly worker: string;
  readonly redirectUrl?: string | undefined;
  readonly serverAddress?: string | undefined;
  readonly connection?: string | undefined;
  readonly error?: string | undefined;
}

/** All that the page is about. */
export interface TimelineData {
  readonly title: string;
  readonly entries: readonly Entry[];
}
