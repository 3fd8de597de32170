//===- RaiseAttention.cpp - scaled dot-product attention ------------------------------------===//
//
//   q', k', v' = heads of q, k, v           [batch, heads, sequence, head]
//   p = Softmax(s * MatMul(q', k'^T) and a mask over keys)
//   y = heads of MatMul(p, v') side by side
//     ->   y = attention(q, k, v, mask) {num_heads, scale}
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

#include "Masks.h"

namespace intaglio {
#define GEN_PASS_DEF_RAISEATTENTIONPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

struct AttentionPattern : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    RankedTensorType type = op.getNumResults() == 1 ? getFloatType(op.getResult(0)) : nullptr;
    if (!type || type.getRank() != 3)
      return failure();
    SourceOp context = getSource(getLoaded(elementOf(op.getResult(0))), "MatMul");
    SourceOp softmax = context ? findSoftmax(context) : SourceOp();
    if (!softmax)
      return failure();
    auto fail = [&](const Twine &why) { return miss(rewriter, op, "attention", why); };
    std::optional<Exprs> shape = tensors.getShape(context.getResult(0));
    if (!shape || shape->size() != 4 || !(*shape)[1].getConstant() || !(*shape)[3].getConstant())
      return fail("the heads have no fixed number and size");
    SourceOp scores = findScores(softmax);
    if (!scores)
      return fail("the softmax is not of one product of queries and keys");
    Heads heads = {(*shape)[0], (*shape)[2], *(*shape)[1].getConstant(),
                   *(*shape)[3].getConstant()};
    if (!isJoined(op.getResult(0), context.getResult(0), heads))
      return fail("the heads are not put side by side");
    std::optional<Part> q = findPart(scores.getInputs()[0], heads, false),
                        k = findPart(scores.getInputs()[1], heads, true),
                        v = findPart(context.getInputs()[1], heads, false);
    if (!q || !k || !v)
      return fail((!q   ? "the queries are"
                   : !k ? "the keys are"
                        : "the values are") +
                  Twine(" not the heads of one tensor [batch, sequence, channels]"));
    if (v->factor != 1)
      return fail("the values are scaled");
    MaskedValue masked = splitMask(tensors, softmax.getInputs()[0], scores.getResult(0), 3);
    if (!masked.problem.empty())
      return fail(masked.problem);
    double scale = q->factor * k->factor * masked.factor;
    Location at = getLocation(op, scores);
    rewriter.replaceOp(op, AttentionOp::create(rewriter, at, q->value, k->value, v->value,
                                               widenIndices(rewriter, masked.mask),
                                               int64_t(heads.count), APFloat(scale)));
    return success();
  }

private:
  /// Sizes of `[batch, count, sequence, size]`.
  struct Heads {
    SymbolicExpr batch, sequence;
    double count, size;
  };

  /// `factor * value`, split into heads.
  struct Part {
    Value value;
    double factor;
  };

  /// The softmax over the last axis that a product's left operand is.
  SourceOp findSoftmax(SourceOp product) const {
    if (product.getInputs().size() != 2)
      return nullptr;
    std::optional<Exprs> shape = tensors.getShape(product.getInputs()[0]);
    if (!shape)
      return nullptr;
    SourceOp softmax = getSource(getWhole(elementOf(product.getInputs()[0]), *shape), "Softmax");
    bool isLast = softmax && softmax.getInputs().size() == 1 &&
                  normalizeAxis(SourceAccess(softmax).integer("axis", -1), shape->size()) ==
                      int64_t(shape->size()) - 1;
    return isLast ? softmax : SourceOp();
  }

  /// The one product that is in what the softmax reads.
  SourceOp findScores(SourceOp softmax) const {
    SourceOp found;
    bool single = true;
    forEachAtom(elementOf(softmax.getInputs()[0]), [&](const SymbolicAtom &atom) {
      SourceOp product = getSource(tensors.getLoaded(atom), "MatMul");
      single &= !product || !found || found == product;
      if (product)
        found = product;
    });
    bool usable = found && single && found.getInputs().size() == 2 &&
                  haveSameShape(found.getResult(0), softmax.getInputs()[0]);
    return usable ? found : SourceOp();
  }

  /// Whether `value` [batch, sequence, count * size] is `context` with its heads side by side.
  bool isJoined(Value value, Value joined, const Heads &heads) const {
    Exprs shape = {heads.batch, heads.sequence, heads.count * heads.size};
    Exprs at = identity(shape);
    SymbolicExpr head = context.make(SymbolicAtom::FloorDiv, 0, {at[2], heads.size}, shape),
                 inner = context.make(SymbolicAtom::Mod, 0, {at[2], heads.size}, shape);
    return tensors.getShape(value) == shape &&
           elementOf(value) == tensors.load(joined, {at[0], head, at[1], inner});
  }

  /// What `value` [batch, count, sequence, size] (transposed: the last two swapped) is the heads
  /// of.
  std::optional<Part> findPart(Value value, const Heads &heads, bool transposed) const {
    Exprs shape = {heads.batch, heads.count, heads.sequence, heads.size};
    if (transposed)
      std::swap(shape[2], shape[3]);
    SymbolicExpr body = elementOf(value);
    if (tensors.getShape(value) != shape || body.terms.size() != 1)
      return std::nullopt;
    double factor = body.terms.begin()->second;
    SymbolicExpr element = body * (1 / factor);
    Value whole = element.terms.begin()->first.size() == 1
                      ? tensors.getLoaded(*element.terms.begin()->first.front())
                      : Value();
    if (!whole || !getFloatType(whole))
      return std::nullopt;
    Exprs at = identity(shape);
    SymbolicExpr row = at[transposed ? 3 : 2], inner = at[transposed ? 2 : 3];
    SymbolicExpr expected =
        tensors.load(whole, {at[0], row, at[1] * SymbolicExpr(heads.size) + inner});
    Exprs flat = {heads.batch, heads.sequence, heads.count * heads.size};
    if (tensors.getShape(whole) != flat ||
        element.terms.begin()->first != expected.terms.begin()->first)
      return std::nullopt;
    return Part{whole, factor};
  }

  /// Named after the module that the product of queries and keys stands in.
  static Location getLocation(SourceOp op, SourceOp scores) {
    auto name = dyn_cast<NameLoc>(scores.getLoc());
    auto [module, leaf] =
        name ? name.getName().getValue().rsplit('/') : std::pair<StringRef, StringRef>();
    if (module.empty() || leaf.empty())
      return scores.getLoc();
    return NameLoc::get(StringAttr::get(op.getContext(), module), name.getChildLoc());
  }
};

struct RaiseAttentionPass : intaglio::impl::RaiseAttentionPassBase<RaiseAttentionPass> {
  void runOnOperation() override {
    applyPatterns(getOperation(), [](RewritePatternSet &patterns, SymbolicTensors &tensors) {
      patterns.add<AttentionPattern>(patterns.getContext(), tensors);
    });
  }
};

} // namespace
