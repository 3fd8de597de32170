//===- Samples.h - files of samples for a model ----------------------------------------------===//

#ifndef INTAGLIO_CALIBRATION_SAMPLES_H
#define INTAGLIO_CALIBRATION_SAMPLES_H

#include "intaglio/Codegen/Compile.h"
#include "intaglio/Data/Stream.h"

namespace intaglio {

/// Arrays by input name whose first axis counts samples, read a batch at a time.
class SampleFile {
public:
  /// Opens a file that `openArrays` knows and checks that one sample is what the model takes:
  /// names, types, shapes; that all arrays have as many samples, and at least one. Errors name the
  /// file.
  static llvm::Expected<SampleFile> open(const ModelInfo &info, llvm::StringRef path);

  int64_t getNumSamples() const { return numSamples; }

  /// The arrays of the next `limit` samples, or of as many as there are left.
  llvm::Expected<std::vector<Array>> readBatch(int64_t limit);

private:
  std::vector<std::unique_ptr<ArrayStream>> streams;
  int64_t numSamples = 0, position = 0;
};

/// The arrays of sample `index` of a batch: their first axis has one element.
std::vector<Array> getSample(llvm::ArrayRef<Array> batch, int64_t index);

} // namespace intaglio

#endif // INTAGLIO_CALIBRATION_SAMPLES_H
