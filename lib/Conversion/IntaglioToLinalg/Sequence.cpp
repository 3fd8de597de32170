//===- Sequence.cpp - embeddings, positions, pooling ---------------------------------------===//

#include "Kernel.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace intaglio;

static Value toIndex(ImplicitLocOpBuilder &b, Value id) { return Term(b, id).toIndex().get(); }

static LogicalResult lowerIntegerEmbedding(IEmbeddingOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getIds(), [&](auto &b, ArrayRef<Value> ids, Value into) {
    Value id = toIndex(b, ids[0]);
    Term multiplier = element(b, op.getMultiplier(), id).toInteger(64);
    unsigned bits = cast<ShapedType>(into.getType()).getElementTypeBitWidth();
    return mapRow(b, slice(b, op.getTable(), id), into, [&](ArrayRef<Term> t) {
      Term y = rsh(t[0].toInteger(64) * multiplier, op.getShift());
      return clampTo(y + op.getOutputZp(), bits);
    });
  });
}

static LogicalResult lowerEmbedding(EmbeddingOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getIds(), [&](auto &b, ArrayRef<Value> ids, Value into) {
    return mapRow(b, slice(b, op.getTable(), toIndex(b, ids[0])), into,
                  [](ArrayRef<Term> t) { return t[0]; });
  });
}

/// One position of RoBERTa's rule: the count so far and the new element.
static LogicalResult lowerPositionIds(PositionIdsOp op, PatternRewriter &rewriter) {
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  Value into = destination(b, op, op.getIds());
  Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1);
  Value batch = tensor::DimOp::create(b, op.getIds(), 0);
  Value sequence = tensor::DimOp::create(b, op.getIds(), 1);
  auto outer = scf::ForOp::create(
      b, zero, batch, one, into,
      [&](OpBuilder &nested, Location loc, Value row, ValueRange carried) {
        ImplicitLocOpBuilder o(loc, nested);
        Value start = arith::ConstantIntOp::create(o, 0, 64);
        auto inner = scf::ForOp::create(
            o, zero, sequence, one, ValueRange{carried[0], start},
            [&](OpBuilder &deeper, Location, Value s, ValueRange state) {
              ImplicitLocOpBuilder i(loc, deeper);
              Term count(i, state[1]);
              Term position = count;
              Term next = count + 1;
              if (std::optional<int64_t> padding = op.getPaddingId()) {
                Term id(i, tensor::ExtractOp::create(i, op.getIds(), ValueRange{row, s}));
                Term real = id.compare(arith::CmpIPredicate::ne, id.constant(*padding));
                next = real.select(count + 1, count);
                position = real.select(next + *padding, id.constant(*padding));
              }
              Value written =
                  tensor::InsertOp::create(i, position.get(), state[0], ValueRange{row, s});
              scf::YieldOp::create(i, ValueRange{written, next.get()});
            });
        scf::YieldOp::create(o, inner.getResult(0));
      });
  rewriter.replaceOp(op, outer.getResults());
  return success();
}

/// One token of `rope`: `x` is `[channels]`, the angles are `[half]`. A channel is rotated with its
/// partner, half a head away, or beside it where `interleaved` (`intmath::rope`).
static Value rotateToken(ImplicitLocOpBuilder &b, Value x, Value cos, Value sin, Value into,
                         bool interleaved) {
  int64_t half = cast<ShapedType>(cos.getType()).getDimSize(0);
  return mapRow(b, x, into, [&](ArrayRef<Term> t) {
    ImplicitLocOpBuilder &inner = t[0].build();
    Value index = linalg::IndexOp::create(inner, 0);
    Term channel(inner, arith::IndexCastOp::create(inner, inner.getI64Type(), index));
    Term inHead = channel % (2 * half);
    int64_t distance = interleaved ? 1 : half;
    Term isFirst = (inHead / distance % 2).compare(arith::CmpIPredicate::eq, channel.constant(0));
    Value angle = (interleaved ? inHead / 2 : inHead % half).toIndex().get();
    Term own = t[0], c = element(inner, cos, angle), s = element(inner, sin, angle);
    Term other =
        element(inner, x, isFirst.select(channel + distance, channel - distance).toIndex().get());
    if (!own.isFloat())
      for (Term *term : {&own, &other, &c, &s})
        *term = term->toInteger(32);
    Term y = own * c + isFirst.select(other.negate(), other) * s;
    return y.isFloat() ? y : rsh(y, 14);
  });
}

