//===- Integerize.h - the phase from a quantized graph to an integer program ----------------===//

#ifndef INTAGLIO_PIPELINES_INTEGERIZE_H
#define INTAGLIO_PIPELINES_INTEGERIZE_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace intaglio {

/// What the caller may choose.
struct IntegerizePipelineOptions : mlir::PassPipelineOptions<IntegerizePipelineOptions> {
  Option<std::string> nonlinear{*this, "nonlinear",
                                llvm::cl::desc("minimax or ibert: the set of integer functions"),
                                llvm::cl::init("minimax")};
};

/// A quantized graph to an integer program: `@main` quantizes and dequantizes and calls
/// `@main_integer`. Afterwards nothing is float in there, and nothing can overflow, or the pipeline
/// fails with an error for each op.
void buildIntegerizePipeline(mlir::OpPassManager &pm, const IntegerizePipelineOptions &options);

/// Registers `--intaglio-integerize`.
void registerIntegerizePipeline();

} // namespace intaglio

#endif // INTAGLIO_PIPELINES_INTEGERIZE_H
