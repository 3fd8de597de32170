//===- Attention.cpp - one (sequence, head) pair after the other ---------------------------===//
//
// The kernel's two index arguments bound the range of units: unit u is head u mod H of sequence u /
// H. Each query row needs its scores and numerators only: vectors as long as the sequence, in the
// kernel's scratch memory.
//
//===----------------------------------------------------------------------------------------===//

#include "Kernel.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace intaglio;

namespace {
/// What one query row sees.
struct Head {
  Value query;              ///< [D]
  Value key;                ///< [S, D]
  Value value;              ///< [S, D]
  Value mask;               ///< [S], or null
  Value scores, numerators; ///< [S], memory to write into
};
} // namespace

using HeadFn = llvm::function_ref<Value(ImplicitLocOpBuilder &, const Head &, Value into)>;

/// `scores[j] = sum_d query[d] * key[j, d]` in `zero`'s type.
static Value scores(ImplicitLocOpBuilder &b, const Head &head, Term zero) {
  Value start = linalg::FillOp::create(b, zero.get(), head.scores).getResult(0);
  auto d = [&](unsigned i) { return b.getAffineDimExpr(i); };
  SmallVector<AffineMap> maps{b.getMultiDimIdentityMap(2), AffineMap::get(2, 0, d(1)),
                              AffineMap::get(2, 0, d(0))};
  using utils::IteratorType;
  return linalg::GenericOp::create(b, start.getType(), ValueRange{head.key, head.query}, start,
                                   maps, {IteratorType::parallel, IteratorType::reduction},
                                   [](OpBuilder &nested, Location loc, ValueRange args) {
                                     ImplicitLocOpBuilder inner(loc, nested);
                                     Term k(inner, args[0]), q(inner, args[1]), sum(inner, args[2]);
                                     if (!sum.isFloat()) {
                                       k = k.toInteger(32);
                                       q = q.toInteger(32);
                                     }
                                     linalg::YieldOp::create(inner, (sum + k * q).get());
                                   })
      .getResult(0);
}

