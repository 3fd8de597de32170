//===- Collect.h - statistics of a float program on data -------------------------------------===//

#ifndef INTAGLIO_CALIBRATION_COLLECT_H
#define INTAGLIO_CALIBRATION_COLLECT_H

#include "intaglio/Calibration/Statistics.h"

#include "mlir/IR/BuiltinOps.h"

namespace intaglio {

/// How data are run. None of it changes the statistics.
struct CollectOptions {
  /// Samples that run at the same time, 0: as many as there are processors.
  int threads = 0;
  /// Samples that are in memory at the same time, at least 1.
  int64_t batchSize = 32;
  /// Where progress is shown: a bar on a terminal, else a line for each 10 %; null: nowhere.
  llvm::raw_ostream *progress = nullptr;
};

/// 32 hexadecimal digits that tell a program from others: its ops, types, attributes and constants.
/// Locations, names of values and `observe` ops do not count.
std::string fingerprint(mlir::ModuleOp program);

/// Compiles `program`, a float graph with `observe` ops, and runs it on the samples of `paths`:
/// `.npz`, `.safetensors` and `.npy` files or folders of `.npy` files with arrays by input name,
/// their first axis the samples; or `.json` files of statistics, which are added.
///
/// Each sample runs by itself in its stored length, so its values, and with them the statistics, do
/// not depend on what else there is: order, batches, files and threads leave the result the same to
/// the bit. Memory is that of the model and of one batch.
///
/// Every one of these is a diagnostic at the file, or at the op of the edge: files that cannot be
/// read; names, types, shapes or elements that the model does not take; arrays with different
/// numbers of samples, or none; an edge that is not finite, with the sample; statistics of another
/// model. Warnings name samples that are all padding and channels that are zero throughout.
llvm::FailureOr<Statistics> collectStatistics(mlir::ModuleOp program,
                                              llvm::ArrayRef<std::string> paths,
                                              const CollectOptions &options = {});

} // namespace intaglio

#endif // INTAGLIO_CALIBRATION_COLLECT_H
