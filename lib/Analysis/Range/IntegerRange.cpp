//===- IntegerRange.cpp - bounds of integers -----------------------------------------------===//

#include "intaglio/Analysis/IntegerRange.h"

using namespace intaglio;
using intmath::Int128;

Interval Interval::operator*(const Interval &other) const {
  Int128 products[] = {low * other.low, low * other.high, high * other.low, high * other.high};
  return {*std::min_element(std::begin(products), std::end(products)),
          *std::max_element(std::begin(products), std::end(products))};
}

Interval Interval::clamp(const Interval &bounds) const {
  auto at = [&](Int128 value) { return std::max(bounds.low, std::min(value, bounds.high)); };
  return {at(low), at(high)};
}

Interval Interval::roundShift(int64_t shift) const {
  auto at = [&](Int128 value) {
    return shift == 0 ? value : (value >> shift) + ((value >> (shift - 1)) & 1);
  };
  return {at(low), at(high)};
}

unsigned Interval::signedBits() const {
  unsigned bits = 1;
  while (bits < 127 && (!intmath::fitsSigned(low, bits) || !intmath::fitsSigned(high, bits)))
    ++bits;
  return bits;
}

Interval IntegerRange::hull() const {
  Interval all = channels.front();
  for (const Interval &channel : channels)
    all = all.hull(channel);
  return all;
}

IntegerRange
IntegerRange::map(size_t count,
                  llvm::function_ref<Interval(size_t, const Interval &)> function) const {
  llvm::SmallVector<Interval> mapped;
  for (size_t channel = 0; channel < std::max(count, channels.size()); ++channel)
    mapped.push_back(function(channel, (*this)[channel]));
  return IntegerRange(std::move(mapped));
}
