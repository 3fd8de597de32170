//===- FuseElementwise.cpp - chains of elementwise ops are one op ---------------------------===//
//
//   %a = linalg.generic(%x) ; %y = linalg.generic(%a, %z)      both elementwise
// becomes
//   %y = linalg.generic(%x, %z)
// Fusion forgets where a result goes to: BindDestinations puts it back. Attention kernels write
// into memory of their own, which nothing would put back: they stay as they are.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_FUSEELEMENTWISEPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio::cpu;

namespace {

struct FuseElementwisePass : intaglio::cpu::impl::FuseElementwisePassBase<FuseElementwisePass> {
  void runOnOperation() override {
    auto kind = getOperation()->getAttrOfType<StringAttr>(kKernelAttr);
    if (!kind || kind == "attention")
      return;
    RewritePatternSet patterns(&getContext());
    linalg::populateLinalgNamedOpsGeneralizationPatterns(patterns);
    linalg::populateElementwiseOpsFusionPatterns(
        patterns, [](OpOperand *use) { return use->get().hasOneUse(); });
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
