/**
 * Lets those that come in the same turn of the event loop go on together: a thread that has
 * to be woken for each job costs more than a short task.
 */
export class Turns {
  #end: Promise<void> | undefined;

  /** Resolves when all that has come in this turn is here. */
  end(): Promise<void> {
    this.#end ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#end = undefined;
        resolve();
      });
    });
    return this.#end;
  }
}
