//===- Ibert.cpp - the operators of I-BERT as published ------------------------------------===//

#include "intaglio/IntMath/Ibert.h"

#include "intaglio/IntMath/Unary.h"

#include <algorithm>
#include <cmath>

namespace intaglio::intmath {

/// floor(value) if it fits `bits` bits.
static std::optional<int64_t> floorTo(double value, unsigned bits) {
  return roundHalfAway(std::floor(value), bits);
}

//===----------------------------------------------------------------------------------------===//
// i-exp and i-softmax
//===----------------------------------------------------------------------------------------===//

std::optional<IbertExpStatics> ibertExpStatics(double scale) {
  constexpr double a = 0.35815147, b = 0.96963238, ln2 = -0.6931;
  constexpr int64_t n = 30;
  if (!(scale > 0) || !(scale < -ln2))
    return std::nullopt;
  std::optional<int64_t> quotient = floorTo(ln2 / scale, 32), linear = floorTo(b / a / scale, 32),
                         constant = floorTo(1 / a / (scale * scale), 64 - n);
  if (!quotient || !linear || !constant)
    return std::nullopt;
  return IbertExpStatics{*quotient, *linear, *constant, n,
                         std::ldexp(a * scale * scale, -static_cast<int>(n))};
}

int64_t ibertExp(int64_t q, const IbertExpStatics &statics) {
  q = std::max(q, statics.n * statics.ln2);
  int64_t z = q / statics.ln2, r = q - statics.ln2 * z;
  INTAGLIO_WIDTH("ibert_exp.(r+b)r", (r + statics.b) * r, 64);
  int64_t polynomial = (r + statics.b) * r + statics.c;
  Int128 shifted = Int128(polynomial) * (Int128(1) << (statics.n - z));
  INTAGLIO_WIDTH("ibert_exp.L", polynomial, 64);
  INTAGLIO_WIDTH("ibert_exp.L<<(n-z)", shifted, 64);
  return std::max<int64_t>(static_cast<int64_t>(shifted), 0);
}

std::optional<IbertSoftmaxStatics> ibertSoftmaxStatics(double scale, double maximum) {
  std::optional<IbertExpStatics> exp = ibertExpStatics(scale);
  if (!exp || !(maximum > 0))
    return std::nullopt;
  std::optional<Dyadic> toWord = dyadicUnlimited(exp->outputScale / (maximum / 32767));
  if (!toWord || toWord->shift < 0 || toWord->shift > 126)
    return std::nullopt;
  return IbertSoftmaxStatics{*exp, *toWord};
}

/// `e * scale` rounded half to even, clamped to 16 bits.
static int64_t toWord(int64_t e, Dyadic scale) {
  Int128 product = Int128(e) * scale.multiplier;
  INTAGLIO_WIDTH("ibert_softmax.product", product, 95);
  Int128 quotient = product >> scale.shift, rest = product - (quotient << scale.shift);
  Int128 half = scale.shift ? Int128(1) << (scale.shift - 1) : 1;
  if (rest > half || (rest == half && (quotient & 1)))
    ++quotient;
  return static_cast<int64_t>(std::min<Int128>(quotient, INT16_MAX));
}

std::vector<int32_t> ibertSoftmaxRow(Span<int32_t> x, const IbertSoftmaxStatics &statics) {
  if (x.empty())
    return {};
  int64_t top = largest(x), sum = 0;
  std::vector<int64_t> numerators;
  for (int64_t code : x) {
    numerators.push_back(toWord(ibertExp(code - top, statics.exp), statics.scale));
    sum += numerators.back();
  }
  INTAGLIO_WIDTH("ibert_softmax.sum", sum, 32);
  int64_t factor = (int64_t(1) << 32) / std::max<int64_t>(sum, 1);
  std::vector<int32_t> result;
  for (int64_t numerator : numerators) {
    INTAGLIO_WIDTH("ibert_softmax.x*factor", numerator * factor, 64);
    result.push_back(static_cast<int32_t>((numerator * factor) >> 24));
  }
  return result;
}

//===----------------------------------------------------------------------------------------===//
// i-GELU
//===----------------------------------------------------------------------------------------===//

std::optional<IbertGeluStatics> ibertGeluStaticsWithBits(double scale, int64_t n) {
  constexpr double a = -0.2888, b = -1.769, sqrt2 = 1.4142;
  if (!(scale > 0) || n < 0 || n > 30)
    return std::nullopt;
  double inner = scale / sqrt2;
  double erfScale = std::ldexp(a * inner * inner, static_cast<int>(n));
  std::optional<int64_t> linear = floorTo(b / inner, 31), one = floorTo(1 / erfScale, 32),
                         constant = floorTo(1 / a / (inner * inner), 62);
  if (!linear || !constant || !one || *linear >= 0)
    return std::nullopt;
  return IbertGeluStatics{*linear, *constant, n, *one, scale * erfScale / 2};
}

std::optional<IbertGeluStatics> ibertGeluStatics(double scale, int64_t maxCode) {
  if (!(scale > 0) || maxCode < 0)
    return std::nullopt;
  // The square is at most 6.93 / S^2.
  double bits = std::ceil(std::log2(6.93 / (scale * scale))) - 17;
  for (auto n = static_cast<int64_t>(std::clamp(bits, 0.0, 31.0)); n <= 30; ++n) {
    std::optional<IbertGeluStatics> statics = ibertGeluStaticsWithBits(scale, n);
    if (!statics)
      return std::nullopt;
    Int128 top = Int128(maxCode) * (ibertErf(maxCode, *statics) + statics->one);
    if (fitsSigned(top, 32) && fitsSigned(2 * Int128(maxCode) * statics->one, 32))
      return statics;
  }
  return std::nullopt;
}

int64_t ibertErf(int64_t q, const IbertGeluStatics &statics) {
  int64_t u = std::min(std::abs(q), -statics.b) + statics.b;
  INTAGLIO_WIDTH("ibert_gelu.square", u * u, 64);
  INTAGLIO_WIDTH("ibert_gelu.erf", Int128(u) * u + statics.c, 64);
  int64_t erf = u * u + statics.c;
  return (q < 0 ? -erf : q > 0 ? erf : 0) >> statics.n;
}

int64_t ibertGelu(int64_t q, const IbertGeluStatics &statics) {
  Int128 result = Int128(q) * (ibertErf(q, statics) + statics.one);
  INTAGLIO_WIDTH("ibert_gelu.out", result, 64);
  return static_cast<int64_t>(result);
}

//===----------------------------------------------------------------------------------------===//
// i-LayerNorm
//===----------------------------------------------------------------------------------------===//

std::optional<IbertNormStatics> ibertNormStatics(Span<double> gamma, Span<double> beta,
                                                 double outputScale, int64_t prescale) {
  double largest = 0;
  for (double g : gamma)
    largest = std::max(largest, std::fabs(g));
  if (!(largest > 0) || !(outputScale > 0) || prescale < 0 || prescale > 15)
    return std::nullopt;
  double unit = std::sqrt(static_cast<double>(gamma.size())) / 0x1p30, least = largest * 0x1p-16;
  IbertNormStatics statics;
  statics.prescale = prescale;
  std::vector<double> scales;
  for (size_t c = 0; c < gamma.size(); ++c) {
    double g = std::fabs(gamma[c]) < least ? std::copysign(least, gamma[c]) : gamma[c];
    std::optional<int64_t> bias = floorTo(beta[c] / g / unit, 62);
    if (!bias)
      return std::nullopt;
    statics.bias.push_back(*bias);
    scales.push_back(g * unit / outputScale);
  }
  std::optional<Dyadics> scale = dyadicsWithCommonShift(scales);
  if (!scale)
    return std::nullopt;
  statics.scale = std::move(*scale);
  return statics;
}

/// `sum / n` rounded half to even.
static int64_t meanHalfEven(int64_t sum, int64_t n) {
  int64_t floor = sum / n - (sum % n < 0 ? 1 : 0), twice = 2 * (sum - floor * n);
  return floor + (twice > n || (twice == n && (floor & 1)) ? 1 : 0);
}

IbertNormalizedRow ibertNormalizeRow(Span<int32_t> x, Span<int64_t> bias, int64_t prescale) {
  int64_t sum = 0;
  for (int64_t code : x)
    sum += code;
  IbertNormalizedRow row;
  row.mean = meanHalfEven(sum, static_cast<int64_t>(x.size()));
  row.variance = 0;
  for (int64_t code : x) {
    int64_t y = (code - row.mean) >> prescale;
    row.variance += y * y;
  }
  INTAGLIO_UWIDTH("ibert_ln.var(u32)", row.variance, 32);
  row.std = static_cast<int64_t>(isqrt(static_cast<uint64_t>(row.variance)) << prescale);
  row.factor = row.std ? (int64_t(1) << 31) / row.std : 0;
  for (size_t c = 0; c < x.size(); ++c) {
    int64_t product = (x[c] - row.mean) * row.factor;
    INTAGLIO_WIDTH("ibert_ln.y*factor", product, 64);
    row.values.push_back(static_cast<int64_t>(Int128(product >> 1) + bias[c]));
  }
  return row;
}

std::vector<int32_t> ibertLayerNormRow(Span<int32_t> x, const IbertNormStatics &statics,
                                       int64_t outputZp, unsigned bits) {
  std::vector<int32_t> result;
  IbertNormalizedRow row = ibertNormalizeRow(x, statics.bias, statics.prescale);
  bool perChannel = statics.scale.multipliers.size() > 1;
  for (size_t c = 0; c < x.size(); ++c) {
    Int128 product = Int128(row.values[c]) * statics.scale.multipliers[perChannel ? c : 0];
    INTAGLIO_WIDTH("ibert_ln.product", product, 64);
    Int128 y = Int128(rsh(static_cast<int64_t>(product), statics.scale.shift)) + outputZp;
    result.push_back(static_cast<int32_t>(clampToBits(y, bits)));
  }
  return result;
}

//===----------------------------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------------------------===//

std::vector<int32_t> ibertAttentionRow(Span<int32_t> scores, Span<int32_t> values,
                                       Span<int64_t> mask, const IbertSoftmaxStatics &statics,
                                       Dyadic output, int64_t outputZp) {
  std::vector<int32_t> taking;
  std::vector<size_t> keys;
  for (size_t j = 0; j < scores.size(); ++j) {
    if (!mask.empty() && mask[j] == 0)
      continue;
    taking.push_back(scores[j]);
    keys.push_back(j);
  }
  std::vector<int32_t> weights = ibertSoftmaxRow(taking, statics), result;
  size_t head = scores.empty() ? 0 : values.size() / scores.size();
  for (size_t d = 0; d < head; ++d) {
    int64_t sum = 0;
    for (size_t j = 0; j < keys.size(); ++j)
      sum += int64_t(weights[j]) * values[keys[j] * head + d];
    INTAGLIO_WIDTH("ibert_attention.acc", sum, 32);
    result.push_back(static_cast<int32_t>(requantize(sum, output, 0, outputZp, -128, 127)));
  }
  return result;
}

} // namespace intaglio::intmath
