import type { Socket } from 'node:net';

export type DelayEnd = 'over' | 'disconnected';

/**
 * The requests that are being held back. Each has one timer, which is cleared however its
 * delay ends. They are kept by socket, because a response that is queued behind another
 * one on its connection does not hear of a disconnect.
 */
export class Delays {
  readonly #pending = new Map<(end: DelayEnd) => void, Socket>();

  wait(seconds: number, socket: Socket): Promise<DelayEnd> {
    return new Promise((resolve) => {
      const finish = (end: DelayEnd): void => {
        clearTimeout(timer);
        this.#pending.delete(finish);
        resolve(end);
      };
      const timer = setTimeout(finish, seconds * 1000, 'over');
      this.#pending.set(finish, socket);
    });
  }

  /** Ends the delays of a connection whose client has left. */
  disconnect(socket: Socket): void {
    for (const [finish, pendingSocket] of this.#pending) {
      if (pendingSocket === socket) finish('disconnected');
    }
  }

  endAll(): void {
    for (const finish of this.#pending.keys()) finish('over');
  }
}
