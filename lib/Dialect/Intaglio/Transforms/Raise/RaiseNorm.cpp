//===- RaiseNorm.cpp - normalizations over the last axis ------------------------------------===//
//
//   n / sqrt(mean(n^2) + epsilon), n = x - mean(x)   ->   layer_norm(x, 1, 0)
//   x / sqrt(mean(x^2) + epsilon)                    ->   rms_norm(x, 1)
//   x / max(sqrt(sum(x^2)), tiny)                    ->   l2_normalize(x)
//   layer_norm(x, g, b) * c, + c                     ->   layer_norm(x, g * c, b * c), b + c
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

#include <cmath>

namespace intaglio {
#define GEN_PASS_DEF_RAISENORMPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

/// An epsilon that guards l2_normalize against a row of zeros and changes nothing else.
constexpr double largestGuard = 1e-5;

Value makeSplat(PatternRewriter &rewriter, Location at, int64_t channels, float value) {
  auto type = RankedTensorType::get({channels}, rewriter.getF32Type());
  return arith::ConstantOp::create(rewriter, at, DenseElementsAttr::get(type, value));
}

/// The operator, from opset 17 on.
struct LayerNormalization : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getOpType() != "LayerNormalization" || op.getInputs().empty())
      return failure();
    SourceAccess access(op);
    Value x = access.input(0), y = op.getResult(0), scale = access.input(1);
    RankedTensorType type = getFloatType(x);
    if (!type || !haveSameShape(x, y) || type.isDynamicDim(type.getRank() - 1))
      return miss(rewriter, op, "layer_norm", "the last axis of x has no fixed size");
    if (normalizeAxis(access.integer("axis", -1), type.getRank()) != type.getRank() - 1)
      return miss(rewriter, op, "layer_norm", "it normalizes more than the last axis");
    if (any_of(op.getResults().drop_front(), [](Value value) { return !value.use_empty(); }))
      return miss(rewriter, op, "layer_norm", "mean or deviation are read too");
    Value gamma = scale ? getChannels(rewriter, scale, y) : Value();
    Value bias = access.input(2);
    Value beta = bias ? getChannels(rewriter, bias, y)
                      : makeSplat(rewriter, op.getLoc(), type.getShape().back(), 0);
    if (!gamma || !beta)
      return miss(rewriter, op, "layer_norm", "gain or bias are no constant vectors");
    double epsilon = access.number("epsilon", 1e-5f);
    if (!(epsilon >= 0) || std::isinf(epsilon))
      return miss(rewriter, op, "layer_norm", "the epsilon is no number of 0 or more");
    Value norm = LayerNormOp::create(rewriter, nameAfter(op.getLoc(), gamma), x, gamma, beta,
                                     APFloat(epsilon));
    tensors.replace(y, norm);
    rewriter.replaceAllUsesWith(y, norm);
    rewriter.eraseOp(op);
    return success();
  }
};

/// What stands under a fraction: a root, its square, and what was reduced.
struct Root {
  SourceOp reduce; ///< ReduceMean, ReduceSum or ReduceL2 over the last axis
  Value reduced;   ///< what it reads
  double epsilon;  ///< added under the root
};

struct RootPattern : SourcePattern {
  using SourcePattern::SourcePattern;

  /// The op that makes one number for each row of a tensor of this shape, `expr` being its element;
  /// it may have kept the last axis or not.
  SourceOp getRowOp(const SymbolicExpr &expr, const Exprs &shape) const {
    Value value = getLoaded(expr);
    auto source = value ? value.getDefiningOp<SourceOp>() : SourceOp();
    if (!source)
      return nullptr;
    Exprs kept = identity(ArrayRef(shape).drop_back()), all = kept;
    all.push_back(SymbolicExpr(0));
    ArrayRef<SymbolicExpr> args = expr.getAtom()->args;
    return args == ArrayRef(kept) || args == ArrayRef(all) ? source : SourceOp();
  }

  /// A reduction over the last axis.
  bool reducesLast(SourceOp op) const {
    SourceAccess access(op);
    std::optional<Exprs> shape = tensors.getShape(op.getInputs()[0]);
    std::optional<SmallVector<int64_t>> axes = access.integers("axes");
    if (Value given = access.input(1))
      if (auto values = tensors.getConstants(given))
        axes = SmallVector<int64_t>(values->begin(), values->end());
    return shape && axes && axes->size() == 1 &&
           normalizeAxis(axes->front(), shape->size()) == int64_t(shape->size()) - 1;
  }

