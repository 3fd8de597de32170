//===- Calibrate.h - the phase from a float graph to fake_quant -----------------------------===//

#ifndef INTAGLIO_PIPELINES_CALIBRATE_H
#define INTAGLIO_PIPELINES_CALIBRATE_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace intaglio {

/// What the caller may choose of calibration; the texts are those of the command line.
struct CalibratePipelineOptions : mlir::PassPipelineOptions<CalibratePipelineOptions> {
  ListOption<std::string> data{
      *this, "data",
      llvm::cl::desc("samples to run (.npz, .safetensors, .npy, folder of .npy), and saved "
                     "statistics of the same model (.json)")};
  Option<std::string> save{*this, "save",
                           llvm::cl::desc("where the statistics of the data go, as JSON")};
  Option<int64_t> threads{*this, "threads",
                          llvm::cl::desc("samples that run at the same time, 0: as many as there "
                                         "are processors"),
                          llvm::cl::init(0)};
  Option<int64_t> batchSize{*this, "batch-size",
                            llvm::cl::desc("samples in memory at the same time"),
                            llvm::cl::init(32)};
  Option<bool> progress{*this, "progress", llvm::cl::desc("show how far the run has come"),
                        llvm::cl::init(false)};
  Option<std::string> observer{*this, "observer",
                               llvm::cl::desc("how the range of an i8 edge is found"),
                               llvm::cl::init("mse")};
  ListOption<std::string> observerFor{*this, "observer-for",
                                      llvm::cl::desc("REGEX=OBSERVER for some edges")};
  Option<double> headroom{*this, "headroom",
                          llvm::cl::desc("how far beyond the extremes an i16 edge reaches"),
                          llvm::cl::init(2.0)};
  Option<double> smoothing{*this, "smoothing",
                           llvm::cl::desc("how much of the range of outlier channels moves into "
                                          "weights, 0 ... 1; negative: none"),
                           llvm::cl::init(0.5)};
  Option<bool> byteActivations{*this, "byte-activations",
                               llvm::cl::desc("activations by table: faster, a little less exact"),
                               llvm::cl::init(false)};
  ListOption<std::string> keepFloat{*this, "keep-float",
                                    llvm::cl::desc("source names of ops that stay float")};
};

/// A float graph to the same with `observe` ops, ready for `collectStatistics`: the first part of
/// the phase.
void buildObservePipeline(mlir::OpPassManager &pm, const CalibratePipelineOptions &options);

/// The whole phase: observe, run the data, ranges to `fake_quant`. Afterwards every quantizable
/// edge carries `fake_quant`, or its op the reason why not.
void buildCalibratePipeline(mlir::OpPassManager &pm, const CalibratePipelineOptions &options);

/// Registers `--intaglio-calibrate`.
void registerCalibratePipeline();

} // namespace intaglio

#endif // INTAGLIO_PIPELINES_CALIBRATE_H
