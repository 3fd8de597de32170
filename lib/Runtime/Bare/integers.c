/*===- integers.c - 64-bit arithmetic on 32-bit processors -------------------------------------===
 *
 * The routines that compilers call for it, by the names of libgcc and of the ARM EABI, so that no
 * library of the compiler is linked with. Weak: such a library's own take their place. None may use
 * an operation that it stands for: words of 32 bits, shifts by constants and additions only.
 *
 *===------------------------------------------------------------------------------------------===*/

#include <stdint.h>

#if UINTPTR_MAX == UINT32_MAX

#define WEAK __attribute__((weak))

static uint32_t low(uint64_t x) { return (uint32_t)x; }
static uint32_t high(uint64_t x) { return (uint32_t)(x >> 32); }
static uint64_t pair(uint32_t high, uint32_t low) { return (uint64_t)high << 32 | low; }

/*===------------------------------------------------------------------------------------------===
 * Bits and shifts
 *===------------------------------------------------------------------------------------------===*/

WEAK int32_t __clzsi2(uint32_t x) {
  int32_t zeros = 1;
  if (x == 0)
    return 32;
  if (x < 1u << 16) {
    zeros += 16;
    x <<= 16;
  }
  if (x < 1u << 24) {
    zeros += 8;
    x <<= 8;
  }
  if (x < 1u << 28) {
    zeros += 4;
    x <<= 4;
  }
  if (x < 1u << 30) {
    zeros += 2;
    x <<= 2;
  }
  return zeros - (int32_t)(x >> 31);
}

WEAK int32_t __clzdi2(uint64_t x) { return high(x) ? __clzsi2(high(x)) : 32 + __clzsi2(low(x)); }

WEAK uint64_t __ashldi3(uint64_t x, int32_t count) {
  if (count >= 32)
    return pair(low(x) << (count & 31), 0);
  return count == 0 ? x : pair(high(x) << count | low(x) >> (32 - count), low(x) << count);
}

WEAK uint64_t __lshrdi3(uint64_t x, int32_t count) {
  if (count >= 32)
    return pair(0, high(x) >> (count & 31));
  return count == 0 ? x : pair(high(x) >> count, low(x) >> count | high(x) << (32 - count));
}

WEAK uint64_t __ashrdi3(uint64_t x, int32_t count) {
  int32_t top = (int32_t)high(x);
  if (count >= 32)
    return pair((uint32_t)(top >> 31), (uint32_t)(top >> (count & 31)));
  if (count == 0)
    return x;
  return pair((uint32_t)(top >> count), low(x) >> count | high(x) << (32 - count));
}

/*===------------------------------------------------------------------------------------------===
 * Products
 *===------------------------------------------------------------------------------------------===*/

/* By halves of 16 bits. */
static uint64_t product(uint32_t x, uint32_t y) {
  uint32_t xl = x & 0xFFFF, xh = x >> 16, yl = y & 0xFFFF, yh = y >> 16;
  uint32_t bottom = xl * yl;
  uint32_t middle = xh * yl + (bottom >> 16);
  uint32_t other = xl * yh + (middle & 0xFFFF);
  return pair(xh * yh + (middle >> 16) + (other >> 16), other << 16 | (bottom & 0xFFFF));
}

WEAK uint64_t __muldi3(uint64_t x, uint64_t y) {
  uint64_t bottom = product(low(x), low(y));
  return pair(high(bottom) + low(x) * high(y) + high(x) * low(y), low(bottom));
}

/*===------------------------------------------------------------------------------------------===
 * Quotients: long division, bit by bit, of the bits that the numerator has. A divisor of 0 gives
 * all ones.
 *===------------------------------------------------------------------------------------------===*/

#if defined(__ARM_ARCH_6M__)
static uint32_t divide32(uint32_t n, uint32_t d, uint32_t *rest) {
  uint32_t quotient = 0, left = 0;
  for (int32_t bit = 0; bit < 32; ++bit) {
    left = left << 1 | n >> 31;
    n <<= 1;
    quotient <<= 1;
    if (left >= d) {
      left -= d;
      quotient |= 1;
    }
  }
  *rest = left;
  return quotient;
}
#else
static uint32_t divide32(uint32_t n, uint32_t d, uint32_t *rest) {
  uint32_t quotient = n / d;
  *rest = n - quotient * d;
  return quotient;
}
#endif

