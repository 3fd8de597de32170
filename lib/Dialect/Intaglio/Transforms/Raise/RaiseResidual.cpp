//===- RaiseResidual.cpp - sums of two tensors of one shape ---------------------------------===//
//
//   Add(x, y)   ->   add(x, y), where neither is a constant or made of shapes, ids and masks only
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

namespace intaglio {
#define GEN_PASS_DEF_RAISERESIDUALPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

struct ResidualSum : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getOpType() != "Add" || op.getInputs().size() != 2 || op.getNumResults() != 1)
      return failure();
    Value a = op.getInputs()[0], b = op.getInputs()[1];
    for (Value operand : {a, b})
      if (!getFloatType(operand) || !tensors.hasData(elementOf(operand)) ||
          operand.getDefiningOp<arith::ConstantOp>())
        return failure();
    if (!haveSameShape(a, b))
      return failure();
    rewriter.replaceOpWithNewOp<AddOp>(op, a, b);
    return success();
  }
};

struct RaiseResidualPass : intaglio::impl::RaiseResidualPassBase<RaiseResidualPass> {
  void runOnOperation() override {
    applyPatterns(getOperation(), [](RewritePatternSet &patterns, SymbolicTensors &tensors) {
      patterns.add<ResidualSum>(patterns.getContext(), tensors);
    });
  }
};

} // namespace
