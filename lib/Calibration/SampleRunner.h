//===- SampleRunner.h - all samples of files, several at a time -------------------------------===//

#ifndef INTAGLIO_LIB_CALIBRATION_SAMPLERUNNER_H
#define INTAGLIO_LIB_CALIBRATION_SAMPLERUNNER_H

#include "intaglio/Calibration/Collect.h"
#include "intaglio/Calibration/Progress.h"
#include "intaglio/Calibration/Samples.h"

#include "mlir/IR/Diagnostics.h"

namespace intaglio {

/// Why a sample cannot be used.
struct SampleFailure {
  std::optional<mlir::Location> where; ///< of an op; else the fault is the file's
  std::string message;
};

/// Calls a function for each sample of files: samples go to workers, one of them a thread, in the
/// order of the file. What is wrong becomes a diagnostic at its file.
class SampleRunner {
public:
  /// Runs sample `number` of the file; calls with one `worker` do not overlap.
  using RunFn = llvm::function_ref<std::optional<SampleFailure>(
      int worker, llvm::ArrayRef<Array> sample, int64_t number)>;

  SampleRunner(mlir::MLIRContext *context, const ModelInfo &info, const CollectOptions &options);

  int getNumWorkers() const { return numWorkers; }

  /// The number of samples in the files, once all are found to be what the model takes.
  llvm::FailureOr<int64_t> survey(llvm::ArrayRef<std::string> paths);

  /// Runs the samples of one file and returns their number. Of the samples that fail the first is
  /// reported, whatever the number of workers.
  llvm::FailureOr<int64_t> run(llvm::StringRef path, Progress &progress, RunFn body);

  /// Reports `error` at the file that it names, or at `path`; always failure.
  llvm::LogicalResult emit(llvm::StringRef path, llvm::Error error);

  /// The place of diagnostics about a file.
  mlir::Location locationOf(llvm::StringRef path) {
    return mlir::FileLineColLoc::get(context, path, 0, 0);
  }

private:
  llvm::LogicalResult runBatch(llvm::StringRef path, llvm::ArrayRef<Array> batch, int64_t first,
                               Progress &progress, RunFn body);

  mlir::MLIRContext *context;
  const ModelInfo &info;
  const CollectOptions &options;
  int numWorkers;
};

} // namespace intaglio

#endif // INTAGLIO_LIB_CALIBRATION_SAMPLERUNNER_H
