/*
 * What a submitter tells the workers of a task that runs: to end it, or how many values of
 * a stream have been taken. A channel can lose messages, so a submitter repeats them until
 * the task has ended; both can be heard again without harm.
 */
import {
  decodeThrownBody,
  encodeThrownBody,
} from '@concurrent-executors/executor/backend';
import { base64Of } from './envelope.ts';
import type { Signer } from './signer.ts';

export type Control =
  | { readonly type: 'abort'; readonly id: string; readonly reason: unknown }
  | {
      readonly type: 'grant';
      readonly id: string;
      /** In all, so that a lost message does no harm. */
      readonly total: number;
    };

export function writeControl(signer: Signer, control: Control): string {
  const head = JSON.stringify(
    control.type === 'abort'
      ? {
          ...control,
          reason: base64Of(encodeThrownBody(control.reason).bytes),
        }
      : control,
  );
  return JSON.stringify([head, signer.sign(['control', head])]);
}

/** Undefined for what is not to be trusted. */
export function readControl(
  signer: Signer,
  message: string,
): Control | undefined {
  try {
    const [head, mac] = JSON.parse(message) as [string, unknown];
    if (!signer.verify(mac, ['control', head])) return undefined;
    const { type, id, total, reason } = JSON.parse(head) as Record<
      string,
      unknown
    >;
    if (typeof id !== 'string') return undefined;
    if (type === 'grant' && typeof total === 'number') {
      return { type, id, total };
    }
    if (type === 'abort' && typeof reason === 'string') {
      const bytes = new Uint8Array(Buffer.from(reason, 'base64'));
      return { type, id, reason: decodeThrownBody({ bytes }) };
    }
  } catch {
    // Below.
  }
  return undefined;
}
