/*===- profile.c - the counter that profiles are made of --------------------------------------===*/

#include "profile.h"
#include "intaglio/Runtime/model.h"

#if defined(__x86_64__) || defined(__i386__)

int intaglio_has_counter(void) { return 1; }

static uint64_t counter(void) { return __builtin_ia32_rdtsc(); }

#elif defined(__aarch64__)

int intaglio_has_counter(void) { return 1; }

static uint64_t counter(void) {
  uint64_t value;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(value));
  return value;
}

#else

int intaglio_has_counter(void) { return 0; }

static uint64_t counter(void) { return 0; }

#endif

void intaglio_tick(uint64_t *ticks, int32_t position) {
  if (ticks)
    ticks[position] = counter();
}
