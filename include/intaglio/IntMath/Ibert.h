//===- Ibert.h - the operators of I-BERT as published ----------------------------*- C++ -*-===//
//
// Kim et al., I-BERT: Integer-only BERT Quantization, arXiv 2101.01321, with the constants of the
// released code, which simulates these integers in float; here they are integers.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_INTMATH_IBERT_H
#define INTAGLIO_INTMATH_IBERT_H

#include "intaglio/IntMath/Dyadic.h"

namespace intaglio::intmath {

/// The constants of i-exp for codes of scale S. e^x ~ a*x^2 + b*x + 1 on (-ln 2, 0].
struct IbertExpStatics {
  int64_t ln2; ///< floor(-0.6931 / S), negative
  int64_t b;   ///< floor((b / a) / S)
  int64_t c;   ///< floor((1 / a) / S^2)
  int64_t n;   ///< fraction bits of the power of two, 30
  /// One unit of the result: a * S^2 / 2^n.
  double outputScale;
};

/// Nothing where a constant or a result does not fit 64 bits (S below 1.81e-5), or S is 0.69 or
/// more.
std::optional<IbertExpStatics> ibertExpStatics(double scale);

/// i-exp of a code q <= 0, C-IBERTSOFTMAX-1, in 64 bits.
int64_t ibertExp(int64_t q, const IbertExpStatics &statics);

/// The constants of i-softmax: i-exp, and its results to 16 bits of the scale maximum / 32767.
struct IbertSoftmaxStatics {
  IbertExpStatics exp;
  Dyadic scale; ///< its shift is 0 ... 126
};

/// `maximum` is the calibrated largest exponential; 1 is always right.
std::optional<IbertSoftmaxStatics> ibertSoftmaxStatics(double scale, double maximum = 1.0);

/// i-softmax of a row at scale 2^-8, C-IBERTSOFTMAX-2: `(e * floor(2^32 / sum e)) >> 24`, the
/// numerators e rounded half to even to 16 bits (a product of 88 bits).
std::vector<int32_t> ibertSoftmaxRow(Span<int32_t> x, const IbertSoftmaxStatics &statics);

/// The constants of i-GELU for codes of scale S.
struct IbertGeluStatics {
  int64_t b;   ///< floor(-1.769 / S'), S' = S / 1.4142; negative
  int64_t c;   ///< floor(1 / (-0.2888 * S'^2)), negative
  int64_t n;   ///< fraction bits dropped from the square
  int64_t one; ///< floor(1 / S_erf), negative
  /// One unit of the result, S * S_erf / 2 with S_erf = -0.2888 * S'^2 * 2^n: negative.
  double outputScale;
};

/// `n` is chosen so that erf keeps 17 bits, and so that codes up to `maxCode` in magnitude give
/// results of 32 bits (I-BERT's fixed 14 is wrong for coarse scales). Nothing where a constant does
/// not fit.
std::optional<IbertGeluStatics> ibertGeluStatics(double scale, int64_t maxCode);

/// The same with a given `n`.
std::optional<IbertGeluStatics> ibertGeluStaticsWithBits(double scale, int64_t n);

/// i-erf: `sign(q) * ((min(|q|, -b) + b)^2 + c) >> n`.
int64_t ibertErf(int64_t q, const IbertGeluStatics &statics);

/// i-GELU, C-IBERTGELU-1: `q * (ibertErf(q) + one)`.
int64_t ibertGelu(int64_t q, const IbertGeluStatics &statics);

/// The constants of i-LayerNorm.
struct IbertNormStatics {
  std::vector<int64_t> bias; ///< floor((beta / gamma) / (sqrt(n) / 2^30))
  int64_t prescale;          ///< bits dropped before squaring
  Dyadics scale;             ///< gamma * sqrt(n) / 2^30 / S_out for each channel
};

/// A gamma below 2^-16 of the largest magnitude (0 above all) is replaced by that magnitude: I-BERT
/// divides by it. Nothing where all are 0, or a constant does not fit.
std::optional<IbertNormStatics> ibertNormStatics(Span<double> gamma, Span<double> beta,
                                                 double outputScale, int64_t prescale = 0);

/// What i-LayerNorm found for a row.
struct IbertNormalizedRow {
  std::vector<int64_t> values; ///< value is `values * gamma * sqrt(n) / 2^30`
  int64_t mean, variance, std, factor;
};

/// The core of i-LayerNorm, C-IBERTLAYERNORM-1: values before the last rescale. A row whose std is
/// 0 gives the bias.
IbertNormalizedRow ibertNormalizeRow(Span<int32_t> x, Span<int64_t> bias, int64_t prescale);

/// One row of `intaglio.ibert_layer_norm`.
std::vector<int32_t> ibertLayerNormRow(Span<int32_t> x, const IbertNormStatics &statics,
                                       int64_t outputZp, unsigned bits);

/// One query row of `intaglio.ibert_attention`: i-softmax of the keys that take part, then
/// `clamp(rsh(sum p*v * output.multiplier, output.shift) + outputZp)` to 8 bits. Arguments as of
/// `attentionRow`.
std::vector<int32_t> ibertAttentionRow(Span<int32_t> scores, Span<int32_t> values,
                                       Span<int64_t> mask, const IbertSoftmaxStatics &statics,
                                       Dyadic output, int64_t outputZp);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_IBERT_H
