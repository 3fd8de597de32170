//===- Norm.cpp - normalization of one row -------------------------------------------------===//

#include "intaglio/IntMath/Norm.h"

#include "intaglio/IntMath/Unary.h"

#include <algorithm>
#include <cmath>

namespace intaglio::intmath {

NormalizedRow normalizeRow(Span<int32_t> x, int64_t epsilon, bool subtractMean) {
  auto n = static_cast<int64_t>(x.size());
  int64_t s1 = 0, s2 = 0;
  for (int64_t code : x) {
    s1 += subtractMean ? code : 0;
    s2 += code * code;
  }
  INTAGLIO_WIDTH("norm.s1", s1, 32);
  INTAGLIO_WIDTH("norm.s2", s2, 63);
  Int128 exact = Int128(n) * s2 - Int128(s1) * s1 + epsilon;
  INTAGLIO_WIDTH("norm.V", exact, 64);
  NormalizedRow row;
  row.variance = std::max<int64_t>(static_cast<int64_t>(exact), 1);
  row.scaling = std::max<int64_t>(0, 62 - bitLength(static_cast<uint64_t>(row.variance))) & -2;
  row.root = static_cast<int64_t>(isqrt(static_cast<uint64_t>(row.variance) << row.scaling));
  INTAGLIO_UWIDTH("norm.sd(u32)", row.root, 32);
  row.reciprocal = (int64_t(1) << 52) / row.root;
  INTAGLIO_WIDTH("norm.r", row.reciprocal, 32);
  for (int64_t code : x) {
    Int128 product = Int128(n * code - s1) * row.reciprocal;
    INTAGLIO_WIDTH("norm.D*r", product, 62);
    row.values.push_back(rsh(static_cast<int64_t>(product), 36 - row.scaling / 2));
  }
  return row;
}

/// `value * 2^exponent` rounded to `bits` bits.
static std::optional<int64_t> scaled(double value, int64_t exponent, unsigned bits) {
  return roundHalfAway(std::ldexp(value, static_cast<int>(exponent)), bits);
}

std::optional<NormStatics> normStatics(Span<double> gamma, Span<double> beta, double eps,
                                       double inputScale, double outputScale) {
  if (!(inputScale > 0) || !(outputScale > 0) || gamma.empty())
    return std::nullopt;
  NormStatics statics;
  auto n = static_cast<double>(gamma.size());
  std::optional<int64_t> epsilon = roundHalfAway(n * n * eps / (inputScale * inputScale), 62);
  if (!epsilon || *epsilon < 0)
    return std::nullopt;
  statics.epsilon = *epsilon;
  double largest = 0;
  for (double g : gamma)
    largest = std::max(largest, std::fabs(g / outputScale));
  statics.shift = 30;
  while (statics.shift > 16 && !scaled(largest, statics.shift - 16, 32))
    --statics.shift;
  for (double g : gamma) {
    std::optional<int64_t> value = scaled(g / outputScale, statics.shift - 16, 32);
    if (!value)
      return std::nullopt;
    statics.gamma.push_back(static_cast<int32_t>(*value));
  }
  for (double b : beta) {
    std::optional<int64_t> value = scaled(b / outputScale, statics.shift, 62);
    if (!value)
      return std::nullopt;
    statics.beta.push_back(*value);
  }
  return statics;
}

std::vector<int32_t> layerNormRow(Span<int32_t> x, const NormStatics &statics, int64_t outputZp,
                                  unsigned bits, bool subtractMean) {
  NormalizedRow row = normalizeRow(x, statics.epsilon, subtractMean);
  std::vector<int32_t> result;
  for (size_t c = 0; c < x.size(); ++c) {
    Int128 affine =
        Int128(row.values[c]) * statics.gamma[c] + (statics.beta.empty() ? 0 : statics.beta[c]);
    INTAGLIO_WIDTH("norm.affine", affine, 64);
    Int128 y = Int128(rsh(static_cast<int64_t>(affine), statics.shift)) + outputZp;
    result.push_back(static_cast<int32_t>(clampToBits(y, bits)));
  }
  return result;
}

std::vector<int32_t> rmsNormRow(Span<int32_t> x, const NormStatics &statics, int64_t outputZp,
                                unsigned bits) {
  return layerNormRow(x, statics, outputZp, bits, /*subtractMean=*/false);
}

std::vector<int32_t> l2NormalizeRow(Span<int32_t> x) {
  int64_t squares = 0;
  for (int64_t code : x)
    squares += code * code;
  INTAGLIO_UWIDTH("l2.V", squares, 62);
  auto square = static_cast<uint64_t>(std::max<int64_t>(squares, 1));
  int64_t k = (62 - bitLength(square)) & -2;
  auto r = static_cast<int64_t>((uint64_t(1) << 54) / isqrt(square << k));
  INTAGLIO_WIDTH("l2.r", r, 32);
  std::vector<int32_t> result;
  for (int64_t code : x) {
    INTAGLIO_WIDTH("l2.x*r", code * r, 57);
    result.push_back(static_cast<int32_t>(rsh(code * r, 30 - k / 2)));
  }
  return result;
}

} // namespace intaglio::intmath