__attribute__((visibility("hidden"))) uint64_t intaglio_divide64(uint64_t n, uint64_t d,
                                                                 uint64_t *rest) {
  if (high(n) == 0 && high(d) == 0 && low(d) != 0) {
    uint32_t left = 0;
    uint32_t quotient = divide32(low(n), low(d), &left);
    *rest = left;
    return quotient;
  }
  uint64_t quotient = 0, left = 0;
  int32_t bits = 64;
  if (high(n) == 0) {
    n = pair(low(n), 0);
    bits = 32;
  }
  for (; bits > 0; --bits) {
    left = left << 1 | high(n) >> 31;
    n <<= 1;
    quotient <<= 1;
    if (left >= d) {
      left -= d;
      quotient |= 1;
    }
  }
  *rest = left;
  return quotient;
}

static uint64_t magnitude(int64_t x) { return x < 0 ? -(uint64_t)x : (uint64_t)x; }

__attribute__((visibility("hidden"))) int64_t intaglio_divide64_signed(int64_t n, int64_t d,
                                                                       int64_t *rest) {
  uint64_t left = 0;
  uint64_t quotient = intaglio_divide64(magnitude(n), magnitude(d), &left);
  *rest = (int64_t)(n < 0 ? -left : left);
  return (int64_t)((n < 0) != (d < 0) ? -quotient : quotient);
}

#if defined(__arm__)

WEAK int32_t __aeabi_lcmp(int64_t x, int64_t y) { return x < y ? -1 : x > y; }
WEAK int32_t __aeabi_ulcmp(uint64_t x, uint64_t y) { return x < y ? -1 : x > y; }
WEAK uint64_t __aeabi_llsl(uint64_t x, int32_t count) { return __ashldi3(x, count); }
WEAK uint64_t __aeabi_llsr(uint64_t x, int32_t count) { return __lshrdi3(x, count); }
WEAK uint64_t __aeabi_lasr(uint64_t x, int32_t count) { return __ashrdi3(x, count); }
WEAK uint64_t __aeabi_lmul(uint64_t x, uint64_t y) { return __muldi3(x, y); }

WEAK uint32_t __aeabi_uidiv(uint32_t n, uint32_t d) {
  uint32_t rest;
  return divide32(n, d, &rest);
}

/* Quotient and remainder in r0 and r1, which is how 64 bits are returned. */
WEAK uint64_t __aeabi_uidivmod(uint32_t n, uint32_t d) {
  uint32_t rest = 0;
  uint32_t quotient = divide32(n, d, &rest);
  return pair(rest, quotient);
}

static uint32_t magnitude32(int32_t x) { return x < 0 ? -(uint32_t)x : (uint32_t)x; }

WEAK uint64_t __aeabi_idivmod(int32_t n, int32_t d) {
  uint32_t rest = 0;
  uint32_t quotient = divide32(magnitude32(n), magnitude32(d), &rest);
  return pair(n < 0 ? -rest : rest, (n < 0) != (d < 0) ? -quotient : quotient);
}

WEAK int32_t __aeabi_idiv(int32_t n, int32_t d) { return (int32_t)low(__aeabi_idivmod(n, d)); }

/* The quotient in r0 and r1, the remainder in r2 and r3: no C function returns so. */
#define DIVIDE_MOD(name, divide)                                                                   \
  __attribute__((naked, weak)) void name(void) {                                                   \
    __asm__("push {r4, lr}\n"                                                                      \
            "sub sp, #16\n"                                                                        \
            "add r4, sp, #8\n"                                                                     \
            "str r4, [sp]\n"                                                                       \
            "bl " #divide "\n"                                                                     \
            "ldr r2, [sp, #8]\n"                                                                   \
            "ldr r3, [sp, #12]\n"                                                                  \
            "add sp, #16\n"                                                                        \
            "pop {r4, pc}\n");                                                                     \
  }
DIVIDE_MOD(__aeabi_uldivmod, intaglio_divide64)
DIVIDE_MOD(__aeabi_ldivmod, intaglio_divide64_signed)

#else

WEAK uint64_t __udivdi3(uint64_t n, uint64_t d) {
  uint64_t rest;
  return intaglio_divide64(n, d, &rest);
}

WEAK uint64_t __umoddi3(uint64_t n, uint64_t d) {
  uint64_t rest = 0;
  intaglio_divide64(n, d, &rest);
  return rest;
}

WEAK int64_t __divdi3(int64_t n, int64_t d) {
  int64_t rest;
  return intaglio_divide64_signed(n, d, &rest);
}

WEAK int64_t __moddi3(int64_t n, int64_t d) {
  int64_t rest = 0;
  intaglio_divide64_signed(n, d, &rest);
  return rest;
}

#endif
#else
/* A file has something in it. */
extern int intaglio_words_have_64_bits;
#endif
