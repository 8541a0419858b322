import { constants } from 'node:os';

/** Why a run ends early, without an error. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** Exit status of the program: 128 and the number of the signal, as a shell shows it. */
  readonly status: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.status = 128 + constants.signals[signal];
  }
}

/** Rejects with the reason when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void => {
      reject(signal.reason as Error); // an Interruption
    };
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail);
  });
}
