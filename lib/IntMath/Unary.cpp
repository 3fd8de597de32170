//===- Unary.cpp - functions of one fixed-point number -------------------------------------===//

#include "intaglio/IntMath/Unary.h"

#include "intaglio/IntMath/Fixed.h"

#include <algorithm>
#include <cstdlib>

namespace intaglio::intmath {

uint32_t exp2n(uint32_t t) {
  // Cubic for 2^-f with P(0) = 1 and P(1) = 1/2 exactly: continuous and decreasing. Q17.
  constexpr int32_t c1 = -90620, c2 = 30202, c3 = -5118;
  uint32_t whole = t >> 15;
  auto f = static_cast<int32_t>(t & 0x7FFF);
  if (whole > 30)
    return 0;
  INTAGLIO_WIDTH("exp2n.c3f", int64_t(c3) * f + (1 << 14), 32);
  int32_t p = ((c3 * f + (1 << 14)) >> 15) + c2;
  INTAGLIO_WIDTH("exp2n.pf", int64_t(p) * f + (1 << 14), 32);
  p = ((p * f + (1 << 14)) >> 15) + c1;
  INTAGLIO_UWIDTH("exp2n.kf(u32)", int64_t(-p) * f, 32);
  uint32_t k = static_cast<uint32_t>(-p) * static_cast<uint32_t>(f);
  return ((uint32_t(1) << 31) - (k >> 1)) >> (1 + whole);
}

int32_t gelu(int32_t t) {
  // The limit of u in Q12; a, b, c in Q18.
  constexpr int32_t limit = 13535, a = 6010, b = -11565, c = 10648;
  auto u = static_cast<int32_t>(std::min<int64_t>(std::llabs(t), limit));
  int32_t v = limit - u;
  INTAGLIO_WIDTH("gelu.cv", int64_t(c) * v + (1 << 11), 32);
  int32_t p = ((c * v + (1 << 11)) >> 12) + b;
  INTAGLIO_WIDTH("gelu.pv", int64_t(p) * v + (1 << 11), 32);
  p = ((p * v + (1 << 11)) >> 12) + a;
  INTAGLIO_WIDTH("gelu.pv2", int64_t(p) * v + (1 << 13), 32);
  p = (p * v + (1 << 13)) >> 14;
  INTAGLIO_WIDTH("gelu.pu", int64_t(p) * u + (1 << 16), 32);
  return std::max(t, 0) - ((p * u + (1 << 16)) >> 17);
}

/// `(a * b + 2^14) >> 15`, x86's pmulhrsw.
static int32_t multiplyHigh(int32_t a, int32_t b) {
  INTAGLIO_WIDTH("mulhrs", a, 16);
  INTAGLIO_WIDTH("mulhrs", b, 16);
  int32_t high = (a * b + (1 << 14)) >> 15;
  INTAGLIO_WIDTH("mulhrs", high, 16);
  return high;
}

int16_t geluNarrow(int16_t t, int64_t fraction) {
  // The limit of u; v in Q13 for any fraction.
  int32_t limit = 6768 >> (11 - fraction);
  int32_t u = std::min(std::abs(static_cast<int32_t>(t)), limit);
  int32_t v = (limit - u) << (13 - fraction);
  int32_t p = multiplyHigh(multiplyHigh(v, 21297) - 5783, v) + 751;
  return static_cast<int16_t>(std::max<int32_t>(t, 0) - multiplyHigh(multiplyHigh(p, v), 2 * u));
}

/// e^-t in Q15 for t in Q12, t <= 16; `doubled`: e^-2t, t <= 8.
static int32_t decay(int64_t t, bool doubled) {
  constexpr int32_t log2e = 23637; // Q14
  INTAGLIO_WIDTH("sigmoid.a", t * log2e, 32);
  auto power = static_cast<uint32_t>(static_cast<int32_t>(t) * log2e);
  return static_cast<int32_t>(exp2n(power >> (doubled ? 10 : 11)) >> 15);
}

int32_t sigmoid(int32_t t) {
  int32_t g = decay(std::min<int64_t>(std::llabs(t), 16 << 12), /*doubled=*/false);
  int32_t divisor = 32768 + g;
  int32_t value = ((1 << 30) + (divisor >> 1)) / divisor;
  return t >= 0 ? value : 32768 - value;
}

int32_t tanh(int32_t t) {
  int32_t g = decay(std::min<int64_t>(std::llabs(t), 8 << 12), /*doubled=*/true);
  int32_t divisor = 32768 + g;
  INTAGLIO_WIDTH("tanh.num", (int64_t(32768 - g) << 15) + (divisor >> 1), 32);
  int32_t value = (((32768 - g) << 15) + (divisor >> 1)) / divisor;
  return t >= 0 ? value : -value;
}

int32_t silu(int32_t t) {
  int64_t product = clampToBits(t, 17) * sigmoid(t);
  INTAGLIO_WIDTH("silu.prod", product, 33);
  return static_cast<int32_t>(rsh(product, 15));
}

uint64_t isqrt(uint64_t n) {
  if (n == 0)
    return 0;
  uint64_t x = uint64_t(1) << ((bitLength(n) + 1) / 2);
  while (true) {
    INTAGLIO_UWIDTH("isqrt.sum", Int128(x) + n / x, 34);
    uint64_t next = (x + n / x) >> 1;
    if (next >= x)
      return x;
    x = next;
  }
}

uint32_t isqrt32(uint32_t n) {
  if (n == 0)
    return 0;
  uint32_t x = uint32_t(1) << ((bitLength(n) + 1) / 2);
  while (true) {
    uint32_t next = (x + n / x) >> 1;
    if (next >= x)
      return x;
    x = next;
  }
}

uint64_t isqrtFixed(uint64_t n, unsigned steps) {
  if (n == 0)
    return 0;
  uint64_t x = uint64_t(1) << ((bitLength(n) + 1) / 2);
  for (unsigned step = 0; step < steps; ++step)
    x = std::min(x, (x + n / x) >> 1);
  return x;
}

} // namespace intaglio::intmath