  /// `reduce(...) + epsilon`, `expr` being its element.
  std::optional<Root> findReduction(const SymbolicExpr &expr, const Exprs &shape) const {
    SymbolicExpr rest = expr;
    double epsilon = 0;
    if (auto constant = rest.terms.find({}); constant != rest.terms.end()) {
      epsilon = constant->second;
      rest.terms.erase(constant);
    }
    SourceOp op = getRowOp(rest, shape);
    if (!op || !(epsilon >= 0) || std::isinf(epsilon) || op.getInputs().empty() || !reducesLast(op))
      return std::nullopt;
    StringRef name = op.getOpType();
    if (name != "ReduceMean" && name != "ReduceSum" && name != "ReduceL2")
      return std::nullopt;
    return Root{op, op.getInputs()[0], epsilon};
  }

  /// The root whose element `expr` is: Sqrt, Pow(1/2), or the norm itself; under Clip or Max too.
  std::optional<Root> findRoot(const SymbolicExpr &expr, const Exprs &shape) const {
    SourceOp op = getRowOp(expr, shape);
    if (!op || op.getInputs().empty())
      return std::nullopt;
    SourceAccess access(op);
    StringRef name = op.getOpType();
    Value in = access.input(0), second = access.input(1);
    if (name == "ReduceL2")
      return findReduction(expr, shape);
    std::optional<double> constant = second ? tensors.getSplat(second) : std::nullopt;
    if (name == "Sqrt" || (name == "Pow" && constant == 0.5))
      return findReduction(elementOf(in), shape);
    if ((name == "Clip" && !access.input(2)) || name == "Max") {
      if (name == "Max" && !constant && second && (constant = tensors.getSplat(in)))
        in = second;
      if (!constant || *constant < 0 || *constant > largestGuard)
        return std::nullopt;
      return findRoot(elementOf(in), shape);
    }
    return std::nullopt;
  }

  /// The root of which `value` is the reciprocal.
  std::optional<Root> findReciprocal(const SymbolicExpr &expr, const Exprs &shape) const {
    SourceOp op = getRowOp(expr, shape);
    if (!op || op.getInputs().empty())
      return std::nullopt;
    SourceAccess access(op);
    StringRef name = op.getOpType();
    Value in = access.input(0), second = access.input(1);
    if (name == "Reciprocal")
      return findRoot(elementOf(in), shape);
    if (name == "Div" && second && tensors.getSplat(in) == 1)
      return findRoot(elementOf(second), shape);
    if (name == "Pow" && second && tensors.getSplat(second) == -0.5)
      return findReduction(elementOf(in), shape);
    return std::nullopt;
  }
};

/// A fraction `n / root`, as Div or as a product with the reciprocal.
struct DecomposedNorm : RootPattern {
  using RootPattern::RootPattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    bool isDiv = op.getOpType() == "Div", isMul = op.getOpType() == "Mul";
    std::optional<Exprs> shape;
    if ((!isDiv && !isMul) || op.getInputs().size() != 2 || op.getNumResults() != 1 ||
        !getFloatType(op.getResult(0)) || !(shape = tensors.getShape(op.getResult(0))) ||
        shape->empty())
      return failure();
    for (unsigned index : {1u, 0u}) {
      std::optional<SymbolicExpr> under = tensors.getBodyIn(op.getInputs()[index], *shape);
      std::optional<Root> root;
      if (under && (isMul || index == 1))
        root = isDiv ? findRoot(*under, *shape) : findReciprocal(*under, *shape);
      if (root)
        return rewriteFraction(op, op.getInputs()[1 - index], *root, rewriter);
    }
    return failure();
  }

private:
  /// The value x of which `n` is `x - mean(x)`.
  Value findCentered(Value n) const {
    SymbolicExpr body = elementOf(n);
    Exprs shape = *tensors.getShape(n);
    for (const auto &[monomial, factor] : body.terms) {
      if (factor != -1 || monomial.size() != 1)
        continue;
      SymbolicExpr mean = SymbolicExpr::of(monomial.front());
      SourceOp op = getRowOp(mean, shape);
      if (op && op.getOpType() == "ReduceMean" && !op.getInputs().empty() && reducesLast(op) &&
          elementOf(op.getInputs()[0]) == body + mean)
        return op.getInputs()[0];
    }
    return nullptr;
  }

  LogicalResult rewriteFraction(SourceOp op, Value n, Root root, PatternRewriter &rewriter) const {
    RankedTensorType type = getFloatType(n);
    if (!type || !haveSameShape(n, op.getResult(0)) || type.isDynamicDim(type.getRank() - 1))
      return miss(rewriter, op, "a normalization", "the last axis has no fixed size");
    SymbolicExpr body = elementOf(n), reduced = elementOf(root.reduced);
    bool isL2 = root.reduce.getOpType() == "ReduceL2";
    if (isL2 ? reduced != body : reduced != context.multiply(body, body))
      return miss(rewriter, op, "a normalization",
                  "what is divided is not what the root was made of");
    int64_t channels = type.getShape().back();
    if (root.reduce.getOpType() != "ReduceMean") {
      if (root.epsilon > largestGuard)
        return miss(rewriter, op, "l2_normalize", "the epsilon is too large to be a guard only");
      rewriter.replaceOpWithNewOp<L2NormalizeOp>(op, n);
      return success();
    }
    APFloat epsilon(root.epsilon);
    Value ones = makeSplat(rewriter, op.getLoc(), channels, 1);
    if (Value x = findCentered(n)) {
      Value zeros = makeSplat(rewriter, op.getLoc(), channels, 0);
      rewriter.replaceOpWithNewOp<LayerNormOp>(op, x, ones, zeros, epsilon);
    } else {
      rewriter.replaceOpWithNewOp<RMSNormOp>(op, n, ones, epsilon);
    }
    return success();
  }
};

