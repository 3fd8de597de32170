//===- Sequence.cpp - embeddings, rotary positions, pooling --------------------------------===//

#include "intaglio/IntMath/Sequence.h"

#include <cmath>

namespace intaglio::intmath {

std::vector<int32_t> embeddingRow(Span<int32_t> row, Dyadic scale, int64_t outputZp,
                                  unsigned bits) {
  std::vector<int32_t> result;
  for (int64_t code : row) {
    int64_t y = rsh(code * scale.multiplier, scale.shift) + outputZp;
    result.push_back(static_cast<int32_t>(clampToBits(y, bits)));
  }
  return result;
}

RopeAngles ropeAngles(int64_t position, int64_t head, double base) {
  RopeAngles angles;
  for (int64_t i = 0; i < head / 2; ++i) {
    double exponent = -2.0 * static_cast<double>(i) / static_cast<double>(head);
    double angle = static_cast<double>(position) * std::pow(base, exponent);
    angles.cosine.push_back(static_cast<int16_t>(std::lround(std::cos(angle) * 16384)));
    angles.sine.push_back(static_cast<int16_t>(std::lround(std::sin(angle) * 16384)));
  }
  return angles;
}

std::vector<int32_t> rope(Span<int32_t> x, Span<int16_t> cosine, Span<int16_t> sine,
                          bool interleaved) {
  size_t half = x.size() / 2;
  std::vector<int32_t> result(x.size());
  for (size_t i = 0; i < half; ++i) {
    size_t first = interleaved ? 2 * i : i, second = interleaved ? 2 * i + 1 : i + half;
    int64_t a = x[first], b = x[second];
    int64_t real = a * cosine[i] - b * sine[i], imaginary = b * cosine[i] + a * sine[i];
    INTAGLIO_WIDTH("rope", real, 32);
    INTAGLIO_WIDTH("rope", imaginary, 32);
    result[first] = static_cast<int32_t>(rsh(real, 14));
    result[second] = static_cast<int32_t>(rsh(imaginary, 14));
  }
  return result;
}

int32_t poolMean(int64_t sum, int64_t count) {
  if (count == 0)
    return 0;
  int64_t product = sum * ((int64_t(1) << 30) / count);
  INTAGLIO_WIDTH("pool.product", product, 63);
  return static_cast<int32_t>(rsh(product, 22));
}

} // namespace intaglio::intmath