template <typename Op>
static LogicalResult lowerRope(Op op, PatternRewriter &rewriter) {
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  Value into = destination(b, op, op.getX());
  Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1);
  Value batch = tensor::DimOp::create(b, op.getX(), 0);
  Value sequence = tensor::DimOp::create(b, op.getX(), 1);
  auto outer = scf::ForOp::create(
      b, zero, batch, one, into,
      [&](OpBuilder &nested, Location loc, Value row, ValueRange carried) {
        ImplicitLocOpBuilder o(loc, nested);
        Value x = slice(o, op.getX(), row);
        auto tokens = scf::ForOp::create(
            o, zero, sequence, one, slice(o, carried[0], row),
            [&](OpBuilder &deeper, Location, Value s, ValueRange state) {
              ImplicitLocOpBuilder i(loc, deeper);
              Value token =
                  rotateToken(i, slice(i, x, s), slice(i, op.getCos(), s), slice(i, op.getSin(), s),
                              slice(i, state[0], s), op.getInterleaved());
              scf::YieldOp::create(i, insert(i, token, state[0], s));
            });
        scf::YieldOp::create(o, insert(o, tokens.getResult(0), carried[0], row));
      });
  rewriter.replaceOp(op, outer.getResults());
  return success();
}

/// Sum or maximum over the tokens that take part: a row of `element`.
static Value reduceTokens(ImplicitLocOpBuilder &b, Value x, Value mask, Term init,
                          llvm::function_ref<Term(Term, Term)> combine) {
  SmallVector<Value> weights;
  if (mask)
    weights.push_back(mask);
  Value start = filled(b, x, 1, init);
  return reduceColumns(b, x, weights, start, [&](ArrayRef<Term> t) {
    Term value = init.isFloat() ? t[1] : t[1].toInteger(init.type().getIntOrFloatBitWidth());
    Term next = combine(t[0], value);
    return mask ? t[2].isNonzero().select(next, t[0]) : next;
  });
}

/// How many tokens of a sequence take part, i64.
static Term countTokens(ImplicitLocOpBuilder &b, Value x, Value mask) {
  if (!mask) {
    Value size = tensor::DimOp::create(b, x, 0);
    return Term(b, arith::IndexCastOp::create(b, b.getI64Type(), size));
  }
  return reduceRow(b, mask, integerTerm(b, 0, 64),
                   [](ArrayRef<Term> t) { return t[0] + t[1].isNonzero().toUnsigned(64); });
}

/// The pooled row of one sequence; `mean` finishes a sum given the count.
static Value poolRow(ImplicitLocOpBuilder &b, PoolKind kind, Value x, Value mask, Value into,
                     Term zero, Term lowest, llvm::function_ref<Term(Term, Term)> mean) {
  if (kind == PoolKind::Cls) {
    Value first = slice(b, x, arith::ConstantIndexOp::create(b, 0));
    return mapRow(b, first, into, [](ArrayRef<Term> t) { return t[0]; });
  }
  Term count = countTokens(b, x, mask);
  if (kind == PoolKind::Mean) {
    Value sum = reduceTokens(b, x, mask, zero, [](Term a, Term v) { return a + v; });
    return mapRow(b, sum, into, [&](ArrayRef<Term> t) { return mean(t[0], count.max(1)); });
  }
  Value top = reduceTokens(b, x, mask, lowest, [](Term a, Term v) { return a.max(v); });
  return mapRow(b, top, into,
                [&](ArrayRef<Term> t) { return count.isNonzero().select(t[0], zero); });
}

static LogicalResult lowerIntegerPool(IPoolOp op, PatternRewriter &rewriter) {
  SmallVector<Value> inputs{op.getX()};
  if (op.getMask())
    inputs.push_back(op.getMask());
  return mapRows(rewriter, op, inputs, [&](auto &b, ArrayRef<Value> x, Value into) {
    Value mask = x.size() > 1 ? x[1] : Value();
    return poolRow(
        b, op.getKind(), x[0], mask, into, integerTerm(b, 0, 64), integerTerm(b, INT16_MIN, 64),
        [](Term sum, Term count) { return rsh(sum * (count.constant(1 << 30) / count), 22); });
  });
}

static LogicalResult lowerPool(PoolOp op, PatternRewriter &rewriter) {
  SmallVector<Value> inputs{op.getX()};
  if (op.getMask())
    inputs.push_back(op.getMask());
  return mapRows(rewriter, op, inputs, [&](auto &b, ArrayRef<Value> x, Value into) {
    Value mask = x.size() > 1 ? x[1] : Value();
    return poolRow(
        b, op.getKind(), x[0], mask, into, floatTerm(b, 0), floatTerm(b, -3.0e38),
        [](Term sum, Term count) {
          return sum / sum.wrap(arith::SIToFPOp::create(count.build(), sum.type(), count.get()));
        });
  });
}

void intaglio::populateSequencePatterns(RewritePatternSet &patterns) {
  patterns.add(lowerIntegerEmbedding);
  patterns.add(lowerEmbedding);
  patterns.add(lowerPositionIds);
  patterns.add(lowerRope<IRopeOp>);
  patterns.add(lowerRope<RopeOp>);
  patterns.add(lowerIntegerPool);
  patterns.add(lowerPool);
}
