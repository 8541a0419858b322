import { setTimeout } from 'node:timers/promises';

/** Milliseconds until a command is sent again. */
const PAUSE = 50;

/**
 * Whether a command was cut off by the loss of its connection. ioredis sends again what had
 * no answer, but not the rest of a pipeline whose first answers had come, as that of addBulk.
 * It may have been executed.
 */
function wasCutOff(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.message === 'Command aborted due to connection close'
  );
}

/**
 * Sends a command again until it was not cut off; so it must do no harm when it is executed
 * twice.
 */
export async function answered<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!wasCutOff(error)) throw error;
      await setTimeout(PAUSE, undefined, { ref: false });
    }
  }
}
