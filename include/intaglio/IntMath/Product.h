//===- Product.h - matrix products of integer codes ------------------------------*- C++ -*-===//

#ifndef INTAGLIO_INTMATH_PRODUCT_H
#define INTAGLIO_INTMATH_PRODUCT_H

#include "intaglio/IntMath/Span.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace intaglio::intmath {

/// `sum_k (a[k] - aZp) * (b[k] - bZp)`, exact.
int64_t dot(Span<int32_t> a, Span<int32_t> b, int64_t aZp = 0, int64_t bZp = 0);

/// One row of `intaglio.linear`: `sum_k (x[k] - xZp) * (weight[n, k] - weightZp) + bias[n]` for
/// each row n of `weight`, which has x's length. `bias` may be empty. Sums fit i32 (C-LINEAR-3).
std::vector<int32_t> linearRow(Span<int32_t> x, Span<int32_t> weight, Span<int32_t> bias,
                               int64_t xZp = 0, int64_t weightZp = 0);

/// The bias that takes over the zero point of `x`: `bias[n] - xZp * sum_k weight[n, k]`, so that
/// the product runs on the codes themselves. `bias` may be empty. Nothing where a sum leaves i32.
std::optional<std::vector<int32_t>> foldInputZeroPoint(Span<int32_t> weight, size_t rows,
                                                       Span<int32_t> bias, int64_t xZp);

/// `rha(bias / scale)`, the bias at the accumulator's scale; nothing beyond 2^30 in magnitude,
/// which leaves no room for the sum.
std::optional<int32_t> quantizeBias(double bias, double scale);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_PRODUCT_H
