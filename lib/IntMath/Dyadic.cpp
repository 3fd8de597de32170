//===- Dyadic.cpp - scales as a multiplier and a shift -------------------------------------===//

#include "intaglio/IntMath/Dyadic.h"

#include <algorithm>
#include <cmath>

namespace intaglio::intmath {

std::optional<Dyadic> dyadicUnlimited(double scale) {
  if (!std::isfinite(scale))
    return std::nullopt;
  if (scale == 0)
    return Dyadic{0, 1};
  int exponent = 0;
  double mantissa = std::frexp(scale, &exponent);
  double multiplier = std::round(std::ldexp(mantissa, 31));
  if (std::fabs(multiplier) == 0x1p31) {
    multiplier /= 2;
    ++exponent;
  }
  if (exponent > 30)
    return std::nullopt;
  return Dyadic{static_cast<int64_t>(multiplier), 31 - exponent};
}

std::optional<Dyadic> dyadic(double scale) {
  std::optional<Dyadic> result = dyadicUnlimited(scale);
  if (result && result->shift > 62)
    return Dyadic{0, 1};
  return result;
}

std::optional<Dyadics> dyadicsWithCommonShift(Span<double> scales) {
  double largest = 0;
  for (double scale : scales) {
    if (!std::isfinite(scale))
      return std::nullopt;
    largest = std::max(largest, std::fabs(scale));
  }
  std::optional<Dyadic> common = dyadic(largest);
  if (!common)
    return std::nullopt;
  Dyadics result;
  result.shift = common->shift;
  for (double scale : scales) {
    double multiplier = std::round(std::ldexp(scale, static_cast<int>(common->shift)));
    result.multipliers.push_back(common->multiplier ? static_cast<int32_t>(multiplier) : 0);
  }
  return result;
}

int64_t requantize(int64_t x, Dyadic scale, int64_t inputZp, int64_t outputZp, int64_t low,
                   int64_t high) {
  int64_t centred = x - inputZp;
  INTAGLIO_WIDTH("rescale.centred", centred, 32);
  int64_t product = centred * scale.multiplier;
  INTAGLIO_WIDTH("requant.product", product, 63);
  return clamp(Int128(rsh(product, scale.shift)) + outputZp, low, high);
}

/// The operand in units of the result's step with `fraction` more bits.
static int64_t addend(const AddOperand &operand) {
  int64_t product = (operand.code - operand.zeroPoint) * operand.scale.multiplier;
  INTAGLIO_WIDTH("requant.product", product, 63);
  int64_t term = rsh(product, operand.scale.shift);
  INTAGLIO_WIDTH("i_add.term", term, 32);
  return term;
}

int64_t addRescaled(const AddOperand &lhs, const AddOperand &rhs, int64_t fraction,
                    int64_t outputZp, unsigned bits) {
  Int128 sum = Int128(addend(lhs)) + addend(rhs);
  INTAGLIO_WIDTH("i_add.sum", sum, 32);
  return clampToBits(rsh(static_cast<int64_t>(sum), fraction) + outputZp, bits);
}

} // namespace intaglio::intmath
