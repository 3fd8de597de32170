//===- Calibrate.h - the phase from a float graph to fake_quant -----------------------------===//

#ifndef INTAGLIO_PIPELINES_CALIBRATE_H
#define INTAGLIO_PIPELINES_CALIBRATE_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace intaglio {

/// What the caller may choose of calibration; the texts are those of the command line.
struct CalibratePipelineOptions : mlir::PassPipelineOptions<CalibratePipelineOptions> {
  Option<std::string> statistics{*this, "statistics",
                                 llvm::cl::desc("the file of --save-calibration")};
  Option<std::string> observer{
      *this, "observer", llvm::cl::desc("how the range of an i8 edge is found"),
      llvm::cl::init("mse")};
  ListOption<std::string> observerFor{*this, "observer-for",
                                      llvm::cl::desc("REGEX=OBSERVER for some edges")};
  Option<double> headroom{*this, "headroom",
                          llvm::cl::desc("how far beyond the extremes an i16 edge reaches"),
                          llvm::cl::init(2.0)};
  ListOption<std::string> keepFloat{*this, "keep-float",
                                    llvm::cl::desc("source names of ops that stay float")};
};

/// A float graph to the same with `observe` ops, ready for `collectStatistics`: the first half of the
/// phase.
void buildObservePipeline(mlir::OpPassManager &pm, const CalibratePipelineOptions &options);

/// The second half, with the statistics of a file: `observe` to `fake_quant`, and the contract. Those
/// who hold statistics in memory call `applyCalibration` and run the contract pass.
void buildApplyCalibrationPipeline(mlir::OpPassManager &pm,
                                   const CalibratePipelineOptions &options);

/// The whole phase with the statistics of a file. Afterwards every quantizable edge carries
/// `fake_quant`, or its op the reason why not.
void buildCalibratePipeline(mlir::OpPassManager &pm, const CalibratePipelineOptions &options);

/// Registers `--intaglio-calibrate`.
void registerCalibratePipeline();

} // namespace intaglio

#endif // INTAGLIO_PIPELINES_CALIBRATE_H
