//===- Passes.td - conversions between dialects --------------------------------------------===//

#ifndef INTAGLIO_CONVERSION_PASSES
#define INTAGLIO_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def ConvertIntaglioToLinalgPass
    : Pass<"intaglio-convert-intaglio-to-linalg", "::mlir::func::FuncOp"> {
  let summary = "ops in the bodies of kernels to linalg, scf and arith on tensors";
  let description = [{
    Only functions with `intaglio.kernel` (see `intaglio-outline-kernels`) are converted. Integer ops
    keep their meaning bit for bit. The op that makes the kernel's result writes into the kernel's last
    argument. An op without a lowering is an error.
  }];
  let options = [Option<"keepAttention", "keep-attention", "bool", "false",
                       "Leave the attention ops for a later run">,
                 Option<"integerBoundary", "integer-boundary", "bool", "false",
                       "Make quantize and dequantize of integers; other float ops are errors">];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

#endif // INTAGLIO_CONVERSION_PASSES
