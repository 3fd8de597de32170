//===- RaiseElementwise.cpp - operators that have a graph op of their own -------------------===//
//
//   Add(x, y)   ->   add(x, y), where both have one shape
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

namespace intaglio {
#define GEN_PASS_DEF_RAISEELEMENTWISEPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

/// Tanh, Sigmoid, Relu, and Relu written as Max(x, 0) or Clip(x, 0).
struct Unary : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getNumResults() != 1 || op.getInputs().empty() || !getFloatType(op.getInputs()[0]))
      return failure();
    StringRef name = op.getOpType();
    Value x = op.getInputs()[0];
    if (name == "Tanh")
      rewriter.replaceOpWithNewOp<TanhOp>(op, x);
    else if (name == "Sigmoid")
      rewriter.replaceOpWithNewOp<SigmoidOp>(op, x);
    else if (name == "Relu" || isMaxWithZero(op, x))
      rewriter.replaceOpWithNewOp<ReluOp>(op, x);
    else
      return failure();
    return success();
  }

private:
  bool isMaxWithZero(SourceOp op, Value &x) const {
    SourceAccess access(op);
    Value second = access.input(1);
    if (!second || access.input(2) || (op.getOpType() != "Max" && op.getOpType() != "Clip"))
      return false;
    if (op.getOpType() == "Max" && tensors.getSplat(x) == 0)
      std::swap(x, second);
    return tensors.getSplat(second) == 0 && getFloatType(x) && haveSameShape(x, op.getResult(0));
  }
};

/// Add and Mul of two tensors of one shape.
struct Binary : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    bool isAdd = op.getOpType() == "Add";
    if ((!isAdd && op.getOpType() != "Mul") || op.getInputs().size() != 2 ||
        op.getNumResults() != 1)
      return failure();
    Value a = op.getInputs()[0], b = op.getInputs()[1];
    if (!getFloatType(a) || !getFloatType(b) || !tensors.hasData(elementOf(a)) ||
        !tensors.hasData(elementOf(b)))
      return failure();
    if (!haveSameShape(a, b))
      return miss(rewriter, op, isAdd ? "add" : "mul", "its operands differ in shape");
    if (isAdd)
      rewriter.replaceOpWithNewOp<AddOp>(op, a, b);
    else
      rewriter.replaceOpWithNewOp<MulOp>(op, a, b);
    return success();
  }
};

/// Softmax over the last axis, and products of two activations.
struct SoftmaxAndMatMul : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getNumResults() != 1 || op.getInputs().empty())
      return failure();
    Value a = op.getInputs()[0];
    RankedTensorType type = getFloatType(a);
    if (type && op.getOpType() == "Softmax") {
      if (type.getRank() == 0 ||
          normalizeAxis(SourceAccess(op).integer("axis", -1), type.getRank()) != type.getRank() - 1)
        return miss(rewriter, op, "softmax", "it is not over the last axis");
      rewriter.replaceOpWithNewOp<SoftmaxOp>(op, a);
      return success();
    }
    if (!type || op.getOpType() != "MatMul" || op.getInputs().size() != 2)
      return failure();
    std::optional<Exprs> left = tensors.getShape(a), right = tensors.getShape(op.getInputs()[1]);
    if (!getFloatType(op.getInputs()[1]) || !left || !right || left->size() != right->size() ||
        left->size() < 2 || ArrayRef(*left).drop_back(2) != ArrayRef(*right).drop_back(2) ||
        left->back() != (*right)[right->size() - 2])
      return miss(rewriter, op, "matmul", "the leading axes of its operands differ");
    rewriter.replaceOpWithNewOp<MatmulOp>(op, a, op.getInputs()[1], false);
    return success();
  }
};

struct RaiseElementwisePass : intaglio::impl::RaiseElementwisePassBase<RaiseElementwisePass> {
  void runOnOperation() override {
    applyPatterns(getOperation(), [](RewritePatternSet &patterns, SymbolicTensors &tensors) {
      patterns.add<Unary, Binary, SoftmaxAndMatMul>(patterns.getContext(), tensors);
    });
  }
};

} // namespace
