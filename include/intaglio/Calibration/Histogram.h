//===- Histogram.h - mergeable counts of floats by sign and magnitude ------------*- C++ -*-===//
//
// Statistics that do not depend on order or on how the data were split. Pure C++ (LLVM Support
// only), no MLIR.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_CALIBRATION_HISTOGRAM_H
#define INTAGLIO_CALIBRATION_HISTOGRAM_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace intaglio {

/// Counts of finite floats in `2 * kBins` bins of one width: `kBins` for each sign, by
/// `floor(|x|/w)`. The width `w` is the smallest power of two with `max |x| < kBins * w`, so it
/// follows from the data alone; doubling it folds bins 2j and 2j+1 into j, which is exact because
/// `floor(floor(v)/2) = floor(v/2)`. Adding and merging in any order give the same counts.
class Histogram {
public:
  /// Bins for each sign.
  static constexpr int kBins = 2048;
  /// Exponents of the width: below the first every float is a whole multiple, above the last
  /// `kBins` of them hold the largest float.
  static constexpr int kMinExponent = -149, kMaxExponent = 117;

  Histogram() : counts(2 * kBins, 0) {}

  /// Adds every value; all must be finite.
  void add(llvm::ArrayRef<float> values);

  /// `add` in two steps: first makes room for magnitudes up to `largest`, then counts values that
  /// are finite and no larger.
  void widenFor(float largest);
  void count(llvm::ArrayRef<float> values);

  /// Adds the counts of `other`.
  void merge(const Histogram &other);

  /// Sets the state that was read from a file: `counts` holds `2 * kBins` bins from the most
  /// negative to the most positive.
  void assign(int exponent, llvm::ArrayRef<uint64_t> counts);

  /// log2 of the width of a bin.
  int getExponent() const { return exponent; }
  /// The width of a bin.
  double getWidth() const;
  /// The bins from the most negative to the most positive; bin `kBins` begins at zero.
  llvm::ArrayRef<uint64_t> getCounts() const { return counts; }
  /// The value in the middle of bin `index` of `getCounts()`.
  double getCenter(int index) const { return (index - kBins + 0.5) * getWidth(); }
  /// Number of values added.
  uint64_t getTotal() const;
  /// The counts of |x| in `kBins` bins: both signs added.
  std::vector<uint64_t> getMagnitudes() const;

  /// The exponent of the width that values up to `largest` (at least 0) in magnitude need.
  static int exponentFor(float largest);

  bool operator==(const Histogram &other) const {
    return exponent == other.exponent && counts == other.counts;
  }

private:
  /// Widens the bins until their exponent is at least `target`.
  void widen(int target);

  int exponent = kMinExponent;
  std::vector<uint64_t> counts;
};

} // namespace intaglio

#endif // INTAGLIO_CALIBRATION_HISTOGRAM_H
