import { withCopies } from './copies.ts';
import type { HostMessage, WorkerMessage } from './protocol.ts';

/** A message for a port, and the buffers that were made for it: they are moved. */
export function withOwnBuffers<M extends HostMessage | WorkerMessage>(
  message: M,
): { readonly message: M; readonly own: readonly ArrayBuffer[] } {
  if (!('body' in message)) return { message, own: [] };
  const { value, copies } = withCopies(message.body);
  return {
    message: value === message.body ? message : { ...message, body: value },
    own: [value.bytes.buffer as ArrayBuffer, ...copies], // the only view on it
  };
}
