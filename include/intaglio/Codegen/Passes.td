//===- Passes.td - from a graph to scheduled kernels ---------------------------------------===//

#ifndef INTAGLIO_CODEGEN_PASSES
#define INTAGLIO_CODEGEN_PASSES

include "mlir/Pass/PassBase.td"

def MarkWordRescalesPass : Pass<"intaglio-mark-word-rescales", "::mlir::ModuleOp"> {
  let summary = "rescales whose shifted products are known to fit 32 bits";
  let description = [{
    Sets `intaglio.word` on each `rescale` with a shift below 32 whose product, by the interval analysis
    of `intaglio-verify-ranges`, fits i32 once shifted and moved to the zero point: its clamp needs no
    64-bit lanes. A program that the analysis cannot bound is left as it is.
  }];
}

def OutlineKernelsPass : Pass<"intaglio-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "groups of ops of the entry to destination-style kernels";
  let description = [{
    An op and the elementwise ops that alone read its result become one private function with
    `intaglio.kernel = "linear" | "attention" | "loops"`. Leading axes are collapsed to rows where an op
    knows rows only. Every array constant is an argument; equal kernels are one function. Arguments
    that are cut by thread along axis 0 carry `intaglio.sliced`; an attention kernel has a range of
    units (two `index` arguments) before its destination, the last argument.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::tensor::TensorDialect"];
}

def LowerSchedulePass : Pass<"intaglio-lower-schedule", "::mlir::ModuleOp"> {
  let summary = "the entry's kernel calls to intaglio_model_forward";
  let description = [{
    Plans the arena (values that live at different times share a slot; offsets follow from the dims at
    run time), the threads' slices and the barriers, and turns `@main` into the functions
    `intaglio_model_forward` and `intaglio_model_arena_bytes` of the LLVM dialect. Constants become
    offsets into the weights blob, which `intaglio.weights` on the module lists; `intaglio.steps` lists the
    kernel calls in their order. Around each, `intaglio_tick` notes the time if the run is profiled.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def TileRowsPass : Pass<"intaglio-tile-rows", "::mlir::func::FuncOp"> {
  let summary = "linear kernels row by row, the epilogue fused";
  let description = [{
    Tiles the last op of a kernel of kind `linear` by one row and fuses its producers, so that
    accumulators are one row.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def ExpandMathPass : Pass<"intaglio-expand-math", "::mlir::func::FuncOp"> {
  let summary = "exp, erf and tanh to polynomials";
  let description = [{
    No function of libm is called by a compiled program.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def ExpandCopiesPass : Pass<"intaglio-expand-copies", "::mlir::func::FuncOp"> {
  let summary = "memref.copy to loops";
  let description = [{
    `memref.copy` of strided memory would call a runtime library that no artefact is linked with.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def LinkKernelsPass : Pass<"intaglio-link-kernels", "::mlir::ModuleOp"> {
  let summary = "calls of the schedule to the kernels' machine signatures";
  let description = [{
    Replaces each declaration `KERNEL_call` by the lowered function `KERNEL`, after comparing their
    types, and gives all but the model's entries internal linkage. A kernel that allocates memory is an
    error.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // INTAGLIO_CODEGEN_PASSES
