import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultKind } from './fault-kinds.ts';

/** One request on its way through the server. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The path that was asked for, percent-encoded, without the query. */
  readonly path: string;
  /** In seconds. */
  delay: number;
  /** The fault that was applied. */
  fault: FaultKind | undefined;
}
