//===- Softmax.cpp - softmax and attention of one row --------------------------------------===//

#include "intaglio/IntMath/Softmax.h"

#include "intaglio/IntMath/Unary.h"

#include <algorithm>
#include <cmath>

namespace intaglio::intmath {

std::optional<Dyadic> softmaxScale(double scale) {
  return dyadic(scale * 1.4426950408889634 * 32768);
}

/// `exp2n` of the distance of `x` to `top`.
static uint32_t softmaxNumerator(int64_t top, int64_t x, Dyadic scale) {
  auto distance = static_cast<uint64_t>(top - x);
  INTAGLIO_UWIDTH("softmax.distance", top - x, 32);
  // Below 2^63; with half a unit of the shift it may need the 64th bit.
  uint64_t product = distance * static_cast<uint64_t>(scale.multiplier);
  uint64_t half = scale.shift ? uint64_t(1) << (scale.shift - 1) : 0;
  return exp2n(
      static_cast<uint32_t>(std::min<uint64_t>((product + half) >> scale.shift, (31 << 15) - 1)));
}

/// `floor(2^(L + 30) / sum)` for a sum of L bits, L <= 47, in 64 bits: in two steps where the
/// dividend would not fit.
static uint64_t reciprocal(uint64_t sum, int64_t bits) {
  int64_t later = std::max<int64_t>(bits - 32, 0);
  uint64_t dividend = uint64_t(1) << (bits + 30 - later);
  return ((dividend / sum) << later) + ((dividend % sum) << later) / sum;
}

std::vector<int32_t> softmaxRow(Span<int32_t> x, Dyadic scale) {
  if (x.empty())
    return {};
  int64_t top = largest(x);
  std::vector<uint32_t> numerators;
  uint64_t sum = 0;
  for (int32_t code : x) {
    numerators.push_back(softmaxNumerator(top, code, scale));
    sum += numerators.back();
  }
  INTAGLIO_UWIDTH("softmax.sum", sum, 47);
  int64_t bits = bitLength(sum), shift = std::min<int64_t>(bits + 22, 63);
  uint64_t r = reciprocal(sum, bits);
  INTAGLIO_UWIDTH("softmax.recip", r, 32);
  std::vector<int32_t> result;
  for (uint32_t numerator : numerators) {
    uint64_t product = numerator * r;
    INTAGLIO_UWIDTH("softmax.x*r", product, 62);
    uint64_t value = (product + (uint64_t(1) << (shift - 1))) >> shift;
    result.push_back(static_cast<int32_t>(std::min<uint64_t>(value, 255)));
  }
  return result;
}

std::optional<AttentionStatics> attentionStatics(double scale, int64_t head, double outputRatio) {
  if (!(scale > 0) || !std::isfinite(scale) || head < 1 || !(outputRatio > 0 && outputRatio < 64))
    return std::nullopt;
  // The wanted step of the table in nats: entry 254.5 is 1/765, a third of the last bit.
  const double wanted = std::log(765.0) / 254.5;
  AttentionStatics statics{};
  statics.scoreShift = std::max<int64_t>(
      0, static_cast<int64_t>(std::ceil(std::log2(static_cast<double>(head)))) - 1);
  double unit = std::ldexp(scale, static_cast<int>(statics.scoreShift));
  double step = std::round(std::ldexp(unit, 16) / wanted);
  statics.step = static_cast<int64_t>(std::clamp(step, 64.0, 65535.0));
  statics.rounding = (65536 + statics.step) / (2 * statics.step);
  statics.numerator = static_cast<int64_t>(std::round(std::ldexp(outputRatio, 32)));
  statics.table[0] = 255;
  for (int64_t i = 1; i < 255; ++i) {
    // The distances d with (d + rounding) * step >> 16 = i, and the value in their middle.
    auto firstAt = [&](int64_t entry) {
      return (entry * 65536 + statics.step - 1) / statics.step - statics.rounding;
    };
    int64_t low = firstAt(i), high = firstAt(i + 1) - 1;
    double y = 255 * std::exp(-unit * static_cast<double>(low + high) / 2);
    statics.table[i] = static_cast<uint8_t>(y >= 0.5 ? std::round(y) : y >= 1.0 / 3);
  }
  return statics;
}

std::vector<int32_t> attentionRow(Span<int32_t> scores, Span<int32_t> values, Span<int64_t> mask,
                                  const AttentionStatics &statics, int64_t outputZp) {
  size_t keys = scores.size(), head = keys ? values.size() / keys : 0;
  auto takesPart = [&](size_t j) { return mask.empty() || mask[j] != 0; };
  std::vector<int64_t> rounded;
  int64_t top = INT16_MIN;
  for (size_t j = 0; j < keys; ++j) {
    rounded.push_back(rsh(scores[j], statics.scoreShift));
    if (!takesPart(j))
      continue;
    INTAGLIO_WIDTH("attention.c", scores[j], 32);
    INTAGLIO_WIDTH("attention.x", rounded[j], 16);
    top = std::max(top, rounded[j]);
  }
  int64_t sum = 0;
  std::vector<int64_t> accumulators(head, 0);
  for (size_t j = 0; j < keys; ++j) {
    if (!takesPart(j))
      continue;
    int64_t distance = top - rounded[j] + statics.rounding;
    INTAGLIO_UWIDTH("attention.distance", distance, 16);
    int64_t weight = statics.table[std::min<int64_t>((distance * statics.step) >> 16, 255)];
    sum += weight;
    for (size_t d = 0; d < head; ++d)
      accumulators[d] += weight * values[j * head + d];
  }
  INTAGLIO_UWIDTH("attention_row.sum", sum, 24);
  int64_t reciprocal = sum ? statics.numerator / sum : 0;
  INTAGLIO_UWIDTH("attention_row.R", reciprocal, 31);
  std::vector<int32_t> result;
  for (int64_t accumulator : accumulators) {
    INTAGLIO_WIDTH("attention_row.acc", accumulator, 32);
    int64_t wide = accumulator * reciprocal + (int64_t(1) << 31) + outputZp * (int64_t(1) << 32);
    INTAGLIO_WIDTH("attention_row.acc*R", wide, 63);
    result.push_back(static_cast<int32_t>(clampToBits(wide >> 32, 8)));
  }
  return result;
}

} // namespace intaglio::intmath
