//===- Product.cpp - matrix products of integer codes --------------------------------------===//

#include "intaglio/IntMath/Product.h"

#include "intaglio/IntMath/Fixed.h"

#include <cmath>

namespace intaglio::intmath {

int64_t dot(Span<int32_t> a, Span<int32_t> b, int64_t aZp, int64_t bZp) {
  int64_t sum = 0;
  for (size_t k = 0; k < a.size(); ++k)
    sum += (a[k] - aZp) * (b[k] - bZp);
  return sum;
}

std::vector<int32_t> linearRow(Span<int32_t> x, Span<int32_t> weight, Span<int32_t> bias,
                               int64_t xZp, int64_t weightZp) {
  std::vector<int32_t> result;
  for (size_t start = 0; start < weight.size(); start += x.size()) {
    int64_t sum = dot(x, weight.slice(start, x.size()), xZp, weightZp);
    if (!bias.empty())
      sum += bias[result.size()];
    INTAGLIO_WIDTH("matmul.acc", sum, 32);
    result.push_back(static_cast<int32_t>(sum));
  }
  return result;
}

std::optional<std::vector<int32_t>> foldInputZeroPoint(Span<int32_t> weight, size_t rows,
                                                       Span<int32_t> bias, int64_t xZp) {
  std::vector<int32_t> result;
  size_t width = rows ? weight.size() / rows : 0;
  for (size_t n = 0; n < rows; ++n) {
    int64_t sum = 0;
    for (int32_t w : weight.slice(n * width, width))
      sum += w;
    int64_t folded = (bias.empty() ? 0 : bias[n]) - xZp * sum;
    if (!fitsSigned(folded, 32))
      return std::nullopt;
    result.push_back(static_cast<int32_t>(folded));
  }
  return result;
}

std::optional<int32_t> quantizeBias(double bias, double scale) {
  std::optional<int64_t> value = roundHalfAway(bias / scale, 32);
  if (!value || *value > 1 << 30 || *value < -(1 << 30))
    return std::nullopt;
  return static_cast<int32_t>(*value);
}

} // namespace intaglio::intmath
