//===- IntegerRange.h - bounds of integers ---------------------------------------*- C++ -*-===//

#ifndef INTAGLIO_ANALYSIS_INTEGERRANGE_H
#define INTAGLIO_ANALYSIS_INTEGERRANGE_H

#include "intaglio/IntMath/Fixed.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace intaglio {

/// All integers from `low` to `high`. The arithmetic is exact while magnitudes stay below 2^126.
struct Interval {
  intmath::Int128 low = 0, high = 0;

  /// Everything that a signed integer of `bits` bits holds.
  static Interval ofBits(unsigned bits) {
    intmath::Int128 limit = intmath::Int128(1) << (bits - 1);
    return {-limit, limit - 1};
  }
  Interval operator+(const Interval &other) const { return {low + other.low, high + other.high}; }
  Interval operator-(const Interval &other) const { return {low - other.high, high - other.low}; }
  Interval operator*(const Interval &other) const;
  /// The smallest interval that holds both.
  Interval hull(const Interval &other) const {
    return {std::min(low, other.low), std::max(high, other.high)};
  }
  Interval clamp(const Interval &bounds) const;
  Interval clampToBits(unsigned bits) const { return clamp(ofBits(bits)); }
  /// Of `rsh(x, shift)`.
  Interval roundShift(int64_t shift) const;
  /// The largest magnitude.
  intmath::Int128 magnitude() const { return std::max(low < 0 ? -low : low, high); }
  /// Bits of the smallest signed integer that holds all of it.
  unsigned signedBits() const;
};

/// Bounds of a tensor: one interval for each index of the last axis, or one for all elements.
class IntegerRange {
public:
  IntegerRange(Interval all) : channels(1, all) {}
  explicit IntegerRange(llvm::SmallVector<Interval> channels) : channels(std::move(channels)) {}

  /// How many intervals there are: channels or one.
  size_t size() const { return channels.size(); }
  const Interval &operator[](size_t channel) const {
    return channels[channels.size() == 1 ? 0 : channel];
  }
  /// Of all elements.
  Interval hull() const;
  /// `function(channel, interval)` for each of `count` channels, 1 where all are alike.
  IntegerRange map(size_t count,
                   llvm::function_ref<Interval(size_t, const Interval &)> function) const;

private:
  llvm::SmallVector<Interval> channels;
};

} // namespace intaglio

#endif // INTAGLIO_ANALYSIS_INTEGERRANGE_H
