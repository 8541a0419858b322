/** Tests of the contract that cannot hold here, by their titles, and why. */
export const exclusions: ReadonlyMap<string, string> = new Map([
  ['a fraction lies between integers', 'priorities are integers, as in BullMQ'],
  [
    'tell of each run of a task that is retried',
    'workers repeat tasks; the submitter hears of a run that lasts, and of the last one',
  ],
]);
