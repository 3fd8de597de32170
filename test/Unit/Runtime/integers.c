/*===- integers.c - the 64-bit routines of 32-bit processors, under other names on this one
 * ----===*/

#include <stdint.h>

#undef UINTPTR_MAX
#define UINTPTR_MAX UINT32_MAX
#define __ARM_ARCH_6M__ /* division bit by bit */
#define __clzsi2 test_clzsi2
#define __clzdi2 test_clzdi2
#define __ashldi3 test_ashldi3
#define __lshrdi3 test_lshrdi3
#define __ashrdi3 test_ashrdi3
#define __muldi3 test_muldi3
#define __udivdi3 test_udivdi3
#define __umoddi3 test_umoddi3
#define __divdi3 test_divdi3
#define __moddi3 test_moddi3

#include "../../../lib/Runtime/Bare/integers.c"
