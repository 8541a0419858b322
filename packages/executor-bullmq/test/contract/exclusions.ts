/** Tests of the contract that cannot hold here, by their titles, and why. */
export const exclusions: ReadonlyMap<string, string> = new Map([
  ['a fraction lies between integers', 'priorities are integers, as in BullMQ'],
  [
    'tell of each run of a task that is retried',
    'workers repeat tasks; the submitter hears of a run that lasts, and of the last one',
  ],
  [
    'many of them cost little',
    'with one key each task waits for the reply of the one before: 2,000 round trips',
  ],
  [
    'a map over many items needs no more memory than one over few',
    'the worker is in the same heap, and 200,000 tasks take minutes',
  ],
]);