/// `keys` words of scratch memory from `first` on, as a tensor whose contents nobody needs.
static Value memory(ImplicitLocOpBuilder &b, Value buffer, Value keys, OpFoldResult first) {
  Value part = memref::SubViewOp::create(b, buffer, ArrayRef{first}, ArrayRef<OpFoldResult>{keys},
                                         ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  auto type = RankedTensorType::get({ShapedType::kDynamic}, getElementTypeOrSelf(part.getType()));
  return bufferization::ToTensorOp::create(b, type, part, /*restrict=*/true, /*writable=*/true);
}

/// Whether a key takes part; `terms` ends in the mask's element where there is a mask.
static Term masked(const Head &head, ArrayRef<Term> terms, Term yes, Term no) {
  return head.mask ? terms.back().isNonzero().select(yes, no) : yes;
}

static SmallVector<Value> withMask(Value row, const Head &head) {
  SmallVector<Value> rows{row};
  if (head.mask)
    rows.push_back(head.mask);
  return rows;
}

/// The loops over units and query rows; `body` makes one row of one head.
static LogicalResult mapHeads(PatternRewriter &rewriter, Operation *op, Value query, Value key,
                              Value value, Value mask, int64_t numHeads, HeadFn body) {
  auto function = op->getParentOfType<func::FuncOp>();
  unsigned arguments = function ? function.getNumArguments() : 0;
  if (arguments < 4 || !function.getArgument(arguments - 3).getType().isIndex())
    return rewriter.notifyMatchFailure(op, "not in a kernel with a range of units");
  Value begin = function.getArgument(arguments - 4), end = function.getArgument(arguments - 3);
  Value scratch = function.getArgument(arguments - 2);
  ImplicitLocOpBuilder b(op->getLoc(), rewriter);
  int64_t width = cast<ShapedType>(query.getType()).getDimSize(2) / numHeads;
  Value into = destination(b, op, query);
  Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1);
  Value heads = arith::ConstantIndexOp::create(b, numHeads);
  Value size = arith::ConstantIndexOp::create(b, width);
  Value count = tensor::DimOp::create(b, query, 1);
  Value keys = tensor::DimOp::create(b, key, 1);
  Value buffer = bufferization::ToBufferOp::create(
      b, MemRefType::get({ShapedType::kDynamic}, getElementTypeOrSelf(scratch.getType())), scratch);
  auto units = scf::ForOp::create(
      b, begin, end, one, into,
      [&](OpBuilder &nested, Location loc, Value unit, ValueRange carried) {
        ImplicitLocOpBuilder o(loc, nested);
        Value row = arith::DivUIOp::create(o, unit, heads);
        Value offset = arith::MulIOp::create(o, arith::RemUIOp::create(o, unit, heads), size);
        Value q = slice(o, query, row, offset, width);
        Head head{Value(),
                  slice(o, key, row, offset, width),
                  slice(o, value, row, offset, width),
                  mask ? slice(o, mask, row) : Value(),
                  Value(),
                  Value()};
        auto rows = scf::ForOp::create(
            o, zero, count, one, carried,
            [&](OpBuilder &deeper, Location, Value i, ValueRange state) {
              ImplicitLocOpBuilder inner(loc, deeper);
              head.query = slice(inner, q, i);
              head.scores = memory(inner, buffer, keys, inner.getIndexAttr(0));
              head.numerators = memory(inner, buffer, keys, keys);
              SmallVector<OpFoldResult> offsets{row, i, offset};
              SmallVector<OpFoldResult> sizes{inner.getIndexAttr(1), inner.getIndexAttr(1),
                                              inner.getIndexAttr(width)};
              SmallVector<OpFoldResult> strides(3, inner.getIndexAttr(1));
              auto part =
                  RankedTensorType::get(width, cast<ShapedType>(into.getType()).getElementType());
              Value place =
                  tensor::ExtractSliceOp::create(inner, part, state[0], offsets, sizes, strides);
              Value done = body(inner, head, place);
              Value all =
                  tensor::InsertSliceOp::create(inner, done, state[0], offsets, sizes, strides);
              scf::YieldOp::create(inner, all);
            });
        scf::YieldOp::create(o, rows.getResults());
      });
  rewriter.replaceOp(op, units.getResults());
  return success();
}

static LogicalResult lowerIntegerAttention(IAttentionOp op, PatternRewriter &rewriter) {
  return mapHeads(
      rewriter, op, op.getQuery(), op.getKey(), op.getValue(), op.getMask(), op.getNumHeads(),
      [&](ImplicitLocOpBuilder &b, const Head &head, Value into) {
        Value c = scores(b, head, integerTerm(b, 0, 32));
        auto rounded = [&](Term score) { return rsh(score, op.getScoreShift()); };
        Term top =
            reduceRow(b, withMask(c, head), integerTerm(b, -(1 << 15), 32), [&](ArrayRef<Term> t) {
              return masked(head, t, t[0].max(rounded(t[1])), t[0]);
            });
        Value e = mapRow(b, withMask(c, head), head.numerators, [&](ArrayRef<Term> t) {
          Term d = (top - rounded(t[0]) + op.getRounding()).max(0).min(65535) * op.getStep();
          Term index = d.shiftRightUnsigned(d.constant(16)).min(255).toIndex();
          Term entry =
              t[0].wrap(tensor::ExtractOp::create(t[0].build(), op.getTable(), index.get()));
          return masked(head, t.drop_back(), entry.toUnsigned(32), t[0].constant(0));
        });
        Term sum =
            reduceRow(b, e, integerTerm(b, 0, 32), [](ArrayRef<Term> t) { return t[0] + t[1]; });
        Value start = filled(b, head.value, 1, integerTerm(b, 0, 32));
        Value acc = reduceColumns(b, head.value, e, start, [](ArrayRef<Term> t) {
          return t[0] + t[1].toInteger(32) * t[2];
        });
        Term wide = sum.toUnsigned(64).max(1);
        Term r = wide.constant(op.getNumerator()) / wide;
        return mapRow(b, acc, into, [&](ArrayRef<Term> t) {
          Term y =
              t[0].toInteger(64) * r + (int64_t(1) << 31) + op.getOutputZp() * (int64_t(1) << 32);
          return clampTo(y >> 32, 8);
        });
      });
}

