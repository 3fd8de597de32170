//===- IntaglioToLinalg.cpp - the bodies of kernels become linalg --------------------------===//
//
//   func.func private @lookup_0(%x: tensor<?x8xi8>, %t: tensor<256xi8>, %dst: tensor<?x8xi8>)
//     %y = intaglio.lookup %x, %t
// becomes
//     %y = linalg.generic ins(%x) outs(%dst) { ... tensor.extract %t[...] ... }
//
//===----------------------------------------------------------------------------------------===//

#include "Kernel.h"
#include "intaglio/Conversion/Passes.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace intaglio {
#define GEN_PASS_DEF_CONVERTINTAGLIOTOLINALGPASS
#include "intaglio/Conversion/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

static bool isFloat(Operation *op) {
  return llvm::any_of(op->getResultTypes(),
                      [](Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); });
}

namespace {
struct ConvertIntaglioToLinalgPass
    : intaglio::impl::ConvertIntaglioToLinalgPassBase<ConvertIntaglioToLinalgPass> {
  using ConvertIntaglioToLinalgPassBase::ConvertIntaglioToLinalgPassBase;

  void runOnOperation() override {
    func::FuncOp kernel = getOperation();
    auto kind = kernel->getAttrOfType<StringAttr>("intaglio.kernel");
    if (!kind || (keepAttention && kind == "attention"))
      return;
    RewritePatternSet patterns(&getContext());
    populateLinearPatterns(patterns);
    populateElementwiseIntegerPatterns(patterns);
    populateNormIntegerPatterns(patterns);
    populateSequencePatterns(patterns);
    populateAttentionPatterns(patterns);
    if (integerBoundary)
      populateIntegerBoundaryPatterns(patterns);
    else
      populateFloatPatterns(patterns);
    walkAndApplyPatterns(kernel, std::move(patterns));
    kernel.walk([&](Operation *op) {
      if (!isa<IntaglioDialect>(op->getDialect()))
        return;
      if (integerBoundary && isFloat(op))
        op->emitOpError("computes with floats, and the target has no floating-point unit");
      else
        op->emitOpError("has no lowering in this form");
      signalPassFailure();
    });
  }
};
} // namespace
