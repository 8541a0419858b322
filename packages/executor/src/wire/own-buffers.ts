import { withCopies } from './copies.ts';
import type { HostMessage, WorkerMessage } from './protocol.ts';

/** Less is copied with the message: to move it takes 5 µs more, for two sides and the collector. */
const WORTH_MOVING = 4_096;

/** A message for a port, and the buffers that were made for it: they are moved. */
export function withOwnBuffers<M extends HostMessage | WorkerMessage>(
  message: M,
): { readonly message: M; readonly own: readonly ArrayBuffer[] } {
  if (!('body' in message)) return { message, own: [] };
  const { value, copies } = withCopies(message.body);
  const { bytes } = value;
  return {
    message: value === message.body ? message : { ...message, body: value },
    own:
      bytes.length < WORTH_MOVING
        ? copies
        : [...copies, bytes.buffer as ArrayBuffer], // the only view on it
  };
}
