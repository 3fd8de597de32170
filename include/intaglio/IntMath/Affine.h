//===- Affine.h - real numbers as integers of a scale and a zero point -----------*- C++ -*-===//
//
// x ~ scale * (q - zeroPoint) (Jacob et al., arXiv 1712.05877).
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_INTMATH_AFFINE_H
#define INTAGLIO_INTMATH_AFFINE_H

#include <array>
#include <cstdint>
#include <functional>

namespace intaglio::intmath {

/// The integers that a quantized value is stored in.
struct Storage {
  int64_t minimum, maximum;
  /// Whether the zero point is fixed: 0, or the middle of an unsigned range.
  bool symmetric;
};

/// A range of real values.
struct Range {
  double low, high;
};

/// Scale and zero point: x is about `scale * (q - zeroPoint)`.
struct UniformParameters {
  double scale;
  int64_t zeroPoint;
};

/// The scale for `range`, first widened to hold 0: affine `(high - low) / (maximum - minimum)`;
/// symmetric `amax / ((maximum - minimum) / 2)`, so that a full range such as [-128, 127] saturates
/// its largest value by half a step. 1 for an empty range.
double chooseScale(const Range &range, const Storage &storage);

/// The zero point that belongs to `scale`: `clamp(rha(minimum - low / scale))`, the nudged zero
/// point. Symmetric: 0, or the middle of an unsigned range.
int64_t chooseZeroPoint(const Range &range, const Storage &storage, double scale);

/// Both of the above.
UniformParameters affineParameters(const Range &range, const Storage &storage);

/// `clamp(rne(x / scale) + zeroPoint, minimum, maximum)` of the exact quotient, C-QUANTIZE-1;
/// infinities saturate, NaN gives the zero point.
int64_t quantize(double x, const UniformParameters &parameters, const Storage &storage);

/// `scale * (q - zeroPoint)`.
double dequantize(int64_t q, const UniformParameters &parameters);

/// The table of `intaglio.lookup` for any real function of one signed byte: entry `q + 128` is the
/// byte nearest to `function(S_in * (q - z_in))`, exact to half a step of the result.
std::array<int8_t, 256> byteTable(const std::function<double(double)> &function,
                                  const UniformParameters &input, const UniformParameters &output);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_AFFINE_H
