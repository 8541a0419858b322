/*
 * What a worker tells a submitter of one task, as entries of the submitter's stream:
 *
 *   started, (progress | yielded)*, returned | failed
 *
 * `started` is left out if the task has ended by the time it would be sent. A task that
 * runs again, since its worker was lost, starts anew. The last entry counts once: the
 * submitter forgets a task that has ended.
 */
import type { Signer } from './signer.ts';

export interface RunInfo {
  /** How often the task was started so far. */
  readonly attempt: number;
  /** The machine and process of the worker, and the thread in it. */
  readonly worker: string;
}

interface EndInfo extends RunInfo {
  /** How long the run took, in milliseconds. */
  readonly ms: number;
}

export type Report =
  | ({ readonly type: 'started' } & RunInfo)
  | { readonly type: 'progress' }
  | { readonly type: 'yielded' }
  | ({
      readonly type: 'returned';
      /** Set if the result has a key of its own. */
      readonly large?: true;
    } & EndInfo)
  | ({
      readonly type: 'failed';
      /** Whether it was aborted, and ended by that. */
      readonly aborted: boolean;
    } & EndInfo);

/** Written once when a submitter opens its stream. */
const OPENED = 'opened';

const HEAD = 'h';
const BODY = 'b';
const MAC = 'm';

type Fields = (string | Buffer)[];

export function openingFields(): Fields {
  return [HEAD, JSON.stringify({ type: OPENED })];
}

export function replyFields(
  signer: Signer,
  id: string,
  report: Report,
  body: Uint8Array | undefined,
): Fields {
  const head = JSON.stringify({ id, ...report });
  const fields: Fields = [HEAD, head];
  if (body !== undefined) {
    fields.push(
      BODY,
      Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    );
  }
  const mac = signer.sign(['reply', head], body);
  if (mac !== undefined) fields.push(MAC, mac);
  return fields;
}

export interface Reply {
  readonly id: string;
  readonly report: Report;
  readonly body: Buffer | undefined;
}

/** `'opened'` for the first entry; undefined for what is not to be trusted. */
export function readReply(
  signer: Signer,
  fields: readonly Buffer[],
): Reply | typeof OPENED | undefined {
  let head = '';
  let body: Buffer | undefined;
  let mac: string | undefined;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const value = fields[at + 1];
    switch (fields[at]?.toString()) {
      case HEAD:
        head = value?.toString() ?? '';
        break;
      case BODY:
        body = value;
        break;
      case MAC:
        mac = value?.toString();
        break;
    }
  }
  try {
    const { id, ...report } = JSON.parse(head) as Record<string, unknown>;
    if (report['type'] === OPENED) return OPENED;
    if (!signer.verify(mac, ['reply', head], body)) return undefined;
    if (typeof id !== 'string' || !isReport(report)) return undefined;
    return { id, report, body };
  } catch {
    return undefined;
  }
}

/** Without a key anybody may have written it. */
function isReport(report: unknown): report is Report {
  const { type, attempt, worker, ms, large, aborted } = report as Partial<
    Record<string, unknown>
  >; // an object
  const isRun = isAttempt(attempt) && typeof worker === 'string';
  switch (type) {
    case 'progress':
    case 'yielded':
      return true;
    case 'started':
      return isRun;
    case 'returned':
      return (
        isRun &&
        typeof ms === 'number' &&
        (large === undefined || large === true)
      );
    case 'failed':
      return isRun && typeof ms === 'number' && typeof aborted === 'boolean';
    default:
      return false;
  }
}

/** Nobody runs a task more often; and each attempt has its events. */
const MAX_ATTEMPT = 1_000_000;

function isAttempt(attempt: unknown): boolean {
  return (
    Number.isInteger(attempt) &&
    Number(attempt) >= 0 &&
    Number(attempt) <= MAX_ATTEMPT
  );
}
