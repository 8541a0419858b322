import type { HostMessage, WorkerMessage } from './protocol.ts';

/** The buffers that were made for this message: they are moved, and not needed here any more. */
export function ownBuffersOf(
  message: HostMessage | WorkerMessage,
): ArrayBuffer[] {
  if (!('body' in message)) return [];
  const { bytes, moved = [] } = message.body;
  return [bytes.buffer as ArrayBuffer, ...moved]; // the only view on it
}
