//===- Float32Bits.h - float32 numbers by integers alone -------------------------*- C++ -*-===//
//
// The boundary on a processor without floating point: inputs are read as the bit patterns that
// IEEE 754 gives to float32 numbers, outputs are made as such (C-BOUNDARY-1).
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_INTMATH_FLOAT32BITS_H
#define INTAGLIO_INTMATH_FLOAT32BITS_H

#include "intaglio/IntMath/Affine.h"

namespace intaglio::intmath {

/// The positive number `mantissa * 2^exponent` of 24 bits: `2^23 <= mantissa < 2^24`.
struct Float24 {
  int64_t mantissa, exponent;
};

/// A scale, rounded to float32 beforehand, as integers. It is a positive normal number.
Float24 float24(float scale);

/// The bit pattern of the float32 nearest to `integer * 2^exponent`, ties to even: subnormal and
/// infinite where the number asks for it, +0 for 0. `|integer| < 2^62`, `exponent >= -211`.
uint32_t float32Bits(int64_t integer, int64_t exponent);

/// `float32(scale * centred)` with one rounding, as a bit pattern (C-DEQUANTIZE-1); `centred` is
/// `q - z`, 38 bits.
uint32_t dequantizeBits(int64_t centred, Float24 scale);

/// `quantize` of the float32 number that has these bits: `clamp(rne(x / scale) + z)`, infinities
/// saturate, NaN gives z (C-QUANTIZE-1, C-QUANTIZE-3). The storage has 32 bits.
int64_t quantizeBits(uint32_t bits, Float24 scale, int64_t zeroPoint, const Storage &storage);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_FLOAT32BITS_H
