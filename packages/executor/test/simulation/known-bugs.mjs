/*
 * Bugs of the executor that the simulation has found and still goes round. One that is
 * fixed is deleted here, and so is what refers to it.
 */
export const knownBugs = {
  /** What a getter of an argument does to the executor, while it is being sent, confuses the pool. */
  getters: true,
  /** A done callback that cancels or aborts confuses a pool which is in the middle of settling many futures. */
  cancelInCallback: true,
  /** A map whose task is refused does not close its input, and throws the refusal after return(). */
  refusedMap: true,
  /** A worker in which an overdue task ends after all, beside others, is never used nor replaced. */
  retiredWorker: true,
  /** A task whose worker ends before it is ready loses one of its attempts. */
  lostAttempt: true,
};
