//===- RaisePool.cpp - one row for each sequence --------------------------------------------===//
//
//   ReduceSum(x * mask, 1) / Clip(ReduceSum(mask, 1), tiny)   ->   pool(x, mask) {mean}
//   ReduceMax(Where(mask, x, -1e9), 1)                        ->   pool(x, mask) {max}
//   Gather(x, 0, axis 1)                                      ->   pool(x) {cls}
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

#include "Masks.h"

namespace intaglio {
#define GEN_PASS_DEF_RAISEPOOLPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

struct PoolPattern : SourcePattern {
  using SourcePattern::SourcePattern;

protected:
  /// What the op reduces when it does so over axis 1 of a tensor [batch, sequence, channels].
  Value getReduced(SourceOp op, StringRef name) const {
    if (!op || op.getOpType() != name || op.getInputs().empty() || op.getNumResults() != 1)
      return nullptr;
    SourceAccess access(op);
    Value x = op.getInputs()[0];
    RankedTensorType type = getFloatType(x);
    std::optional<SmallVector<int64_t>> axes = access.integers("axes");
    if (Value given = access.input(1))
      if (auto values = tensors.getConstants(given))
        axes = SmallVector<int64_t>(values->begin(), values->end());
    bool isTokens = type && type.getRank() == 3 && axes && axes->size() == 1 &&
                    normalizeAxis(axes->front(), 3) == 1;
    return isTokens ? x : Value();
  }

  /// A tensor of which the elements of `expr`, [batch, channels], are one for each of these.
  SourceOp getRow(const SymbolicExpr &expr, const Exprs &shape) const {
    Value value = getLoaded(expr);
    auto source = value ? value.getDefiningOp<SourceOp>() : SourceOp();
    Exprs at = identity(shape);
    ArrayRef<SymbolicExpr> args =
        source ? ArrayRef(expr.getAtom()->args) : ArrayRef<SymbolicExpr>();
    Exprs kept = {at[0], SymbolicExpr(0), at[1]};
    return args == ArrayRef(at) || args == ArrayRef(kept) ? source : SourceOp();
  }
};

/// `sum(x * mask) / sum(mask)` over the tokens, the divisor guarded or not.
struct MeanPool : PoolPattern {
  using PoolPattern::PoolPattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getOpType() != "Div" || op.getInputs().size() != 2 || op.getNumResults() != 1)
      return failure();
    std::optional<Exprs> shape = tensors.getShape(op.getResult(0));
    if (!shape || shape->size() != 2)
      return failure();
    std::optional<SymbolicExpr> top = tensors.getBodyIn(op.getInputs()[0], *shape);
    Value summed = top ? getReduced(getRow(*top, *shape), "ReduceSum") : Value();
    if (!summed)
      return failure();
    Value x, mask;
    if (!splitProduct(summed, x, mask))
      return miss(rewriter, op, "pool (mean)", "what is summed is not x * mask");
    if (!isCount(op.getInputs()[1], *shape, mask))
      return miss(rewriter, op, "pool (mean)", "the divisor is not the sum of the mask");
    rewriter.replaceOpWithNewOp<PoolOp>(op, x, widenIndices(rewriter, mask), PoolKind::Mean);
    return success();
  }

