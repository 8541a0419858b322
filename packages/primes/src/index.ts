export { UnsafeIntegerError } from './exact-integer.ts';
export { isPrime } from './is-prime.ts';
export { NUMBERS } from './numbers.ts';
export { isPrimeByTrialDivision } from './trial-division.ts';
