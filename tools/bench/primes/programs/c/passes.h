/* Measures a function of integers: PROGRAM KIND FILE PASSES */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The answers to so many integers are summed up, to be compared. */
#define CHECKED 1000

typedef uint64_t (*answer_function)(uint64_t);

/* Of the processor. */
static double nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e9 + now.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int measure(answer_function answer, const char *path, int passes) {
  size_t count = 0, room = 1 << 20;
  uint64_t *integers = malloc(room * sizeof *integers);
  double *times = malloc(passes * sizeof *times);
  FILE *file = fopen(path, "r");
  if (!integers || !times || !file) return 1;
  while (count < room && fscanf(file, "%" SCNu64, &integers[count]) == 1) count++;
  fclose(file);
  volatile uint64_t sum = 0; /* so that no answer is left out */
  for (int pass = -1; pass < passes; pass++) {
    double start = nanoseconds();
    for (size_t i = 0; i < count; i++) sum += answer(integers[i]);
    if (pass >= 0) times[pass] = (nanoseconds() - start) / count;
  }
  uint64_t check = 0;
  for (size_t i = 0; i < count && i < CHECKED; i++) check += answer(integers[i]);
  qsort(times, passes, sizeof *times, ascending);
  printf("{\"values\":{\"ns\":%.3f,\"check\":%" PRIu32 "}}\n",
         (times[(passes - 1) / 2] + times[passes / 2]) / 2, (uint32_t)check);
  return 0;
}
