export interface CheckedNumber {
  readonly n: bigint;
  readonly prime: boolean;
}

/**
 * The 20 numbers of the prime checker in "Fluent Python", ascending. They are bigints
 * because the last two exceed 2^53 and are not exact as `number`.
 */
export const NUMBERS: readonly CheckedNumber[] = [
  { n: 2n, prime: true },
  { n: 142702110479723n, prime: true },
  { n: 299593572317531n, prime: true },
  { n: 3333333333333301n, prime: true },
  { n: 3333333333333333n, prime: false },
  { n: 3333335652092209n, prime: false },
  { n: 4444444444444423n, prime: true },
  { n: 4444444444444444n, prime: false },
  { n: 4444444488888889n, prime: false },
  { n: 5555553133149889n, prime: false },
  { n: 5555555555555503n, prime: true },
  { n: 5555555555555555n, prime: false },
  { n: 6666666666666666n, prime: false },
  { n: 6666666666666719n, prime: true },
  { n: 6666667141414921n, prime: false },
  { n: 7777777536340681n, prime: false },
  { n: 7777777777777753n, prime: true },
  { n: 7777777777777777n, prime: false },
  { n: 9999999999999917n, prime: true },
  { n: 9999999999999999n, prime: false },
];
