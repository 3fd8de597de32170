//===- Pipelines.cpp - the order of the kernel passes ---------------------------------------===//

#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace intaglio::cpu {

static void addCleanUp(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void buildPackingPipeline(OpPassManager &pm, const TargetInfo &target) {
  // Named ops become generic, chains of elementwise ops one op.
  pm.addNestedPass<func::FuncOp>(createFuseElementwisePass());
  addCleanUp(pm);
  // Weights as kernels read them, everything around them in packed coordinates.
  pm.addPass(createPackWeightsPass({target.name().str()}));
  pm.addPass(createStoreUnsignedPass({target.name().str()}));
  addCleanUp(pm);
}

void buildTensorKernelPipeline(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createBindDestinationsPass());
  // One loop nest for a contraction, its start and its epilogue; the reduction is the innermost
  // loop.
  pm.addNestedPass<func::FuncOp>(createTileContractionsPass());
  addCleanUp(pm);
  pm.addNestedPass<func::FuncOp>(createSpecializeRowTailsPass());
  addCleanUp(pm);
  // Tiles are vectors, vectors are registers, accumulators stay in them over the whole reduction.
  pm.addNestedPass<func::FuncOp>(createVectorizeTilesPass());
  addCleanUp(pm);
}

void buildBufferizationPipeline(OpPassManager &pm) {
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.functionBoundaryTypeConversion = bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(options));
  // A result is seen to be an argument only when reshapes have cancelled.
  addCleanUp(pm);
  pm.addPass(createDropReturnedArgumentsPass());
}

void buildVectorKernelPipeline(OpPassManager &pm, const TargetInfo &target) {
  pm.addNestedPass<func::FuncOp>(createSelectInstructionsPass({target.name().str()}));
  pm.addNestedPass<func::FuncOp>(createPrefetchWeightsPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  addCleanUp(pm);
  pm.addNestedPass<func::FuncOp>(createFlattenTransfersPass());
  pm.addPass(createConvertVectorToSCFPass(VectorTransferToSCFOptions().enableFullUnroll()));
  addCleanUp(pm);
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass()); // what nothing has vectorized
}

void buildKernelToLLVMPipeline(OpPassManager &pm) {
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  addCleanUp(pm);
}

namespace {
struct CompileKernelsOptions : PassPipelineOptions<CompileKernelsOptions> {
  Option<std::string> target{*this, "target", llvm::cl::desc("Level of the target"),
                             llvm::cl::init("generic")};
};
} // namespace

void registerCPUPipelines() {
  PassPipelineRegistration<CompileKernelsOptions>(
      "intaglio-compile-kernels", "Outlined kernels on tensors to the LLVM dialect",
      [](OpPassManager &pm, const CompileKernelsOptions &options) {
        auto parsed = TargetInfo::parse(options.target);
        if (failed(parsed)) {
          pm.addPass(createPackWeightsPass({options.target})); // reports the name
          return;
        }
        TargetInfo target = *parsed;
        buildPackingPipeline(pm, target);
        buildTensorKernelPipeline(pm);
        buildBufferizationPipeline(pm);
        buildVectorKernelPipeline(pm, target);
        buildKernelToLLVMPipeline(pm);
      });
}

} // namespace intaglio::cpu
