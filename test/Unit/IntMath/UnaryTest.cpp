//===- UnaryTest.cpp - functions of one number, over all their inputs ----------------------===//

#include "intaglio/IntMath/Unary.h"
#include "Golden.h"

#include <cmath>
#include <limits>

using namespace intaglio::intmath;

static double realGelu(double x) { return x * 0.5 * std::erfc(-x * std::sqrt(0.5)); }

TEST(Unary, GoldenExp2n) {
  golden::Object c = golden::load("unary").child("exp2n");
  auto t = c.numbers<uint32_t>("t_Q15"), out = c.numbers<uint32_t>("out_Q30");
  for (size_t i = 0; i < t.size(); ++i)
    EXPECT_EQ(exp2n(t[i]), out[i]) << t[i];
}

/// C-EXP2N-1 over the whole range: decreasing, errors as stated, 0 from 31 * 2^15 on.
TEST(Unary, Exp2nIsDecreasingAndAccurateEverywhere) {
  uint32_t previous = 1 << 30;
  double relative = 0, absolute = 0;
  for (uint32_t t = 0; t < (31 << 15); ++t) {
    uint32_t value = exp2n(t);
    EXPECT_LE(value, previous);
    previous = value;
    double found = value * 0x1p-30, wanted = std::exp2(-static_cast<double>(t) / 32768);
    absolute = std::max(absolute, std::fabs(found - wanted));
    if (t < 32768)
      relative = std::max(relative, std::fabs(found / wanted - 1));
    // Beyond one octave a shift drops at most one unit of 2^-30.
    EXPECT_LE(std::fabs(found - wanted), 1.09e-4 * wanted + 0x1p-30);
  }
  EXPECT_NEAR(relative, 1.0893e-4, 1e-8);
  EXPECT_NEAR(absolute, 9.8635e-5, 1e-8);
  EXPECT_EQ(exp2n(0), 1U << 30);
  EXPECT_EQ(exp2n(32768), 1U << 29);
  for (uint32_t t : {31U << 15, 1U << 31, UINT32_MAX})
    EXPECT_EQ(exp2n(t), 0U);
}

TEST(Unary, GoldenGelu) {
  golden::Object c = golden::load("i_gelu").child("minimax");
  std::vector<int32_t> t = c.numbers("t"), out = c.numbers("out");
  for (size_t i = 0; i < t.size(); ++i)
    EXPECT_EQ(gelu(t[i]), out[i]) << t[i];
}

/// C-IGELU-1 on all inputs of 17 bits; beyond them the function is max(t, 0).
TEST(Unary, GeluIsAccurateEverywhere) {
  double worst = 0;
  for (int32_t t = -65536; t <= 65536; ++t)
    worst = std::max(worst, std::fabs(gelu(t) * 0x1p-12 - realGelu(t * 0x1p-12)));
  EXPECT_LE(worst, 2.21e-3);
  for (int32_t t : {65537, 1 << 20, 1 << 24, INT32_MAX}) {
    EXPECT_EQ(gelu(t), t);
    EXPECT_EQ(gelu(-t), 0);
  }
}

TEST(Unary, GoldenGeluQ11) {
  golden::Object c = golden::load("i_gelu").child("q11");
  auto t = c.numbers<int16_t>("t"), out = c.numbers<int16_t>("out");
  for (size_t i = 0; i < t.size(); ++i)
    EXPECT_EQ(geluNarrow(t[i]), out[i]) << t[i];
}

/// C-GELUNARROW-1 on all inputs, for each number of fraction bits.
TEST(Unary, NarrowGeluIsAccurateEverywhere) {
  const double bounds[] = {4.5e-3, 3.5e-3, 2.8e-3, 2.363e-3};
  for (int fraction = 8; fraction <= 11; ++fraction) {
    double worst = 0, unit = std::ldexp(1, -fraction);
    for (int32_t t = INT16_MIN; t <= INT16_MAX; ++t)
      worst = std::max(worst, std::fabs(geluNarrow(static_cast<int16_t>(t), fraction) * unit -
                                        realGelu(t * unit)));
    EXPECT_LE(worst, bounds[fraction - 8]) << fraction;
  }
}

