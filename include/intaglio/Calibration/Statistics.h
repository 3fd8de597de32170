//===- Statistics.h - what calibration knows of each edge, and its file ----------*- C++ -*-===//
//
// The same data in any order, batch size and split give equal statistics, and the same bytes when
// they are saved. Pure C++ (LLVM Support only), no MLIR.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_CALIBRATION_STATISTICS_H
#define INTAGLIO_CALIBRATION_STATISTICS_H

#include "intaglio/Calibration/Histogram.h"

#include "llvm/ADT/APInt.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <string>

namespace intaglio {

/// A sum of finite floats without any rounding, hence in any order: an integer multiple of 2^-149.
class ExactSum {
public:
  /// Holds 2^64 summands of any size.
  static constexpr unsigned kBits = 384;

  ExactSum() : units(kBits, 0) {}
  /// Adds a finite float.
  void add(float value);
  /// Adds another sum.
  void merge(const ExactSum &other) { units += other.units; }
  /// The sum over `count` summands, rounded to double.
  double getMean(uint64_t count) const;
  /// The multiple of 2^-149 in decimal, as files hold it.
  std::string toString() const;
  /// Reads what `toString` wrote; false if the text is something else.
  bool parse(llvm::StringRef text);

  bool operator==(const ExactSum &other) const { return units == other.units; }

private:
  llvm::APInt units;
};

/// What is known of the values on one edge.
struct EdgeStatistics {
  /// All values.
  Histogram histogram;
  /// The exact extremes; 0 before the first value.
  float minimum = 0, maximum = 0;
  /// The exact extremes of each channel (the last axis), zero included.
  std::vector<float> channelMinima, channelMaxima;
  /// Samples (entries of the first axis of the data) with at least one row.
  uint64_t samples = 0;
  /// Sums over the samples of their smallest and largest value.
  ExactSum sumOfMinima, sumOfMaxima;

  /// Adds the rows of one sample for which `takesPart` (of the row's index) is true; a row is
  /// `channels` values. Returns the index of the first row with a NaN or an infinity and adds
  /// nothing then, else -1.
  int64_t addSample(const float *data, int64_t rows, int64_t channels,
                    llvm::function_ref<bool(int64_t)> takesPart);

  /// Adds what `other` knows; both have the same number of channels, or none yet.
  void merge(const EdgeStatistics &other);

  /// Channels that were zero in every row.
  std::vector<int64_t> getDeadChannels() const;

  bool operator==(const EdgeStatistics &other) const;
};

/// The statistics of a program: one entry for each `observe`, by its id.
struct Statistics {
  /// Fingerprint of the float program that was observed: only equal ones may be merged or used.
  std::string model;
  /// Number of samples run.
  uint64_t samples = 0;
  std::map<std::string, EdgeStatistics> edges;

  /// Adds what `other` knows. Fails on another model or other edges.
  llvm::Error merge(const Statistics &other);
};

/// Writes the file of `--save-calibration`: JSON, one line for each edge, in order of the ids.
void writeStatistics(const Statistics &statistics, llvm::raw_ostream &os);

/// Reads the text of such a file. Every error is a `FileError` of the file `name` and says where in
/// it and what was expected.
llvm::Expected<Statistics> parseStatistics(llvm::StringRef text, llvm::StringRef name);

/// Reads such a file.
llvm::Expected<Statistics> readStatistics(llvm::StringRef path);

} // namespace intaglio

#endif // INTAGLIO_CALIBRATION_STATISTICS_H
