//===- Observers.cpp - from statistics to the parameters of a quantized type ---------------===//

#include "intaglio/Calibration/Observers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace intaglio;

std::optional<Observer> intaglio::parseObserver(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Observer>>(name)
      .Case("minmax", Observer::MinMax)
      .Case("moving-average", Observer::MovingAverage)
      .Case("percentile", Observer::Percentile)
      .Case("entropy", Observer::Entropy)
      .Case("mse", Observer::MeanSquare)
      .Default(std::nullopt);
}

/// The extremes, zero included.
static Range exactRange(const EdgeStatistics &edge) {
  return {std::min<double>(edge.minimum, 0), std::max<double>(edge.maximum, 0)};
}

/// The extremes, no further than `threshold` from zero.
static Range clipped(const EdgeStatistics &edge, double threshold) {
  Range range = exactRange(edge);
  return {std::max(range.low, -threshold), std::min(range.high, threshold)};
}

static Range movingAverageRange(const EdgeStatistics &edge) {
  if (edge.samples == 0)
    return {0, 0};
  return {std::min(edge.sumOfMinima.getMean(edge.samples), 0.0),
          std::max(edge.sumOfMaxima.getMean(edge.samples), 0.0)};
}

/// The smallest edge of a bin with at least `percentile` of the magnitudes below it.
static Range percentileRange(const EdgeStatistics &edge, double percentile) {
  double needed = percentile * static_cast<double>(edge.histogram.getTotal());
  double seen = 0;
  std::vector<uint64_t> bins = edge.histogram.getMagnitudes();
  for (size_t j = 0; j < bins.size(); ++j) {
    seen += static_cast<double>(bins[j]);
    if (seen >= needed)
      return clipped(edge, static_cast<double>(j + 1) * edge.histogram.getWidth());
  }
  return exactRange(edge);
}

//===----------------------------------------------------------------------------------------===//
// Entropy
//===----------------------------------------------------------------------------------------===//

/// The divergence of the magnitudes clipped at bin `end` from what `levels` levels can tell of
/// them. `bins[j]` for `j < end` are kept, the mass beyond is added to the last one.
static double divergence(llvm::ArrayRef<double> bins, size_t end, size_t levels) {
  double kept = 0, beyond = 0;
  for (size_t j = 0; j < bins.size(); ++j)
    (j < end ? kept : beyond) += bins[j];
  double total = kept + beyond;
  if (kept == 0)
    return std::numeric_limits<double>::infinity();
  double sum = 0;
  for (size_t level = 0; level < levels; ++level) {
    size_t first = level * end / levels, last = (level + 1) * end / levels;
    double mass = 0;
    size_t occupied = 0;
    for (size_t j = first; j < last; ++j) {
      mass += bins[j];
      occupied += bins[j] != 0;
    }
    for (size_t j = first; j < last; ++j) {
      double p = (bins[j] + (j + 1 == end ? beyond : 0)) / total;
      if (p == 0)
        continue;
      double q = bins[j] != 0 ? mass / static_cast<double>(occupied) / kept : 0;
      if (q == 0)
        return std::numeric_limits<double>::infinity();
      sum += p * std::log(p / q);
    }
  }
  return sum;
}

/// The last clip with the least divergence; the extremes where fewer bins than levels are occupied.
static Range entropyRange(const EdgeStatistics &edge, const Storage &storage) {
  std::vector<double> bins;
  for (uint64_t count : edge.histogram.getMagnitudes())
    bins.push_back(static_cast<double>(count));
  // Exact zeros must not dominate.
  bins[0] = bins[1];
  bool oneSided = edge.minimum >= 0 && !storage.symmetric;
  size_t levels = static_cast<size_t>(storage.maximum - storage.minimum + 1) / (oneSided ? 1 : 2);
  size_t occupied = llvm::count_if(bins, [](double count) { return count != 0; });
  if (occupied < levels || levels > bins.size())
    return exactRange(edge);
  double least = std::numeric_limits<double>::infinity();
  size_t best = bins.size();
  for (size_t end = levels; end <= bins.size(); ++end) {
    double value = divergence(bins, end, levels);
    if (value <= least) {
      least = value;
      best = end;
    }
  }
  return clipped(edge, static_cast<double>(best) * edge.histogram.getWidth());
}

//===----------------------------------------------------------------------------------------===//
// Mean squared error
//===----------------------------------------------------------------------------------------===//

namespace {
/// An occupied bin.
struct Mass {
  double center, count;
};
} // namespace

/// Squared error of rounding the bins' centers to the values of `parameters`; stops above `limit`.
static double squaredError(llvm::ArrayRef<Mass> masses, const UniformParameters &parameters,
                           const Storage &storage, double limit) {
  double low = static_cast<double>(storage.minimum - parameters.zeroPoint);
  double high = static_cast<double>(storage.maximum - parameters.zeroPoint);
  double inverse = 1 / parameters.scale, error = 0;
  for (const Mass &mass : masses) {
    double level = std::clamp(std::nearbyint(mass.center * inverse), low, high);
    double distance = mass.center - level * parameters.scale;
    error += mass.count * distance * distance;
    if (error > limit)
      break;
  }
  return error;
}

/// The best pair of clips on a grid of 2 % of each side's extreme, one clip where it is symmetric.
static Range meanSquareRange(const EdgeStatistics &edge, const Storage &storage) {
  std::vector<Mass> masses;
  llvm::ArrayRef<uint64_t> counts = edge.histogram.getCounts();
  for (int j = 0; j < 2 * Histogram::kBins; ++j)
    if (counts[j])
      masses.push_back({edge.histogram.getCenter(j), static_cast<double>(counts[j])});

  constexpr int kSteps = 50, kFirst = 10;
  Range extremes = exactRange(edge), best = extremes;
  double least = std::numeric_limits<double>::infinity();
  for (int i = kSteps; i >= kFirst; --i) {
    for (int j = kSteps; j >= kFirst; --j) {
      if (storage.symmetric && i != j)
        continue;
      Range range{extremes.low * i / kSteps, extremes.high * j / kSteps};
      double error = squaredError(masses, chooseParameters(range, storage), storage, least);
      if (error < least) {
        least = error;
        best = range;
      }
      if (extremes.high == 0)
        break;
    }
    if (extremes.low == 0)
      break;
  }
  return best;
}

//===----------------------------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------------------------===//

Range intaglio::chooseRange(const EdgeStatistics &edge, const Storage &storage,
                            const ObserverOptions &options) {
  switch (options.observer) {
  case Observer::MinMax:
    return exactRange(edge);
  case Observer::MovingAverage:
    return movingAverageRange(edge);
  case Observer::Percentile:
    return percentileRange(edge, options.percentile);
  case Observer::Entropy:
    return entropyRange(edge, storage);
  case Observer::MeanSquare:
    return meanSquareRange(edge, storage);
  }
  return exactRange(edge);
}

UniformParameters intaglio::chooseParameters(const Range &range, const Storage &storage) {
  double scale = static_cast<float>(intmath::chooseScale(range, storage));
  // The smallest normal float32: below it neither the scale nor its reciprocal is exact enough.
  bool isEmpty = !(range.low < 0) && !(range.high > 0);
  if (isEmpty || !(scale >= std::numeric_limits<float>::min()))
    return intmath::affineParameters({0, 0}, storage);
  return {scale, intmath::chooseZeroPoint(range, storage, scale)};
}
