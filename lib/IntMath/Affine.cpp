//===- Affine.cpp - real numbers as integers of a scale and a zero point -------------------===//

#include "intaglio/IntMath/Affine.h"

#include "intaglio/IntMath/Fixed.h"

#include <algorithm>
#include <cmath>

namespace intaglio::intmath {

double chooseScale(const Range &range, const Storage &storage) {
  double low = std::min(range.low, 0.0), high = std::max(range.high, 0.0);
  double levels = static_cast<double>(storage.maximum - storage.minimum);
  double scale = storage.symmetric ? std::max(-low, high) / (levels / 2) : (high - low) / levels;
  return scale > 0 ? scale : 1.0;
}

int64_t chooseZeroPoint(const Range &range, const Storage &storage, double scale) {
  if (storage.symmetric)
    return storage.minimum < 0 ? 0 : (storage.minimum + storage.maximum + 1) / 2;
  double low = std::min(range.low, 0.0);
  double nudged = std::round(static_cast<double>(storage.minimum) - low / scale);
  return static_cast<int64_t>(std::clamp(nudged, static_cast<double>(storage.minimum),
                                         static_cast<double>(storage.maximum)));
}

UniformParameters affineParameters(const Range &range, const Storage &storage) {
  double scale = chooseScale(range, storage);
  if (!storage.symmetric && !(range.low < 0) && !(range.high > 0))
    return {scale, clamp(0, storage.minimum, storage.maximum)};
  return {scale, chooseZeroPoint(range, storage, scale)};
}

/// The whole number nearest to `x / scale`, ties to even, `level` being that of the rounded
/// quotient.
static double nearestLevel(double x, double scale, double level) {
  // The sign of a fused multiply-add is that of the exact 2x - scale * (2 level +- 1).
  double above = std::fma(-scale, 2 * level + 1, 2 * x);
  double below = std::fma(-scale, 2 * level - 1, 2 * x);
  bool odd = std::fmod(level, 2) != 0;
  if (above > 0 || (above == 0 && odd))
    return level + 1;
  if (below < 0 || (below == 0 && odd))
    return level - 1;
  return level;
}

int64_t quantize(double x, const UniformParameters &parameters, const Storage &storage) {
  if (std::isnan(x))
    return clamp(parameters.zeroPoint, storage.minimum, storage.maximum);
  double low = static_cast<double>(storage.minimum - parameters.zeroPoint);
  double high = static_cast<double>(storage.maximum - parameters.zeroPoint);
  // Far outside of the range only the clamp counts, and a conversion would have no meaning.
  double quotient = std::clamp(x / parameters.scale, low - 1, high + 1);
  double level = std::nearbyint(quotient);
  if (quotient > low - 1 && quotient < high + 1)
    level = nearestLevel(x, parameters.scale, level);
  return static_cast<int64_t>(std::clamp(level, low, high)) + parameters.zeroPoint;
}

double dequantize(int64_t q, const UniformParameters &parameters) {
  return parameters.scale * static_cast<double>(q - parameters.zeroPoint);
}

std::array<int8_t, 256> byteTable(const std::function<double(double)> &function,
                                  const UniformParameters &input, const UniformParameters &output) {
  std::array<int8_t, 256> table{};
  for (int q = -128; q < 128; ++q)
    table[q + 128] = static_cast<int8_t>(
        quantize(function(dequantize(q, input)), output, {-128, 127, /*symmetric=*/false}));
  return table;
}

} // namespace intaglio::intmath
