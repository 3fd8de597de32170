//===- CollectStatistics.cpp - statistics of a program as a pass
//---------------------------------===//

#include "intaglio/Calibration/Collect.h"
#include "intaglio/Calibration/Passes.h"

#include "llvm/Support/FileSystem.h"

namespace intaglio {
#define GEN_PASS_DEF_COLLECTSTATISTICSPASS
#include "intaglio/Calibration/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

/// Writes the file of --save-calibration; it appears under its name only when it is whole.
static llvm::Error saveStatistics(StringRef path, const Statistics &statistics) {
  return llvm::writeToOutput(path, [&](raw_ostream &os) {
    writeStatistics(statistics, os);
    return llvm::Error::success();
  });
}

namespace {
struct CollectStatisticsPass : intaglio::impl::CollectStatisticsPassBase<CollectStatisticsPass> {
  using Base::Base;
  CollectStatisticsPass(const CollectStatisticsPassOptions &options,
                        std::shared_ptr<Statistics> result)
      : Base(options), result(std::move(result)) {}

  void runOnOperation() override {
    CollectOptions options;
    options.threads = int(threads);
    options.batchSize = batchSize;
    options.progress = progress ? &llvm::errs() : nullptr;
    if (threads < 0 || threads > 1024 || batchSize < 1) {
      getOperation().emitError("expects 'threads' in 0 to 1024 and a 'batch-size' from 1 on");
      return signalPassFailure();
    }
    FailureOr<Statistics> found =
        collectStatistics(getOperation(), ArrayRef<std::string>(data), options);
    if (failed(found))
      return signalPassFailure();
    if (!save.empty())
      if (llvm::Error error = saveStatistics(save, *found)) {
        emitError(FileLineColLoc::get(&getContext(), save, 0, 0))
            << "the statistics cannot be written: " << llvm::toString(std::move(error));
        return signalPassFailure();
      }
    if (result)
      *result = std::move(*found);
    markAllAnalysesPreserved();
  }

  std::shared_ptr<Statistics> result; ///< of the pipeline; null where nobody asks
};
} // namespace

std::unique_ptr<Pass>
intaglio::createCollectStatisticsPass(const CollectStatisticsPassOptions &options,
                                      std::shared_ptr<Statistics> result) {
  return std::make_unique<CollectStatisticsPass>(options, std::move(result));
}
