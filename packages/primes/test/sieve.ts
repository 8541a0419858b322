/** `sieve(limit)[n]` is 1 if `n` is prime, by Eratosthenes: independent of the package. */
export function sieve(limit: number): Uint8Array {
  const isPrime = new Uint8Array(limit).fill(1);
  isPrime.fill(0, 0, 2);
  for (let p = 2; p * p < limit; p++)
    if (isPrime[p] === 1)
      for (let multiple = p * p; multiple < limit; multiple += p)
        isPrime[multiple] = 0;
  return isPrime;
}
