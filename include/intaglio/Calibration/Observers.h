//===- Observers.h - from statistics to the parameters of a quantized type -------*- C++ -*-===//
//
// Pure C++, no MLIR. Ranges are in units of the activation and always contain zero.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_CALIBRATION_OBSERVERS_H
#define INTAGLIO_CALIBRATION_OBSERVERS_H

#include "intaglio/Calibration/Statistics.h"
#include "intaglio/IntMath/Affine.h"

#include <optional>

namespace intaglio {

/// How the range of an edge follows from its statistics.
enum class Observer {
  MinMax,        ///< the exact extremes
  MovingAverage, ///< the mean over the samples of their extremes
  Percentile,    ///< all but a small part of the values by magnitude (ModelOpt: 99.99 %)
  Entropy,       ///< the clip with the least Kullback-Leibler divergence (TensorRT)
  MeanSquare     ///< the clip with the least squared error
};

/// The observer called `name` in `--observer=`: minmax, moving-average, percentile, entropy, mse.
std::optional<Observer> parseObserver(llvm::StringRef name);

using intmath::Range;
using intmath::Storage;
using intmath::UniformParameters;

/// Settings of the observers.
struct ObserverOptions {
  Observer observer = Observer::MeanSquare;
  /// Part of the values that the percentile observer keeps.
  double percentile = 0.9999;
};

/// The range that `options.observer` finds for an edge stored in `storage`. An edge without a value
/// has the range [0, 0].
Range chooseRange(const EdgeStatistics &edge, const Storage &storage,
                  const ObserverOptions &options);

/// `intmath::affineParameters` with a scale that is a float32. A range too small for a normal
/// float32 counts as empty: scale 1.
UniformParameters chooseParameters(const Range &range, const Storage &storage);

} // namespace intaglio

#endif // INTAGLIO_CALIBRATION_OBSERVERS_H
