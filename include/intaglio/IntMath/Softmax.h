//===- Softmax.h - softmax and attention of one row ------------------------------*- C++ -*-===//

#ifndef INTAGLIO_INTMATH_SOFTMAX_H
#define INTAGLIO_INTMATH_SOFTMAX_H

#include "intaglio/IntMath/Dyadic.h"

#include <array>

namespace intaglio::intmath {

/// The factor of `softmaxRow` for logits of scale `scale`: `dyadic(scale * log2(e) * 2^15)`.
std::optional<Dyadic> softmaxScale(double scale);

/// Softmax of a row at scale 2^-8, 0 ... 255 (C-ISOFTMAX-1): `exp2n` of the distance to the
/// maximum, one reciprocal for the row. Error half a step. Up to 2^16 elements.
std::vector<int32_t> softmaxRow(Span<int32_t> x, Dyadic scale);

/// The constants of integer attention.
struct AttentionStatics {
  int64_t scoreShift; ///< brings scores to 16 bits
  int64_t step;       ///< 2^16 * entries of the table for one unit of rounded score
  int64_t rounding;   ///< half a step
  int64_t numerator;  ///< 2^32 * S_v / S_o
  /// e^-distance, 255 is 1; entries from 1/3 on count as 1, which gives back the mass that rounding
  /// to 8 bits loses.
  std::array<uint8_t, 256> table;
};

/// The constants for scores of which one unit is the logit `scale` (S_q * S_k / sqrt(head), or
/// whatever the model's factor is), heads of `head` channels, and values of `outputRatio` = S_v /
/// S_o times the result's scale. Nothing where `scale` or `outputRatio` is not positive, or
/// outputRatio is 64 or more.
std::optional<AttentionStatics> attentionStatics(double scale, int64_t head, double outputRatio);

/// One query row of `intaglio.i_attention`, C-IATTENTION-1. `scores[j] = q . k_j`; `values` holds
/// the value vectors of the keys, one after the other; `mask[j]` nonzero = key j takes part, an
/// empty mask: all do. A row without keys gives `outputZp`. No query element is -128.
std::vector<int32_t> attentionRow(Span<int32_t> scores, Span<int32_t> values, Span<int64_t> mask,
                                  const AttentionStatics &statics, int64_t outputZp);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_SOFTMAX_H
