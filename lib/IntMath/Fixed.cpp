//===- Fixed.cpp - roundings of compile-time constants -------------------------------------===//

#include "intaglio/IntMath/Fixed.h"

#include <cmath>

std::optional<int64_t> intaglio::intmath::roundHalfAway(double value, unsigned bits) {
  double limit = std::ldexp(1.0, static_cast<int>(bits) - 1), rounded = std::round(value);
  // NaN fails the comparison too.
  if (!(rounded >= -limit && rounded < limit))
    return std::nullopt;
  return static_cast<int64_t>(rounded);
}
