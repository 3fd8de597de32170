//===- Passes.td - kernels for processors ---------------------------------------------------===//
//
// In the order in which they run. Most work on one function and leave those alone that
// have no `intaglio.tile` (or, where the text says so, no `intaglio.kernel`).
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_CODEGEN_CPU_PASSES
#define INTAGLIO_CODEGEN_CPU_PASSES

include "mlir/Pass/PassBase.td"

def FuseElementwisePass : Pass<"intaglio-fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "Chains of elementwise ops in a kernel are one op";
  let description = [{
    Named ops become `linalg.generic`, elementwise producers with one reader join the reader. Kernels
    of kind `attention` are left alone.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def PackWeightsPass : Pass<"intaglio-pack-weights", "::mlir::ModuleOp"> {
  let summary = "Put constant weights into the order in which kernels read them";
  let description = [{
    For each kernel of kind `linear`: the weights' argument `[n, k]` becomes
    `[n / NR, k / KI, NR, KI]` and the constants of all callers are permuted. Where the target
    multiplies u8 by s8, activations are read as `x XOR 0x80 = x + 128`, and the callers' biases become
    `bias - 128 * sum_k w`. A kernel without a fitting tile, or whose weights are not constant at every
    call, is left as it is and lowered as loops.
  }];
  let options = [Option<"target", "target", "std::string", "\"generic\"",
                       "Level: avx512vnni+vbmi, avx512vnni, avxvnni, avx2 or generic">];
  let statistics = [
    Statistic<"packed", "kernels-packed", "Kernels with packed weights">,
    Statistic<"left", "kernels-left", "Linear kernels left as loops">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def StoreUnsignedPass : Pass<"intaglio-store-unsigned", "::mlir::ModuleOp"> {
  let summary = "Producers write the unsigned bytes that packed kernels read";
  let description = [{
    Packed kernels of a target that multiplies u8 by s8 read their activations XOR 0x80. Where all calls
    agree, the kernels that make the activations write them so, and the packed kernels read them as they
    are. An attention kernel gets `intaglio.unsigned`.
  }];
  let options = [Option<"target", "target", "std::string", "\"generic\"",
                       "Level: avx512vnni+vbmi, avx512vnni, avxvnni, avx2 or generic">];
  let statistics = [Statistic<"changed", "kernels-changed", "Kernels that write unsigned bytes">];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def BindDestinationsPass : Pass<"intaglio-bind-destinations", "::mlir::func::FuncOp"> {
  let summary = "Compute a kernel's results in its destination arguments";
  let description = [{
    The last arguments of a kernel are its destinations, in the order of its results. A result whose
    producer starts from `tensor.empty` (elementwise fusion leaves that) starts from the destination.
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def TileContractionsPass : Pass<"intaglio-tile-contractions", "::mlir::func::FuncOp"> {
  let summary = "One loop nest for a packed contraction and its epilogue";
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::affine::AffineDialect", "::mlir::tensor::TensorDialect"];
}

def SpecializeRowTailsPass : Pass<"intaglio-specialize-row-tails", "::mlir::func::FuncOp"> {
  let summary = "A static tile for every number of rows that may be left";
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::affine::AffineDialect"];
}

def VectorizeTilesPass : Pass<"intaglio-vectorize-tiles", "::mlir::func::FuncOp"> {
  let summary = "Tiles to vectors, vectors to registers, accumulators carried by loops";
  let dependentDialects = ["::mlir::vector::VectorDialect", "::mlir::ub::UBDialect", "::mlir::affine::AffineDialect"];
}

def VectorizeAttentionPass : Pass<"intaglio-vectorize-attention", "::mlir::func::FuncOp"> {
  let summary = "Attention kernels to vector loops on memory";
  let description = [{
    For kernels of kind `attention` whose head is a multiple of 4 channels wide: arguments become
    memrefs and the op three steps of vector loops (`lib/Codegen/CPU/AttentionEmitter.h`). Kernels that
    it cannot take are left as they are and lowered as loops.
  }];
  let options = [Option<"target", "target", "std::string", "\"generic\"",
                       "Level: avx512vnni+vbmi, avx512vnni, avxvnni, avx2 or generic">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def SelectInstructionsPass : Pass<"intaglio-select-instructions", "::mlir::func::FuncOp"> {
  let summary = "Unrolled vector ops to the instructions that LLVM does not find";
  let options = [Option<"target", "target", "std::string", "\"generic\"",
                       "Level: avx512vnni+vbmi, avx512vnni, avxvnni, avx2 or generic">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::vector::VectorDialect"];
}

def PrefetchWeightsPass : Pass<"intaglio-prefetch-weights", "::mlir::func::FuncOp"> {
  let summary = "The next panel of packed weights into L2 while this one is in use";
  let description = [{
    Each step of a loop over k prefetches one cache line. At batch 1 every weight is read once from memory
    or L3, and no hardware prefetcher follows panels that are read again and again.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def FlattenTransfersPass : Pass<"intaglio-flatten-transfers", "::mlir::func::FuncOp"> {
  let summary = "Reads and writes of contiguous elements in one dimension";
  let dependentDialects = ["::mlir::vector::VectorDialect", "::mlir::memref::MemRefDialect", "::mlir::affine::AffineDialect"];
}

def DropReturnedArgumentsPass : Pass<"intaglio-drop-returned-arguments", "::mlir::ModuleOp"> {
  let summary = "Kernels that return a destination return nothing";
  let description = [{
    After bufferization a kernel's results are its last arguments. Callers use what they passed.
  }];
}

#endif // INTAGLIO_CODEGEN_CPU_PASSES
