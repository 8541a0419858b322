import { constants } from 'node:os';

/** Why a run ended early. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }

  /** Exit status of a program that the signal ends: 128 and its number. */
  get status(): number {
    return 128 + constants.signals[this.signal];
  }
}

/**
 * Aborts `stop` with an {@link Interruption} at Ctrl-C, SIGTERM or SIGHUP. A
 * second one of the same kind ends the process at once.
 */
export function stopOnSignals(stop: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stop.abort(new Interruption(signal));
    });
  }
}

/** Aborts `stop` when nobody reads standard output any more, as SIGPIPE would. */
export function stopOnClosedOutput(stop: AbortController): void {
  process.stdout.on('error', () => {
    stop.abort(new Interruption('SIGPIPE'));
  });
  // Standard error carries only progress and remarks; without it the run goes on.
  process.stderr.on('error', () => undefined);
}
