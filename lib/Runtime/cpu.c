/*===- cpu.c - has this machine what the code needs? ------------------------------------------===*/

#include "intaglio/Runtime/cpu.h"
#include "cpu.h"

#if defined(__x86_64__)

#include <cpuid.h>

/* The state components that the operating system saves (XCR0), 0 without xgetbv. */
static uint64_t enabled_state(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 27 & 1))
    return 0;
  __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return (uint64_t)d << 32 | a;
}

static int has(unsigned leaf, unsigned subleaf, int where, int bit, uint64_t state) {
  unsigned r[4];
  if (subleaf > 0 && (!__get_cpuid_count(leaf, 0, &r[0], &r[1], &r[2], &r[3]) || subleaf > r[0]))
    return 0;
  if (!__get_cpuid_count(leaf, subleaf, &r[0], &r[1], &r[2], &r[3]))
    return 0;
  return (r[where] >> bit & 1) && (enabled_state() & state) == state;
}

uint64_t intaglio_missing_features(uint64_t needed) {
  static const struct {
    unsigned leaf, subleaf;
    int where, bit;
    uint64_t state;
  } features[] = {
#define FEATURE(name, leaf, subleaf, where, bit, state) {leaf, subleaf, where, bit, state},
      INTAGLIO_X86_FEATURES(FEATURE)
#undef FEATURE
  };
  const unsigned count = sizeof(features) / sizeof(features[0]);
  uint64_t missing = 0;
  for (unsigned i = 0; i < 64; ++i)
    if ((needed >> i & 1) &&
        (i >= count || !has(features[i].leaf, features[i].subleaf, features[i].where,
                            features[i].bit, features[i].state)))
      missing |= (uint64_t)1 << i;
  return missing;
}

#else

uint64_t intaglio_missing_features(uint64_t needed) { return needed; }

#endif
