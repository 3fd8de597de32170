//===- RaiseActivation.cpp - GELU and SiLU --------------------------------------------------===//
//
//   x/2 * (1 + erf(x / sqrt 2))                         ->   gelu(x)
//   x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))     ->   gelu(x) {tanh}
//   x * sigmoid(1.702 x)                                ->   gelu(x) {quick}
//   x * sigmoid(x)                                      ->   silu(x)
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

namespace intaglio {
#define GEN_PASS_DEF_RAISEACTIVATIONPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

/// The operator, from opset 20 on.
struct GeluOperator : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getOpType() != "Gelu" || op.getInputs().size() != 1 || op.getNumResults() != 1)
      return failure();
    StringRef form = SourceAccess(op).text("approximate", "none");
    if ((form != "none" && form != "tanh") || !getFloatType(op.getInputs()[0]))
      return miss(rewriter, op, "gelu", "the approximation '" + form + "' is not known");
    rewriter.replaceOpWithNewOp<GeluOp>(op, op.getInputs()[0],
                                        form == "none" ? GeluForm::None : GeluForm::Tanh);
    return success();
  }
};

/// Whether both have the same terms, with factors that agree as far as constants in f32 can.
bool isClose(const SymbolicExpr &a, const SymbolicExpr &b) {
  return a.terms.size() == b.terms.size() && all_of(zip(a.terms, b.terms), [](auto pair) {
           auto &[x, y] = pair;
           return x.first == y.first && raise::isClose(x.second, y.second);
         });
}

/// A product that comes down to x and one function of x.
struct DecomposedActivation : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getOpType() != "Mul" || op.getNumResults() != 1 || !getFloatType(op.getResult(0)))
      return failure();
    std::optional<Exprs> shape = tensors.getShape(op.getResult(0));
    Value x;
    SourceOp function;
    SymbolicExpr body = elementOf(op.getResult(0));
    if (!shape || !splitLoads(body, *shape, x, function) || !getFloatType(x))
      return failure();
    SymbolicExpr ofX = elementOf(x), ofF = elementOf(function.getResult(0));
    SymbolicExpr in = elementOf(function.getInputs()[0]);
    if (function.getOpType() == "Sigmoid")
      return rewriteSigmoid(op, x, in, body == context.multiply(ofX, ofF), rewriter);
    // Without the last factor 1/2 it is a part of the pattern.
    SymbolicExpr half = context.multiply(ofX, ofF) + ofX;
    if (isClose(body, half) || isClose(body, context.multiply(ofX, ofF)))
      return failure();
    if (!isClose(body, half * 0.5))
      return miss(rewriter, op, "gelu", "it is not x/2 * (1 + " + function.getOpType() + "(...))");
    return rewriteGelu(op, x, in, function.getOpType() == "Erf", rewriter);
  }

private:
  /// Whether the expression is of two tensors only, x and a function of something.
  bool splitLoads(const SymbolicExpr &body, const Exprs &shape, Value &x,
                  SourceOp &function) const {
    for (const auto &term : body.terms)
      for (const SymbolicAtom *atom : term.first) {
        Value value = getWhole(SymbolicExpr::of(atom), shape);
        auto source = value ? value.getDefiningOp<SourceOp>() : SourceOp();
        bool isFunction = source && is_contained({"Erf", "Tanh", "Sigmoid"}, source.getOpType()) &&
                          source.getInputs().size() == 1;
        if (!value || (isFunction ? function && function != source : x && x != value))
          return false;
        if (isFunction)
          function = source;
        else
          x = value;
      }
    return x && function;
  }

  LogicalResult rewriteSigmoid(SourceOp op, Value x, const SymbolicExpr &in, bool isProduct,
                               PatternRewriter &rewriter) const {
    SymbolicExpr ofX = elementOf(x);
    if (isProduct && in == ofX)
      rewriter.replaceOpWithNewOp<SiluOp>(op, x);
    else if (isProduct && isClose(in, ofX * 1.702))
      rewriter.replaceOpWithNewOp<GeluOp>(op, x, GeluForm::Quick);
    else
      return miss(rewriter, op, "silu or quick gelu",
                  "it is not x * sigmoid(x) nor x * sigmoid(1.702 x)");
    return success();
  }

  LogicalResult rewriteGelu(SourceOp op, Value x, const SymbolicExpr &in, bool isErf,
                            PatternRewriter &rewriter) const {
    SymbolicExpr ofX = elementOf(x), cube = context.multiply(ofX, context.multiply(ofX, ofX));
    SymbolicExpr erf = ofX * 0.70710678118654752,
                 tanh = (ofX + cube * 0.044715) * 0.79788456080286536;
    if (!isClose(in, isErf ? erf : tanh))
      return miss(rewriter, op, "gelu",
                  isErf ? "erf's argument is not x / sqrt(2)"
                        : "tanh's argument is not sqrt(2/pi) * (x + 0.044715 x^3)");
    rewriter.replaceOpWithNewOp<GeluOp>(op, x, isErf ? GeluForm::None : GeluForm::Tanh);
    return success();
  }
};

struct RaiseActivationPass : intaglio::impl::RaiseActivationPassBase<RaiseActivationPass> {
  void runOnOperation() override {
    applyPatterns(getOperation(), [](RewritePatternSet &patterns, SymbolicTensors &tensors) {
      patterns.add<GeluOperator, DecomposedActivation>(patterns.getContext(), tensors);
    });
  }
};

} // namespace