/// LpNormalization(p = 2) over the last axis.
struct LpNormalization : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getOpType() != "LpNormalization" || op.getInputs().size() != 1 ||
        op.getNumResults() != 1)
      return failure();
    SourceAccess access(op);
    RankedTensorType type = getFloatType(op.getInputs()[0]);
    if (!type || access.integer("p", 2) != 2 || type.getRank() == 0 ||
        normalizeAxis(access.integer("axis", -1), type.getRank()) != type.getRank() - 1)
      return miss(rewriter, op, "l2_normalize", "it is not the 2-norm of the last axis");
    rewriter.replaceOpWithNewOp<L2NormalizeOp>(op, op.getInputs()[0]);
    return success();
  }
};

/// A constant vector times, or plus, a normalization that nothing else reads.
struct NormParameter : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    bool isMul = op.getOpType() == "Mul";
    if ((!isMul && op.getOpType() != "Add") || op.getInputs().size() != 2 ||
        op.getNumResults() != 1)
      return failure();
    for (unsigned index : {0u, 1u}) {
      Value norm = op.getInputs()[index];
      if (!norm.getDefiningOp<LayerNormOp>() && !(isMul && norm.getDefiningOp<RMSNormOp>()))
        continue;
      if (!norm.hasOneUse() || !haveSameShape(norm, op.getResult(0)))
        continue;
      if (Value vector = getChannels(rewriter, op.getInputs()[1 - index], op.getResult(0)))
        return rewriteNorm(op, norm, vector, isMul, rewriter);
    }
    return failure();
  }

private:
  /// The elementwise product or sum of two vectors.
  static Value combine(PatternRewriter &rewriter, Value a, Value b, bool multiply) {
    std::optional<SmallVector<float>> x = readVector(a), y = readVector(b);
    if (!x || !y)
      return nullptr;
    if (all_of(*x, [&](float value) { return value == (multiply ? 1 : 0); }))
      return b;
    for (auto [left, right] : zip(*x, *y))
      left = multiply ? left * right : left + right;
    auto type = cast<RankedTensorType>(a.getType());
    return arith::ConstantOp::create(rewriter, b.getLoc(), makeConstant(type, *x, "norm"));
  }

  static LogicalResult rewriteNorm(SourceOp op, Value norm, Value vector, bool isMul,
                                   PatternRewriter &rewriter) {
    if (auto rms = norm.getDefiningOp<RMSNormOp>()) {
      Value gamma = combine(rewriter, rms.getGamma(), vector, true);
      if (!gamma)
        return failure();
      rewriter.replaceOp(op, RMSNormOp::create(rewriter, nameAfter(rms.getLoc(), gamma), rms.getX(),
                                               gamma, rms.getEpsilon()));
      return success();
    }
    auto layer = norm.getDefiningOp<LayerNormOp>();
    Value gamma = layer.getGamma(), beta = layer.getBeta();
    if (isMul)
      gamma = combine(rewriter, gamma, vector, true);
    std::optional<SmallVector<float>> old = readVector(beta);
    bool isZero = old && all_of(*old, [](float value) { return value == 0; });
    if (!isMul)
      beta = combine(rewriter, beta, vector, false);
    else if (!isZero)
      beta = combine(rewriter, beta, vector, true);
    if (!gamma || !beta)
      return failure();
    rewriter.replaceOp(op, LayerNormOp::create(rewriter, nameAfter(layer.getLoc(), gamma),
                                               layer.getX(), gamma, beta, layer.getEpsilon()));
    return success();
  }
};

struct RaiseNormPass : intaglio::impl::RaiseNormPassBase<RaiseNormPass> {
  void runOnOperation() override {
    applyPatterns(getOperation(), [](RewritePatternSet &patterns, SymbolicTensors &tensors) {
      patterns.add<LayerNormalization, DecomposedNorm, LpNormalization, NormParameter>(
          patterns.getContext(), tensors);
    });
  }
};

} // namespace
