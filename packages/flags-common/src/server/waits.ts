import type { Socket } from 'node:net';

export type WaitEnd = 'over' | 'disconnected';

/**
 * The requests that wait. Each has at most one timer, which is cleared however its wait
 * ends. They are kept by socket, because a response that is queued behind another one on
 * its connection does not hear of a disconnect.
 */
export class Waits {
  readonly #pending = new Map<(end: WaitEnd) => void, Socket>();

  /** @param seconds Infinity waits for the end of the connection, or for `endAll` */
  wait(seconds: number, socket: Socket): Promise<WaitEnd> {
    if (socket.destroyed) return Promise.resolve('disconnected');
    return new Promise((resolve) => {
      const finish = (end: WaitEnd): void => {
        clearTimeout(timer);
        this.#pending.delete(finish);
        resolve(end);
      };
      const timer =
        seconds === Infinity
          ? undefined
          : setTimeout(finish, seconds * 1000, 'over');
      this.#pending.set(finish, socket);
    });
  }

  /** Ends the waits of a connection whose client has left. */
  disconnect(socket: Socket): void {
    for (const [finish, pendingSocket] of this.#pending) {
      if (pendingSocket === socket) finish('disconnected');
    }
  }

  endAll(): void {
    for (const finish of this.#pending.keys()) finish('over');
  }
}
