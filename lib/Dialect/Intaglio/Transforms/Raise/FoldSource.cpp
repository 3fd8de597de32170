//===- FoldSource.cpp - source ops that give what they take ---------------------------------===//
//
//   y = Reshape(x, shape of x)   ->   x
//   y = Where(IsNaN(p), 0, p)    ->   p, behind softmax
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

namespace intaglio {
#define GEN_PASS_DEF_FOLDSOURCEPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

/// An op whose elements are those of another tensor of its shape, unmoved.
struct FoldUnmoved : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getNumResults() == 0 || !getFloatType(op.getResult(0)))
      return failure();
    for (Value other : op->getResults().drop_front())
      if (!other.use_empty())
        return failure();
    Value result = op.getResult(0);
    std::optional<SymbolicExpr> body = tensors.getBody(result);
    std::optional<Exprs> shape = tensors.getShape(result);
    if (!body || !shape)
      return failure();
    Value same = getWhole(*body, *shape);
    for (Value operand : op.getInputs())
      if (!same && haveSameShape(operand, result) && tensors.getBody(operand) == body)
        same = operand;
    if (!same || same == result || same.getType() != result.getType())
      return failure();
    rewriter.replaceAllUsesWith(result, same);
    rewriter.eraseOp(op);
    return success();
  }
};

struct FoldSourcePass : intaglio::impl::FoldSourcePassBase<FoldSourcePass> {
  void runOnOperation() override {
    applyPatterns(getOperation(), [](RewritePatternSet &patterns, SymbolicTensors &tensors) {
      patterns.add<FoldUnmoved>(patterns.getContext(), tensors);
    });
  }
};

} // namespace