static LogicalResult lowerIbertAttention(IbertAttentionOp op, PatternRewriter &rewriter) {
  return mapHeads(
      rewriter, op, op.getQuery(), op.getKey(), op.getValue(), op.getMask(), op.getNumHeads(),
      [&](ImplicitLocOpBuilder &b, const Head &head, Value into) {
        Value c = scores(b, head, integerTerm(b, 0, 32));
        Term top =
            reduceRow(b, withMask(c, head), integerTerm(b, INT32_MIN, 32), [&](ArrayRef<Term> t) {
              return masked(head, t, t[0].max(t[1]), t[0]);
            }).toInteger(64);
        Value e = mapRow(b, withMask(c, head), head.numerators, [&](ArrayRef<Term> t) {
          // A masked score may lie above the maximum.
          Term distance = (top - t[0].toInteger(64)).max(0);
          Term numerator = ibertNumerator(distance, ibertConstantsOf(op)).toInteger(32);
          return masked(head, t.drop_back(), numerator, t[0].constant(0));
        });
        Term sum = reduceRow(b, e, integerTerm(b, 0, 64),
                             [](ArrayRef<Term> t) { return t[0] + t[1].toInteger(64); });
        Term factor = sum.constant(int64_t(1) << 32) / sum.max(1);
        Value p =
            mapRow(b, e, c, [&](ArrayRef<Term> t) { return (t[0].toInteger(64) * factor) >> 24; });
        Value start = filled(b, head.value, 1, integerTerm(b, 0, 32));
        Value acc = reduceColumns(b, head.value, p, start, [](ArrayRef<Term> t) {
          return t[0] + t[1].toInteger(32) * t[2];
        });
        return mapRow(b, acc, into, [&](ArrayRef<Term> t) {
          Term product = t[0].toInteger(64) * op.getOutputMultiplier();
          return clampTo(rsh(product, op.getOutputShift()) + op.getOutputZp(), 8);
        });
      });
}

static LogicalResult lowerAttention(AttentionOp op, PatternRewriter &rewriter) {
  double scale = op.getScale().convertToDouble();
  return mapHeads(
      rewriter, op, op.getQuery(), op.getKey(), op.getValue(), op.getMask(), op.getNumHeads(),
      [&](ImplicitLocOpBuilder &b, const Head &head, Value into) {
        Value c = scores(b, head, floatTerm(b, 0));
        Term top = reduceRow(b, withMask(c, head), floatTerm(b, -3.0e38), [&](ArrayRef<Term> t) {
          return masked(head, t, t[0].max(t[1]), t[0]);
        });
        Value e = mapRow(b, withMask(c, head), head.numerators, [&](ArrayRef<Term> t) {
          Term distance = ((t[0] - top) * scale).min(0.0);
          Term power = t[0].wrap(math::ExpOp::create(t[0].build(), distance.get()));
          return masked(head, t.drop_back(), power, t[0].constant(0));
        });
        Term sum = reduceRow(b, e, floatTerm(b, 0), [](ArrayRef<Term> t) { return t[0] + t[1]; });
        Value start = filled(b, head.value, 1, floatTerm(b, 0));
        Value acc = reduceColumns(b, head.value, e, start,
                                  [](ArrayRef<Term> t) { return t[0] + t[1] * t[2]; });
        // A row with a key sums to at least 1 (its maximum), a row without to 0.
        Term divisor = sum.max(1.0);
        return mapRow(b, acc, into, [&](ArrayRef<Term> t) { return t[0] / divisor; });
      });
}

void intaglio::populateAttentionPatterns(RewritePatternSet &patterns) {
  patterns.add(lowerIntegerAttention);
  patterns.add(lowerIbertAttention);
  patterns.add(lowerAttention);
}
