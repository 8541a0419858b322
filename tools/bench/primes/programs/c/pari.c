/* PARI, by what it has for integers of one word. */
#include <string.h>
#include <pari/pari.h>
#include "passes.h"

static uint64_t is_prime(uint64_t n) { return uisprime(n); }

static uint64_t next_prime(uint64_t n) { return unextprime(n + 1); }

static uint64_t primes_below(uint64_t limit) {
  forprime_t primes;
  uint64_t count = 0;
  u_forprime_init(&primes, 2, limit - 1);
  while (u_forprime_next(&primes)) count++;
  return count;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  pari_init(64 << 20, 1 << 20);
  answer_function answer = !strcmp(argv[1], "is-prime")     ? is_prime
                           : !strcmp(argv[1], "next-prime") ? next_prime
                                                            : primes_below;
  return measure(answer, argv[2], atoi(argv[3]));
}
