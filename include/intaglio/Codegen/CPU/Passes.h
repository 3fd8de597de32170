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

/// Packs the weights of outlined kernels (functions with `intaglio.kernel`, `linalg` on tensors):
/// it changes the kernels' types and their callers' constants.
void buildPackingPipeline(mlir::OpPassManager &pm, const TargetInfo &target);

/// Packed kernels from `linalg` on tensors to registers of vectors, still on tensors. Functions
/// that are not packed are left alone.
void buildTensorKernelPipeline(mlir::OpPassManager &pm);

/// One-shot bufferization of the whole module, function boundaries included, with identity layouts:
/// a kernel writes its results into its last arguments and returns nothing.
void buildBufferizationPipeline(mlir::OpPassManager &pm);

/// Kernels on memrefs: instructions chosen, vectors of one dimension, loops. What follows is
/// upstream's conversion to LLVM (`buildKernelToLLVMPipeline`).
void buildVectorKernelPipeline(mlir::OpPassManager &pm, const TargetInfo &target);

/// Everything on memrefs, vectors and loops to the LLVM dialect.
void buildKernelToLLVMPipeline(mlir::OpPassManager &pm);

/// Registers `intaglio-compile-kernels{target=...}`, the five in order.
void registerCPUPipelines();

} // namespace intaglio::cpu

#endif // INTAGLIO_CODEGEN_CPU_PASSES_H
