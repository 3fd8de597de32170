/*===- cpu.c - has this machine what the code needs? ------------------------------------------===*/

#include "intaglio/Runtime/cpu.h"
#include "cpu.h"

#if defined(__x86_64__)

#include <cpuid.h>

/* What cpuid has answered. A virtual machine's host answers each time, in microseconds. */
enum { MOST_ANSWERS = 16 };
typedef struct answers {
  int count;
  struct {
    unsigned leaf, subleaf, registers[4];
  } known[MOST_ANSWERS];
} answers;

/* The four registers of a leaf, zeros where the processor has it not. */
static const unsigned *ask(answers *answers, unsigned leaf, unsigned subleaf) {
  for (int i = 0; i < answers->count; ++i)
    if (answers->known[i].leaf == leaf && answers->known[i].subleaf == subleaf)
      return answers->known[i].registers;
  unsigned first = leaf & 0x80000000u, r[4] = {0};
  if (leaf == first ||
      (leaf <= ask(answers, first, 0)[0] && (subleaf == 0 || subleaf <= ask(answers, leaf, 0)[0])))
    __cpuid_count(leaf, subleaf, r[0], r[1], r[2], r[3]);
  int at = answers->count < MOST_ANSWERS ? answers->count++ : MOST_ANSWERS - 1;
  answers->known[at].leaf = leaf;
  answers->known[at].subleaf = subleaf;
  for (int i = 0; i < 4; ++i)
    answers->known[at].registers[i] = r[i];
  return answers->known[at].registers;
}

/* The state components that the operating system saves (XCR0), 0 without xgetbv. */
static uint64_t enabled_state(answers *answers) {
  unsigned a, d;
  if (!(ask(answers, 1, 0)[2] >> 27 & 1))
    return 0;
  __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return (uint64_t)d << 32 | a;
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
  answers answers = {0};
  uint64_t missing = 0, state = enabled_state(&answers);
  for (unsigned i = 0; i < 64; ++i)
    if ((needed >> i & 1) &&
        (i >= count || (state & features[i].state) != features[i].state ||
         !(ask(&answers, features[i].leaf, features[i].subleaf)[features[i].where] >>
               features[i].bit &
           1)))
      missing |= (uint64_t)1 << i;
  return missing;
}

#else

uint64_t intaglio_missing_features(uint64_t needed) { return needed; }

#endif
