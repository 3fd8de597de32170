//===- Sequence.h - embeddings, rotary positions, pooling ------------------------*- C++ -*-===//

#ifndef INTAGLIO_INTMATH_SEQUENCE_H
#define INTAGLIO_INTMATH_SEQUENCE_H

#include "intaglio/IntMath/Dyadic.h"

namespace intaglio::intmath {

/// One row of `intaglio.i_embedding`: `clamp(rsh(row[c] * multiplier, shift) + outputZp)` to `bits`
/// bits.
std::vector<int32_t> embeddingRow(Span<int32_t> row, Dyadic scale, int64_t outputZp, unsigned bits);

/// Cosines and sines of a position in Q14, head / 2 of each.
struct RopeAngles {
  std::vector<int16_t> cosine, sine;
};

/// The angles `position * base^(-2i / head)`, rounded half away from zero.
RopeAngles ropeAngles(int64_t position, int64_t head, double base = 10000.0);

/// One head of one token of `intaglio.i_rope`: `rsh(a*cos - b*sin, 14)`, `rsh(b*cos + a*sin, 14)`
/// for the pairs (i, i + head/2), or (2i, 2i + 1) where `interleaved`. Bytes give at most 181.
std::vector<int32_t> rope(Span<int32_t> x, Span<int16_t> cosine, Span<int16_t> sine,
                          bool interleaved = false);

/// One channel of the mean of `intaglio.i_pool`: `rsh(sum * floor(2^30 / count), 22)`, 8 more
/// fraction bits than the summands have. 0 where `count` is 0.
int32_t poolMean(int64_t sum, int64_t count);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_SEQUENCE_H
