//===- Dyadic.h - scales as a multiplier and a shift -----------------------------*- C++ -*-===//
//
// A change of scale by the real factor M is one product and one rounding shift: `rsh(x * m, e)`
// with M ~ m * 2^-e (Jacob et al., arXiv 1712.05877; HAWQ-V3, arXiv 2011.10680).
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_INTMATH_DYADIC_H
#define INTAGLIO_INTMATH_DYADIC_H

#include "intaglio/IntMath/Fixed.h"
#include "intaglio/IntMath/Span.h"

#include <vector>

namespace intaglio::intmath {

/// The real number `multiplier * 2^-shift`. The multiplier's magnitude is below 2^31, the shift is
/// 0 ... 62 unless said otherwise.
struct Dyadic {
  int64_t multiplier = 0;
  int64_t shift = 1;
};

/// The dyadic nearest to `scale` with 2^30 <= |multiplier| < 2^31 and 1 <= shift <= 62: a relative
/// error of 2^-31 at most. Scales below 2^-32 in magnitude become 0 (every 32-bit code then becomes
/// 0 too). Nothing for 2^30 and above, infinities and NaN.
std::optional<Dyadic> dyadic(double scale);

/// As `dyadic`, without an upper limit on the shift (I-BERT's softmax needs 69).
std::optional<Dyadic> dyadicUnlimited(double scale);

/// Multipliers with one shift.
struct Dyadics {
  std::vector<int32_t> multipliers;
  int64_t shift = 1;
};

/// One multiplier for each channel, as `intaglio.rescale` takes them: the shift is that of the
/// largest magnitude, the others have fewer bits. Signs are kept. Nothing where a scale is 2^30 or
/// above or not finite.
std::optional<Dyadics> dyadicsWithCommonShift(Span<double> scales);

/// `clamp(rsh((x - inputZp) * multiplier, shift) + outputZp, low, high)`, C-RESCALE-1. `x -
/// inputZp` fits i32, the product 63 bits.
int64_t requantize(int64_t x, Dyadic scale, int64_t inputZp, int64_t outputZp, int64_t low,
                   int64_t high);

/// An operand of `addRescaled`: `rsh((code - zeroPoint) * scale)` is in units of the result's step
/// with `fraction` more bits.
struct AddOperand {
  int64_t code;
  int64_t zeroPoint;
  Dyadic scale;
};

/// `clamp(rsh(t_l + t_r, fraction) + outputZp)` to `bits` bits, C-IADD-1. Each term fits i32.
/// The multipliers are `dyadic(S * 2^fraction / S_out)`; the error is 1/2 + 2^-fraction steps.
int64_t addRescaled(const AddOperand &lhs, const AddOperand &rhs, int64_t fraction,
                    int64_t outputZp, unsigned bits);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_DYADIC_H
