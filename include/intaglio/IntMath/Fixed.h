//===- Fixed.h - shifts, roundings and widths of fixed-point arithmetic ----------*- C++ -*-===//
//
// Everything in IntMath is pure C++17: it is the meaning of the integer ops (docs/Spec.md), which
// the interpreter, the compiler's constants and the tests share. A number "in Qn" is an integer
// that stands for itself times 2^-n.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_INTMATH_FIXED_H
#define INTAGLIO_INTMATH_FIXED_H

#include <cassert>
#include <cstdint>
#include <optional>

namespace intaglio::intmath {

/// 128 bits, for the few products that need more than 64 (docs/Spec.md names them).
__extension__ using Int128 = __int128;

/// Whether a signed integer of `bits` bits holds `value`.
constexpr bool fitsSigned(Int128 value, unsigned bits) {
  return value >= -(Int128(1) << (bits - 1)) && value < (Int128(1) << (bits - 1));
}

/// Whether an unsigned integer of `bits` bits holds `value`.
constexpr bool fitsUnsigned(Int128 value, unsigned bits) {
  return value >= 0 && value < (Int128(1) << bits);
}

#ifdef INTAGLIO_RECORD_WIDTHS
/// Notes that the intermediate `name`, declared with `bits` bits, took `value` (unit tests only).
void recordWidth(const char *name, Int128 value, unsigned bits, bool isSigned);
#else
inline void recordWidth(const char *, Int128, unsigned, bool) {}
#endif

#ifdef NDEBUG
#define INTAGLIO_WIDTH(name, value, bits) static_cast<void>(0)
#define INTAGLIO_UWIDTH(name, value, bits) static_cast<void>(0)
#else
/// Asserts the width that docs/Spec.md states for the intermediate `name`: `value` fits a signed
/// (or unsigned) integer of `bits` bits. Nothing in release builds.
#define INTAGLIO_WIDTH(name, value, bits)                                                          \
  do {                                                                                             \
    auto checked = static_cast<::intaglio::intmath::Int128>(value);                                \
    assert(::intaglio::intmath::fitsSigned(checked, bits) && name " is wider than " #bits          \
                                                                  " bits");                        \
    ::intaglio::intmath::recordWidth(name, checked, bits, true);                                   \
  } while (false)
#define INTAGLIO_UWIDTH(name, value, bits)                                                         \
  do {                                                                                             \
    auto checked = static_cast<::intaglio::intmath::Int128>(value);                                \
    assert(::intaglio::intmath::fitsUnsigned(checked, bits) && name " is not within " #bits        \
                                                                    " unsigned bits");             \
    ::intaglio::intmath::recordWidth(name, checked, bits, false);                                  \
  } while (false)
#endif

/// `(p + 2^(e-1)) >> e`, and `p` for e = 0: division by 2^e, rounded half up. 0 <= e <= 63; never
/// overflows.
constexpr int64_t rsh(int64_t p, int64_t e) { return e == 0 ? p : (p >> e) + ((p >> (e - 1)) & 1); }

constexpr int64_t clamp(Int128 value, int64_t low, int64_t high) {
  return value < low ? low : value > high ? high : static_cast<int64_t>(value);
}

/// `value` clamped to a signed integer of `bits` bits.
constexpr int64_t clampToBits(Int128 value, unsigned bits) {
  return clamp(value, -(int64_t(1) << (bits - 1)), (int64_t(1) << (bits - 1)) - 1);
}

/// Bits of `value`: 0 for 0, 64 at most.
constexpr int64_t bitLength(uint64_t value) { return value == 0 ? 0 : 64 - __builtin_clzll(value); }

/// The integer nearest to `value`, ties away from zero, if a signed integer of `bits` bits (64 at
/// most) holds it; nothing otherwise, and for NaN.
std::optional<int64_t> roundHalfAway(double value, unsigned bits);

} // namespace intaglio::intmath

#endif // INTAGLIO_INTMATH_FIXED_H
