import type { CallKind } from '@concurrent-executors/executor/backend';
import type { Signer } from './signer.ts';

/** The longest time that a timer can count, in milliseconds. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** Of this form of messages. A worker refuses others. */
export const WIRE_VERSION = 1;

/** One call of a task, as it stands in its queue. */
export interface Envelope {
  readonly v: typeof WIRE_VERSION;
  readonly kind: CallKind;
  /** Of the module, by the submitter. */
  readonly hash: string;
  /** The stream for what is told of it. */
  readonly replyTo: string;
  /** Milliseconds that a run may take. */
  readonly timeout?: number;
  /** Of a stream: how many values there is room for at first. */
  readonly room?: number;
  /** The encoded arguments in base64; null if they have a key of their own. */
  readonly body: string | null;
  readonly mac?: string;
}

/** What a worker leaves in the record of a job that has returned. */
export interface ReturnRecord {
  /** The result in base64; null if it has a key of its own. */
  readonly body: string | null;
}

/** What of a call is signed, beside its arguments. */
export interface Call {
  readonly queue: string;
  readonly id: string;
  readonly name: string;
}

type Unsigned = Omit<Envelope, 'v' | 'body' | 'mac'>;

function signedParts(
  { queue, id, name }: Call,
  { kind, hash, replyTo, timeout, room }: Unsigned,
): readonly unknown[] {
  return ['task', queue, id, name, kind, hash, replyTo, timeout, room];
}

/** @param isInline whether the arguments are to stand in the envelope */
export function sealEnvelope(
  signer: Signer,
  call: Call,
  content: Unsigned,
  body: Uint8Array,
  isInline: boolean,
): Envelope {
  const mac = signer.sign(signedParts(call, content), body);
  return {
    v: WIRE_VERSION,
    ...content,
    body: isInline ? base64Of(body) : null,
    ...(mac === undefined ? {} : { mac }),
  };
}

/** Whether it comes from one who has the key. */
export function isGenuine(
  signer: Signer,
  call: Call,
  envelope: Envelope,
  body: Uint8Array,
): boolean {
  return signer.verify(envelope.mac, signedParts(call, envelope), body);
}

const kinds: readonly unknown[] = [
  'single',
  'chunk',
  'stream',
] satisfies CallKind[];

/** Undefined if it is none of this version; anybody can write to a queue. */
export function readEnvelope(data: unknown): Envelope | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { v, kind, hash, replyTo, timeout, room, body, mac } = data as Partial<
    Record<keyof Envelope, unknown>
  >;
  const isRead =
    v === WIRE_VERSION &&
    kinds.includes(kind) &&
    typeof hash === 'string' &&
    typeof replyTo === 'string' &&
    (timeout === undefined || isTimeout(timeout)) &&
    (room === undefined || isCount(room)) &&
    (body === null || typeof body === 'string') &&
    (mac === undefined || typeof mac === 'string');
  return isRead ? (data as Envelope) : undefined; // just checked
}

function isTimeout(value: unknown): boolean {
  return isCount(value) && value <= MAX_TIMEOUT;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    'base64',
  );
}
