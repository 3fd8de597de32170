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

UniformParameters chooseParameters(const Range &range, const Storage &storage) {
  double scale = chooseScale(range, storage);
  if (!storage.symmetric && !(range.low < 0) && !(range.high > 0))
    return {scale, clamp(0, storage.minimum, storage.maximum)};
  return {scale, chooseZeroPoint(range, storage, scale)};
}

int64_t quantize(double x, const UniformParameters &parameters, const Storage &storage) {
  // The clamp comes first, as a conversion of what no int64_t holds has no meaning. The bounds are
  // whole numbers, so that rounding and clamping commute.
  double low = static_cast<double>(storage.minimum - parameters.zeroPoint);
  double high = static_cast<double>(storage.maximum - parameters.zeroPoint);
  double level = std::nearbyint(std::clamp(x / parameters.scale, low, high));
  return static_cast<int64_t>(level) + parameters.zeroPoint;
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
