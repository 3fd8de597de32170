//===- Float32Bits.cpp - float32 numbers by integers alone ---------------------------------===//

#include "intaglio/IntMath/Float32Bits.h"

#include "intaglio/IntMath/Fixed.h"

#include <algorithm>
#include <cmath>

namespace intaglio::intmath {

/// Exponent of the last bit of subnormal numbers; what a pattern's exponent field counts from.
static constexpr int64_t smallestUlp = -149;
static constexpr int64_t infinityBits = 0x7F800000;

Float24 float24(float scale) {
  int exponent = 0;
  float fraction = std::frexp(scale, &exponent);
  return {static_cast<int64_t>(std::ldexp(fraction, 24)), exponent - 24};
}

uint32_t float32Bits(int64_t integer, int64_t exponent) {
  int64_t magnitude = integer < 0 ? -integer : integer;
  INTAGLIO_UWIDTH("float32.magnitude", magnitude, 62);
  // The result's last bit, and how many bits of the magnitude lie below it.
  int64_t ulp = std::max(bitLength(static_cast<uint64_t>(magnitude)) - 24 + exponent, smallestUlp);
  int64_t below = ulp - exponent;
  int64_t mantissa = magnitude << std::max<int64_t>(-below, 0);
  if (below > 0) {
    int64_t odd = (magnitude >> below) & 1;
    mantissa = (magnitude + (int64_t(1) << (below - 1)) - 1 + odd) >> below;
  }
  // A normal mantissa's leading one adds 1 to the exponent field; so does a carry.
  int64_t bits = std::min(((ulp - smallestUlp) << 23) + mantissa, infinityBits);
  if (magnitude == 0)
    bits = 0;
  return static_cast<uint32_t>(bits) | (integer < 0 ? 0x80000000U : 0U);
}

uint32_t dequantizeBits(int64_t centred, Float24 scale) {
  return float32Bits(centred * scale.mantissa, scale.exponent);
}

int64_t quantizeBits(uint32_t bits, Float24 scale, int64_t zeroPoint, const Storage &storage) {
  int64_t field = (bits >> 23) & 0xFF, fraction = bits & 0x7FFFFF;
  int64_t mantissa = field == 0 ? fraction : fraction + (int64_t(1) << 23);
  int64_t exponent = std::max<int64_t>(field, 1) - 1 + smallestUlp;
  // Twice the quotient is `mantissa * 2^shift / scale.mantissa`. Beyond 2^35 only the clamp counts.
  int64_t shift = std::min<int64_t>(exponent - scale.exponent + 1, 36);
  int64_t numerator = shift < 0 ? 0 : mantissa << shift;
  INTAGLIO_UWIDTH("quantize.numerator", numerator, 60);
  int64_t twice = numerator / scale.mantissa;
  int64_t rest = numerator % scale.mantissa;
  int64_t level = twice >> 1;
  bool up = (twice & 1) != 0 && (rest != 0 || (level & 1) != 0);
  level += up ? 1 : 0;
  if (field == 0xFF && fraction != 0)
    level = 0;
  return clamp((bits >> 31 ? -level : level) + zeroPoint, storage.minimum, storage.maximum);
}

} // namespace intaglio::intmath
