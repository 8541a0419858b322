/**
 * Lets those who wait in the same turn of the event loop go on together. Jobs come one after
 * the other, many in one answer of Redis, and a thread that has to be woken for each costs
 * more than a short task.
 */
export class Turns {
  #end: Promise<void> | undefined;

  /** Resolves when all that has come in this turn is here. */
  end(): Promise<void> {
    this.#end ??= new Promise((resolve) => {
      process.nextTick(() => {
        this.#end = undefined;
        resolve();
      });
    });
    return this.#end;
  }
}
