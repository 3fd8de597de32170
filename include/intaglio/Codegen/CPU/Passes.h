//===- Passes.h - kernels for processors ----------------------------------------------------===//

#ifndef INTAGLIO_CODEGEN_CPU_PASSES_H
#define INTAGLIO_CODEGEN_CPU_PASSES_H

#include "intaglio/Codegen/CPU/TargetInfo.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

namespace intaglio::cpu {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "intaglio/Codegen/CPU/Passes.h.inc"

/// Outlined kernels (functions with `intaglio.kernel`) from `linalg` on tensors to registers of
/// vectors, still on tensors. The first pass packs weights: it changes the kernels' types and their
/// callers' constants. Functions that are no kernels are not touched otherwise.
void buildTensorKernelPipeline(mlir::OpPassManager &pm, const TargetInfo &target);

/// One-shot bufferization of the whole module, function boundaries included, with identity layouts:
/// a kernel writes its results into its last arguments and returns nothing.
void buildBufferizationPipeline(mlir::OpPassManager &pm);

/// Kernels on memrefs: instructions chosen, vectors of one dimension, loops. What follows is
/// upstream's conversion to LLVM (`buildKernelToLLVMPipeline`).
void buildVectorKernelPipeline(mlir::OpPassManager &pm, const TargetInfo &target);

/// Everything on memrefs, vectors and loops to the LLVM dialect.
void buildKernelToLLVMPipeline(mlir::OpPassManager &pm);

/// Registers `intaglio-compile-kernels{target=...}`, the four in order.
void registerCPUPipelines();

} // namespace intaglio::cpu

#endif // INTAGLIO_CODEGEN_CPU_PASSES_H
