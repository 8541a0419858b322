/* Trial division as one writes it in C. */
#include <math.h>
#include "passes.h"

static uint64_t is_prime(uint64_t n) {
  if (n < 2 || n % 2 == 0) return n == 2;
  uint64_t root = sqrtl(n);
  for (uint64_t i = 3; i <= root; i += 2)
    if (n % i == 0) return 0;
  return 1;
}

int main(int argc, char **argv) {
  return argc == 4 ? measure(is_prime, argv[2], atoi(argv[3])) : 2;
}
