//===- Codegen.cpp - the order of the passes from a program to LLVM ------------------------===//

#include "intaglio/Pipelines/Codegen.h"
#include "intaglio/Codegen/CPU/Passes.h"
#include "intaglio/Codegen/Passes.h"
#include "intaglio/Conversion/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace intaglio;

/// Buffers up to this many bytes live on the stack, once per kernel.
constexpr int64_t largestStackBuffer = 65536;

static bool fitsStack(Value buffer) {
  auto type = dyn_cast<MemRefType>(buffer.getType());
  return type && type.hasStaticShape() &&
         type.getNumElements() * type.getElementTypeBitWidth() <= largestStackBuffer * 8;
}

static void addCleanUp(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

/// What is left beside memory. Only some of these passes read the module's data layout.
static void addIndexConversions(OpPassManager &pm, unsigned indexBits) {
  ArithToLLVMConversionPassOptions arith;
  arith.indexBitwidth = indexBits;
  pm.addPass(createArithToLLVMConversionPass(arith));
  ConvertIndexToLLVMPassOptions index;
  index.indexBitwidth = indexBits;
  pm.addPass(createConvertIndexToLLVMPass(index));
  pm.addPass(createConvertFuncToLLVMPass());
  ConvertControlFlowToLLVMPassOptions control;
  control.indexBitwidth = indexBits;
  pm.addPass(createConvertControlFlowToLLVMPass(control));
  UBToLLVMConversionPassOptions undefined;
  undefined.indexBitwidth = indexBits;
  pm.addPass(createUBToLLVMConversionPass(undefined));
}

void intaglio::buildCodegenPipeline(OpPassManager &pm, const CodegenOptions &options) {
  pm.addPass(createMarkWordRescalesPass());
  // One function calls kernels; each kernel is linalg on tensors, weights in the target's order.
  pm.addPass(createOutlineKernelsPass());
  ConvertIntaglioToLinalgPassOptions toLinalg;
  toLinalg.keepAttention = true;
  toLinalg.integerBoundary = !options.target.floatUnit;
  pm.addNestedPass<func::FuncOp>(createConvertIntaglioToLinalgPass(toLinalg));
  cpu::buildPackingPipeline(pm, options.target);
  // That function becomes the schedule; only kernels are left.
  pm.addPass(createLowerSchedulePass());
  // Attention becomes vector loops; what the target has none for, plain loops.
  pm.addNestedPass<func::FuncOp>(cpu::createVectorizeAttentionPass({options.target.name().str()}));
  toLinalg.keepAttention = false;
  pm.addNestedPass<func::FuncOp>(createConvertIntaglioToLinalgPass(toLinalg));
  // Packed kernels become tiles in registers, other linear ones loops over rows.
  cpu::buildTensorKernelPipeline(pm);
  pm.addNestedPass<func::FuncOp>(createTileRowsPass());
  pm.addNestedPass<func::FuncOp>(createExpandMathPass());
  addCleanUp(pm);
  // Everything in place, temporaries on the stack: nothing is allocated.
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion = bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(bufferize));
  addCleanUp(pm);
  pm.addPass(bufferization::createDropEquivalentBufferResultsPass());
  pm.addNestedPass<func::FuncOp>(bufferization::createBufferLoopHoistingPass());
  pm.addNestedPass<func::FuncOp>(bufferization::createPromoteBuffersToStackPass(fitsStack));
  addCleanUp(pm);
  // Instructions that LLVM does not find; then loops and the LLVM dialect.
  cpu::buildVectorKernelPipeline(pm, options.target);
  pm.addNestedPass<func::FuncOp>(createExpandCopiesPass());
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(arith::createArithExpandOpsPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  addIndexConversions(pm, options.target.indexBits);
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createLinkKernelsPass());
  addCleanUp(pm);
}

namespace {
struct LowerCPUOptions : PassPipelineOptions<LowerCPUOptions> {
  Option<std::string> target{
      *this, "target",
      llvm::cl::desc("Level: avx512vnni+vbmi, avx512vnni, avxvnni, avx2 or generic"),
      llvm::cl::init("generic")};
  Option<bool> integerBoundary{
      *this, "integer-boundary",
      llvm::cl::desc(
          "For a processor without floating-point unit: quantize and dequantize are made "
          "of integers"),
      llvm::cl::init(false)};
  Option<unsigned> indexBits{
      *this, "index-bits",
      llvm::cl::desc("Width of sizes and addresses: what the module's data layout says of `index`"),
      llvm::cl::init(64)};
};
} // namespace

void intaglio::registerCodegenPipeline() {
  PassPipelineRegistration<LowerCPUOptions>(
      "intaglio-lower-cpu", "an integer program or a float graph to the LLVM dialect",
      [](OpPassManager &pm, const LowerCPUOptions &options) {
        CodegenOptions codegen;
        if (auto target = cpu::TargetInfo::parse(options.target); succeeded(target))
          codegen.target = *target;
        else
          pm.addPass(cpu::createPackWeightsPass({options.target})); // reports the name
        codegen.target.floatUnit = !options.integerBoundary;
        codegen.target.indexBits = options.indexBits;
        buildCodegenPipeline(pm, codegen);
      });
}