TEST(Unary, GoldenSigmoidTanhSilu) {
  golden::Object c = golden::load("unary");
  std::vector<int32_t> t = c.numbers("t_Q12"), s = c.numbers("sigmoid_Q15"),
                       h = c.numbers("tanh_Q15"), u = c.numbers("silu_Q12");
  for (size_t i = 0; i < t.size(); ++i) {
    EXPECT_EQ(sigmoid(t[i]), s[i]) << t[i];
    EXPECT_EQ(intaglio::intmath::tanh(t[i]), h[i]) << t[i];
    EXPECT_EQ(silu(t[i]), u[i]) << t[i];
  }
}

/// C-ISIGMOID-1, C-ITANH-1, C-ISILU-1 on all 18-bit inputs, and their symmetries.
TEST(Unary, SigmoidTanhSiluAreAccurateEverywhere) {
  double sigmoidError = 0, tanhError = 0, siluError = 0;
  for (int32_t t = -131072; t <= 131072; ++t) {
    double x = t * 0x1p-12, s = 1 / (1 + std::exp(-x));
    sigmoidError = std::max(sigmoidError, std::fabs(sigmoid(t) * 0x1p-15 - s));
    tanhError = std::max(tanhError, std::fabs(intaglio::intmath::tanh(t) * 0x1p-15 - std::tanh(x)));
    if (std::abs(t) < 65536)
      siluError = std::max(siluError, std::fabs(silu(t) * 0x1p-12 - x * s));
    EXPECT_EQ(sigmoid(t) + sigmoid(-t), t == 0 ? 2 * sigmoid(0) : 32768);
    EXPECT_EQ(intaglio::intmath::tanh(t), -intaglio::intmath::tanh(-t));
  }
  EXPECT_LE(sigmoidError, 4.93e-5);
  EXPECT_LE(tanhError, 8.1e-5);
  EXPECT_LE(siluError, 3.68e-4);
  EXPECT_EQ(sigmoid(0), 16384);
  for (int32_t t : {INT32_MIN, -(1 << 24)})
    EXPECT_EQ(intaglio::intmath::tanh(t), intaglio::intmath::tanh(-(8 << 12)));
  EXPECT_EQ(sigmoid(INT32_MIN), 0);
  EXPECT_EQ(silu(INT32_MIN), 0);
  EXPECT_EQ(silu(INT32_MAX), (1 << 16) - 1);
}

TEST(SquareRoot, Golden) {
  golden::Object c = golden::load("isqrt");
  std::vector<std::string> texts = c.strings("n");
  auto roots = c.numbers<uint64_t>("root");
  for (size_t i = 0; i < texts.size(); ++i) {
    uint64_t n = std::stoull(texts[i]);
    EXPECT_EQ(isqrt(n), roots[i]);
    EXPECT_EQ(isqrtFixed(n, 6), roots[i]);
    if (n <= UINT32_MAX) {
      EXPECT_EQ(isqrt32(static_cast<uint32_t>(n)), roots[i]);
      EXPECT_EQ(isqrtFixed(n, 5), roots[i]);
    }
  }
}

static void expectRoot(uint64_t n) {
  uint64_t s = isqrt(n);
  ASSERT_LE(s * s, n);
  ASSERT_TRUE(s == UINT32_MAX || (s + 1) * (s + 1) > n) << n;
  ASSERT_EQ(isqrtFixed(n, 6), s) << n;
  if (n > UINT32_MAX)
    return;
  ASSERT_EQ(isqrt32(static_cast<uint32_t>(n)), s) << n;
  ASSERT_EQ(isqrtFixed(n, 5), s) << n;
}

/// C-ISQRT-1: around every square of 32 bits, and every 4093rd number. All of them:
/// test/Integration/IntMath.
TEST(SquareRoot, ExactAroundSquaresOf32Bits) {
  for (uint64_t s = 1; s < 65536; ++s)
    for (uint64_t n : {s * s - 1, s * s, s * s + 1, s * s + 2 * s})
      expectRoot(n);
  for (uint64_t n = 0; n <= UINT32_MAX; n += 4093)
    expectRoot(n);
}

TEST(SquareRoot, ExactAroundSquaresOf64Bits) {
  golden::Random random(12);
  for (int i = 0; i < 300000; ++i) {
    uint64_t s = random.next() >> (32 + i % 31);
    if (s == 0)
      continue;
    expectRoot(s * s - 1);
    expectRoot(s * s);
    expectRoot(s * s + 2 * s);
    expectRoot(random.next() >> (i % 64));
  }
  expectRoot(UINT64_MAX);
}
