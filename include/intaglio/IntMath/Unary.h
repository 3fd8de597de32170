//===- Unary.h - functions of one fixed-point number -----------------------------*- C++ -*-===//
//
// The minimax set: polynomials fitted for the least largest error, all of them in 32-bit integers.
// Errors are over all inputs (test/Unit/IntMath checks them exhaustively).
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_INTMATH_UNARY_H
#define INTAGLIO_INTMATH_UNARY_H

#include <cstdint>

namespace intaglio::intmath {

/// 2^-(t / 2^15) in Q30 (2^30 is 1) for any t in Q15: a cubic for the fraction, a shift for the
/// rest. Relative error 1.09e-4 before the last bits, decreasing; 0 from t = 31 * 2^15 on.
uint32_t exp2n(uint32_t t);

/// GELU, Q12 to Q12, |t| <= 2^24: `max(t, 0) - u/2 * v * (a + v * (b + c * v))`, `u = min(|t|, U)`,
/// `v = U - u`. Error 2.2e-3; I-BERT's i-GELU has 1.8e-2.
int32_t gelu(int32_t t);

/// GELU on `fraction` bits (8 to 11), in 16-bit lanes (rounding high products, x86 `pmulhrsw`).
/// Error 2.4e-3 on 11 bits, 3e-3 on 8 and with it half a unit of the last bit.
int16_t geluNarrow(int16_t t, int64_t fraction = 11);

/// 1 / (1 + e^-t), Q12 to Q15 (32768 is 1). Error 4.9e-5.
int32_t sigmoid(int32_t t);

/// Hyperbolic tangent, Q12 to Q15. Error 8.1e-5.
int32_t tanh(int32_t t);

/// t * sigmoid(t), Q12 to Q12, the factor t clamped to 17 bits (|t| < 16). Error 3.7e-4.
int32_t silu(int32_t t);

/// floor(sqrt(n)) by Newton's method on integers, from above until it no longer falls: at most six
/// updates. Proof in docs/Spec.md, C-ISQRT-1.
uint64_t isqrt(uint64_t n);

/// The same in 32-bit arithmetic: at most five updates.
uint32_t isqrt32(uint32_t n);

/// The branch-free form: `steps` updates of `x = min(x, (x + n / x) / 2)`. Exact from 5 steps on
/// for n < 2^32 and from 6 on for any n.
uint64_t isqrtFixed(uint64_t n, unsigned steps);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_UNARY_H