private:
  /// `x[b, s, c] * mask[b, s]`.
  bool splitProduct(Value product, Value &x, Value &mask) const {
    SymbolicExpr body = elementOf(product);
    Exprs at = identity(*tensors.getShape(product));
    if (body.terms.size() != 1 || body.terms.begin()->second != 1 ||
        body.terms.begin()->first.size() != 2)
      return false;
    for (const SymbolicAtom *atom : body.terms.begin()->first) {
      Value value = tensors.getLoaded(*atom);
      if (!value)
        return false;
      (getFloatType(value) ? x : mask) = value;
    }
    return x && isa_and_nonnull<BlockArgument>(mask) && holdsIndices(mask) &&
           haveSameShape(x, product) &&
           body == context.multiply(tensors.load(x, at), tensors.load(mask, {at[0], at[1]}));
  }

  /// The number of tokens that take part, perhaps at least a tiny number.
  bool isCount(Value value, const Exprs &shape, Value mask) const {
    std::optional<SymbolicExpr> body = tensors.getBodyIn(value, shape);
    if (!body)
      return false;
    if (Value guarded = getLoaded(*body)) {
      auto source = guarded.getDefiningOp<SourceOp>();
      bool isGuard = source && (source.getOpType() == "Clip" || source.getOpType() == "Max");
      SourceAccess access(source);
      std::optional<double> least =
          isGuard && access.input(1) ? tensors.getSplat(access.input(1)) : std::nullopt;
      if (!least || *least > 1 || access.input(2))
        return false;
      body = tensors.getBodyIn(access.input(0), *tensors.getShape(guarded));
    }
    const SymbolicAtom *sum = body ? body->getAtom() : nullptr;
    Exprs at = identity(*tensors.getShape(mask));
    return sum && sum->kind == SymbolicAtom::Sum && sum->number == 1 &&
           sum->args[0] == tensors.load(mask, at) && sum->args[1] == at[0];
  }
};

/// The mean or the maximum of all tokens, or the maximum of those that take part.
struct ReducePool : PoolPattern {
  using PoolPattern::PoolPattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    std::optional<Exprs> shape =
        op.getNumResults() == 1 ? tensors.getShape(op.getResult(0)) : std::nullopt;
    if (!shape || shape->size() != 2)
      return failure();
    if (Value x = getReduced(op, "ReduceMean")) {
      rewriter.replaceOpWithNewOp<PoolOp>(op, x, Value(), PoolKind::Mean);
      return success();
    }
    Value reduced = getReduced(op, "ReduceMax");
    if (!reduced)
      return failure();
    Value x = findData(reduced);
    if (!x)
      return miss(rewriter, op, "pool (max)", "it is not the maximum of one tensor and a mask");
    MaskedValue masked = splitMask(tensors, reduced, x, 1, /*shifts=*/false);
    if (!masked.problem.empty() || masked.factor != 1)
      return miss(rewriter, op, "pool (max)",
                  masked.problem.empty() ? "the data is scaled" : masked.problem);
    rewriter.replaceOpWithNewOp<PoolOp>(op, x, widenIndices(rewriter, masked.mask), PoolKind::Max);
    return success();
  }

private:
  /// The one float tensor of the same shape in it.
  Value findData(Value value) const {
    Value found;
    bool single = true;
    forEachAtom(elementOf(value), [&](const SymbolicAtom &atom) {
      Value data = tensors.getLoaded(atom);
      if (!data || !getFloatType(data))
        return;
      single &= !found || found == data;
      found = data;
    });
    return found && single && haveSameShape(found, value) ? found : Value();
  }
};

/// The first token of each sequence.
struct FirstToken : PoolPattern {
  using PoolPattern::PoolPattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getNumResults() != 1 || !getFloatType(op.getResult(0)))
      return failure();
    std::optional<Exprs> shape = tensors.getShape(op.getResult(0));
    SymbolicExpr body = elementOf(op.getResult(0));
    Value x = getLoaded(body);
    if (!shape || shape->size() != 2 || !x || !getFloatType(x) || getFloatType(x).getRank() != 3 ||
        x.getDefiningOp<arith::ConstantOp>())
      return failure();
    Exprs at = identity(*shape), all = *tensors.getShape(x);
    if (all[0] != (*shape)[0] || all[2] != (*shape)[1] ||
        body != tensors.load(x, {at[0], SymbolicExpr(0), at[1]}))
      return failure();
    rewriter.replaceOpWithNewOp<PoolOp>(op, x, Value(), PoolKind::Cls);
    return success();
  }
};

struct RaisePoolPass : intaglio::impl::RaisePoolPassBase<RaisePoolPass> {
  void runOnOperation() override {
    applyPatterns(getOperation(), [](RewritePatternSet &patterns, SymbolicTensors &tensors) {
      patterns.add<MeanPool, ReducePool, FirstToken>(patterns.getContext(), tensors);
    });
  }
};

} // namespace
