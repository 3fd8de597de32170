//===- Float32BitsTest.cpp - the integer boundary equals the float one ---------------------===//

#include "intaglio/IntMath/Float32Bits.h"
#include "Golden.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace intaglio::intmath;

static uint32_t bitsOf(float value) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

static float floatOf(uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// A positive normal float32, all exponents alike; every fourth is a power of two.
static float anyScale(golden::Random &random) {
  auto field = static_cast<uint32_t>(random.between(1, 254));
  auto fraction = static_cast<uint32_t>(random.between(0, 0x7FFFFF));
  return floatOf(field << 23 | (random.between(0, 3) == 0 ? 0 : fraction));
}

TEST(Float32Bits, EveryNormalScaleHas24Bits) {
  golden::Random random(1);
  for (int i = 0; i < 100000; ++i) {
    float scale = anyScale(random);
    Float24 parts = float24(scale);
    EXPECT_GE(parts.mantissa, 1 << 23);
    EXPECT_LT(parts.mantissa, 1 << 24);
    EXPECT_EQ(std::ldexp(static_cast<float>(parts.mantissa), static_cast<int>(parts.exponent)),
              scale);
  }
}

/// Every finite float32 comes back as itself (each 251st is tried).
TEST(Float32Bits, RoundTripsEveryNumber) {
  for (uint64_t bits = 0; bits < 0x7F800000; bits += 251) {
    int exponent = 0;
    float fraction = std::frexp(floatOf(static_cast<uint32_t>(bits)), &exponent);
    auto integer = static_cast<int64_t>(std::ldexp(fraction, 24));
    ASSERT_EQ(float32Bits(integer, exponent - 24), bits);
    ASSERT_EQ(float32Bits(-integer, exponent - 24), integer ? bits | 0x80000000U : 0U);
  }
}

/// C-DEQUANTIZE-1: what a floating-point unit makes of all 16-bit codes and some wider ones.
TEST(Float32Bits, DequantizesAsFloatsDo) {
  golden::Random random(2);
  for (int i = 0; i < 2000; ++i) {
    float scale = anyScale(random);
    Float24 parts = float24(scale);
    for (int j = 0; j < 500; ++j) {
      // Below 2^29 the float64 product is exact.
      int64_t code = random.between(-(int64_t(1) << (j % 28 + 1)), int64_t(1) << (j % 28 + 1));
      auto expected = static_cast<float>(static_cast<double>(code) * static_cast<double>(scale));
      ASSERT_EQ(dequantizeBits(code, parts), bitsOf(expected)) << code << " * " << scale;
    }
  }
  Float24 parts = float24(0.0123F);
  for (int64_t code = -65536; code <= 65536; ++code)
    ASSERT_EQ(dequantizeBits(code, parts), bitsOf(static_cast<float>(code * double(0.0123F))));
}

/// Wide codes against an 80-bit product, which holds all of their 57 bits.
TEST(Float32Bits, DequantizesWideCodes) {
  static_assert(std::numeric_limits<long double>::digits >= 57, "needs the x87's format");
  golden::Random random(3);
  for (int i = 0; i < 1000000; ++i) {
    float scale = anyScale(random);
    auto code = static_cast<int64_t>(random.next() >> 31) - (int64_t(1) << 32);
    auto expected = static_cast<float>(static_cast<long double>(code) * scale);
    ASSERT_EQ(dequantizeBits(code, float24(scale)), bitsOf(expected)) << code << " * " << scale;
  }
}

/// C-DEQUANTIZE-1 at ties: 2^25 + 2 has two neighbours in float32, the even one is meant.
TEST(Float32Bits, TiesGoToEven) {
  EXPECT_EQ(float32Bits((1 << 25) + 2, 0), bitsOf(0x1p25F));
  EXPECT_EQ(float32Bits((1 << 25) + 6, 0), bitsOf(0x1p25F + 8));
  EXPECT_EQ(float32Bits((1 << 25) - 1, 0), bitsOf(0x1p25F)); // a carry
  EXPECT_EQ(float32Bits(1, -150), 0U);                       // half of the smallest subnormal
  EXPECT_EQ(float32Bits(3, -150), 2U);
  EXPECT_EQ(float32Bits((1 << 24) - 1, -150), 0x00800000U); // a subnormal becomes normal
  EXPECT_EQ(float32Bits((1 << 25) - 1, 103), 0x7F800000U);  // the largest number becomes infinite
  EXPECT_EQ(float32Bits(-1, 200), 0xFF800000U);
}

/// C-QUANTIZE-1, C-QUANTIZE-3: the float64 reference on any bits at all.
TEST(Float32Bits, QuantizesAnyBits) {
  golden::Random random(4);
  for (int i = 0; i < 1000000; ++i) {
    auto bits = static_cast<uint32_t>(random.next());
    float scale = anyScale(random);
    int64_t zero = random.between(-128, 127);
    Storage storage{-128, 127, false};
    ASSERT_EQ(quantizeBits(bits, float24(scale), zero, storage),
              quantize(floatOf(bits), {scale, zero}, storage))
        << floatOf(bits) << " / " << scale << " + " << zero;
  }
}

/// Around every tie of 16-bit codes, where a second rounding would show.
TEST(Float32Bits, QuantizesTiesExactly) {
  golden::Random random(5);
  Storage storage{-32768, 32767, false};
  for (int i = 0; i < 300000; ++i) {
    float scale = std::ldexp(anyScale(random), -20); // subnormal ones are no scales
    if (!std::isnormal(scale))
      continue;
    int64_t odd = 2 * random.between(-40000, 40000) + 1, zero = random.between(-3, 3);
    auto near = static_cast<float>(static_cast<double>(scale) * static_cast<double>(odd) / 2);
    for (float x : {std::nextafter(near, -INFINITY), near, std::nextafter(near, INFINITY)})
      ASSERT_EQ(quantizeBits(bitsOf(x), float24(scale), zero, storage),
                quantize(x, {scale, zero}, storage))
          << x << " / " << scale;
  }
}

/// C-QUANTIZE-3 and the corners of the format.
TEST(Float32Bits, QuantizesSpecialNumbers) {
  const float infinity = std::numeric_limits<float>::infinity();
  Storage storage{-128, 127, false};
  auto quantized = [&](float x, float scale) {
    return quantizeBits(bitsOf(x), float24(scale), 3, storage);
  };
  EXPECT_EQ(quantized(infinity, 0.5F), 127);
  EXPECT_EQ(quantized(-infinity, 0.5F), -128);
  EXPECT_EQ(quantized(std::nanf(""), 0.5F), 3);
  EXPECT_EQ(quantized(-std::nanf(""), 0.5F), 3);
  EXPECT_EQ(quantized(0.0F, 0.5F), 3);
  EXPECT_EQ(quantized(-0.0F, 0.5F), 3);
  EXPECT_EQ(quantized(0x1p-149F, 0x1p-126F), 3);
  EXPECT_EQ(quantized(0x1.8p-126F, 0x1p-126F), 5); // 1.5 is a tie, to 2
  EXPECT_EQ(quantized(0x1p-127F, 0x1p-126F), 3);   // 0.5 is a tie, to 0
  EXPECT_EQ(quantized(0x1.2p-127F, 0x1p-126F), 4); // a subnormal above it
  EXPECT_EQ(quantized(0x1.fffffep127F, 0x1p-126F), 127);
  EXPECT_EQ(quantized(0x1.fffffep127F, 0x1.fffffep127F), 4);
}
