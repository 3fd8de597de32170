//===- Norm.h - normalization of one row -----------------------------------------*- C++ -*-===//
//
// (x - mean) / std is (n*x - s1) / sqrt(n*s2 - s1^2) exactly, with s1 = sum x and s2 = sum x^2: no
// rounded mean, no sqrt(n) in a scale, and epsilon is kept.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_INTMATH_NORM_H
#define INTAGLIO_INTMATH_NORM_H

#include "intaglio/IntMath/Fixed.h"
#include "intaglio/IntMath/Span.h"

#include <vector>

namespace intaglio::intmath {

/// What `normalizeRow` found for a row.
struct NormalizedRow {
  std::vector<int64_t> values; ///< (x - mean) / std in Q16
  int64_t variance;            ///< V = n*s2 - s1^2 + epsilon, at least 1
  int64_t scaling;             ///< k, even: V * 2^k has 61 or 62 bits
  int64_t root;                ///< isqrt(V * 2^k)
  int64_t reciprocal;          ///< floor(2^52 / root)
};

/// `(x - mean) / std` in Q16, C-ILAYERNORM-1; `x / rms` where `subtractMean` is false. `epsilon` is
/// in units of V. Codes of b bits: 2*(b-1) + 2*log2(n) <= 62, which 16 bits always meet. Error
/// below 1e-5.
NormalizedRow normalizeRow(Span<int32_t> x, int64_t epsilon, bool subtractMean = true);

/// The constants of `intaglio.i_layer_norm` and `intaglio.i_rms_norm`.
struct NormStatics {
  int64_t epsilon;            ///< rha(n^2 * eps / S^2)
  int64_t shift;              ///< t, 30 or less where gamma / S_out is large
  std::vector<int32_t> gamma; ///< rha(gamma / S_out * 2^(t-16))
  std::vector<int64_t> beta;  ///< rha(beta / S_out * 2^t), empty for an RMSNorm
};

/// The constants for codes of scale `inputScale` and results of scale `outputScale`; `beta` is
/// empty for an RMSNorm. Nothing where a scale is not positive or a constant does not fit its
/// width.
std::optional<NormStatics> normStatics(Span<double> gamma, Span<double> beta, double eps,
                                       double inputScale, double outputScale);

/// One row of `intaglio.i_layer_norm`: `clamp(rsh(N * gamma[c] + beta[c], shift) + outputZp)` to
/// `bits` bits. With `subtractMean` false and an empty `beta`: one row of `intaglio.i_rms_norm`.
std::vector<int32_t> layerNormRow(Span<int32_t> x, const NormStatics &statics, int64_t outputZp,
                                  unsigned bits, bool subtractMean = true);

/// One row of `intaglio.i_rms_norm`.
std::vector<int32_t> rmsNormRow(Span<int32_t> x, const NormStatics &statics, int64_t outputZp,
                                unsigned bits);

/// x / |x| in Q24, C-IL2NORMALIZE-1. The sum of squares is below 2^62; a row of zeros stays zero.
std::vector<int32_t> l2NormalizeRow(Span<int32_t> x);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_NORM_H
