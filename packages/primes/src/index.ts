export { UnsafeIntegerError } from './exact-integer.ts';
export { isPrime } from './is-prime.ts';
export { nextPrime } from './next-prime.ts';
export { NUMBERS } from './numbers.ts';
export { primesBelow } from './primes-below.ts';
export { isPrimeByTrialDivision } from './trial-division.ts';
