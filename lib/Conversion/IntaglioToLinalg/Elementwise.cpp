//===- Elementwise.cpp - integer ops of one element ----------------------------------------===//

#include "Kernel.h"
#include "intaglio/Conversion/Passes.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace intaglio;

static unsigned resultBits(Operation *op) {
  return cast<ShapedType>(op->getResult(0).getType()).getElementTypeBitWidth();
}

/// `rsh(p, shift) + zp` by one constant, where that is below `2^limit`.
static std::optional<Term> shiftOnto(Term p, int64_t shift, int64_t zp, int64_t limit) {
  int64_t half = (int64_t(1) << shift) >> 1;
  if (shift > limit || std::abs(zp) > ((int64_t(1) << limit) - half) >> shift)
    return std::nullopt;
  return (p + (half + zp * (int64_t(1) << shift))) >> shift;
}

/// 16-bit codes by 16-bit multipliers: products are below 2^30, the shifted ones fit 16 bits.
static LogicalResult lowerNarrowRescale(RescaleOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), op.getMultiplier(), [&](ArrayRef<Term> t) {
    Term p = t[0].toInteger(32) * t[1].toInteger(32);
    if (auto y = shiftOnto(p, op.getShift(), op.getOutputZp(), 29))
      return y->toInteger(16).clamp(int64_t(op.getMin()), int64_t(op.getMax()));
    Term y = rsh(p, op.getShift()) + op.getOutputZp();
    return y.clamp(int64_t(op.getMin()), int64_t(op.getMax()));
  });
}

static LogicalResult lowerRescale(RescaleOp op, PatternRewriter &rewriter) {
  auto isNarrow = [](Value value) { return getElementTypeOrSelf(value.getType()).isInteger(16); };
  if (isNarrow(op.getX()) && isNarrow(op.getMultiplier()) && op.getInputZp() == 0 &&
      op.getShift() >= 17 && op.getShift() <= 30)
    return lowerNarrowRescale(op, rewriter);
  return mapElements(rewriter, op, op.getX(), op.getMultiplier(), [&](ArrayRef<Term> t) {
    // The difference fits i32, so does the clamped result; from a shift of 32 on, or where that is
    // proved, what is clamped.
    Term centred = (t[0].toInteger(32) - op.getInputZp()).toInteger(64);
    Term p = centred * t[1].toInteger(64);
    int64_t shift = op.getShift(), zp = op.getOutputZp(), low = op.getMin(), high = op.getMax();
    auto y = shiftOnto(p, shift, zp, 60);
    bool isWord = op->hasAttr(kWordAttr) || shift >= 32;
    if (y && isWord)
      return y->toInteger(32).clamp(low, high);
    if (y)
      return y->clamp(low, high).toInteger(32);
    return rsh(p, shift).clamp(low - zp, high - zp).toInteger(32) + zp;
  });
}

static LogicalResult lowerAdd(IAddOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, {op.getLhs(), op.getRhs()},
                     {op.getLhsMultiplier(), op.getRhsMultiplier()}, [&](ArrayRef<Term> t) {
                       // Differences, terms and their sum fit i32; the sum's rounding must not
                       // leave it either.
                       auto scaled = [](Term x, int64_t zp, Term multiplier, int64_t shift) {
                         Term centred = (x.toInteger(32) - zp).toInteger(64);
                         return rsh(centred * multiplier.toInteger(64), shift).toInteger(32);
                       };
                       Term l = scaled(t[0], op.getLhsZp(), t[2], op.getLhsShift());
                       Term r = scaled(t[1], op.getRhsZp(), t[3], op.getRhsShift());
                       int64_t half = (int64_t(1) << op.getFraction()) >> 1;
                       Term sum = (l + r).min(int64_t(INT32_MAX) - half);
                       return clampTo(rsh(sum, op.getFraction()) + op.getOutputZp(),
                                      resultBits(op));
                     });
}

static LogicalResult lowerMul(IMulOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, {op.getLhs(), op.getRhs()}, {}, [&](ArrayRef<Term> t) {
    return (t[0].toInteger(32) - op.getLhsZp()) * (t[1].toInteger(32) - op.getRhsZp());
  });
}

static LogicalResult lowerLookup(LookupOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {}, [&](ArrayRef<Term> t) {
    Term index = (t[0].toInteger(32) + 128).toIndex();
    return t[0].wrap(tensor::ExtractOp::create(t[0].build(), op.getTable(), index.get()));
  });
}

/// `intmath::geluNarrow`.
static Term geluNarrow(Term t, int64_t fraction) {
  int64_t limit = 6768 >> (11 - fraction);
  auto high = [](Term a, Term b) {
    return rsh(a.toInteger(32) * b.toInteger(32), 15).toInteger(16);
  };
  // |-2^15| reads as 2^15 without sign, and the limit is below both.
  Term u = t.wrap(arith::MinUIOp::create(t.build(), t.abs().get(), t.constant(limit).get()));
  Term v = (u.constant(limit) - u) << (13 - fraction);
  Term p = high(high(v, v.constant(21297)) - 5783, v) + 751;
  return t.max(0) - high(high(p, v), u + u);
}

static LogicalResult lowerGelu(IGeluOp op, PatternRewriter &rewriter) {
  if (resultBits(op) == 16)
    return mapElements(rewriter, op, op.getX(), {},
                       [&](ArrayRef<Term> t) { return geluNarrow(t[0], op.getFraction()); });
  return mapElements(rewriter, op, op.getX(), {}, [](ArrayRef<Term> terms) {
    Term t = terms[0];
    Term u = t.abs().min(13535);
    Term v = u.constant(13535) - u;
    Term p = rsh(v * 10648, 12) - 11565;
    p = rsh(p * v, 12) + 6010;
    p = rsh(p * v, 14);
    return t.max(0) - rsh(p * u, 17);
  });
}

/// `1 / (1 + e^-|t|)` in 15 fraction bits, then by symmetry (`intmath::sigmoid`).
static Term sigmoid(Term t) {
  Term g = exp2n((t.abs().min(16 << 12) * 23637) >> 11) >> 15;
  Term divisor = g + 32768;
  Term s = ((divisor >> 1) + (1 << 30)) / divisor;
  return t.isNegative().select(s.constant(32768) - s, s);
}

static LogicalResult lowerSigmoid(ISigmoidOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {}, [](ArrayRef<Term> t) { return sigmoid(t[0]); });
}

static LogicalResult lowerTanh(ITanhOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {}, [](ArrayRef<Term> terms) {
    Term t = terms[0];
    Term g = exp2n((t.abs().min(8 << 12) * 23637) >> 10) >> 15;
    Term divisor = g + 32768;
    Term s = (((g.constant(32768) - g) << 15) + (divisor >> 1)) / divisor;
    return t.isNegative().select(s.negate(), s);
  });
}

static LogicalResult lowerSilu(ISiluOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {}, [](ArrayRef<Term> t) {
    Term clamped = t[0].clamp(-(1 << 16), (1 << 16) - 1).toInteger(64);
    return rsh(clamped * sigmoid(t[0]).toInteger(64), 15);
  });
}

static LogicalResult lowerSqrt(ISqrtOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {}, [](ArrayRef<Term> t) {
    // floor(sqrt(x)) = floor(sqrt(x * 2^k)) >> k/2 for even k; brought to 61 or 62 bits.
    Term x = t[0].toUnsigned(64);
    Term k = (x.constant(62) - bitLength(x.max(1))) & -2;
    return squareRoot(x << k) >> (k >> 1);
  });
}

static LogicalResult lowerIbertGelu(IbertGeluOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {}, [&](ArrayRef<Term> terms) {
    Term q = terms[0].toInteger(64);
    Term u = q.abs().min(-op.getB()) + op.getB();
    Term erf = u * u + op.getC();
    Term isZero = q.compare(arith::CmpIPredicate::eq, q.constant(0));
    Term signedErf = q.isNegative().select(erf.negate(), isZero.select(q.constant(0), erf));
    return q * ((signedErf >> op.getN()) + op.getOne());
  });
}

/// Ids of 32 bits, in a kernel of their own.
static LogicalResult lowerWiden(arith::ExtSIOp op, PatternRewriter &rewriter) {
  if (!isa<RankedTensorType>(op.getType()))
    return failure();
  return mapElements(rewriter, op, op.getIn(), {},
                     [](ArrayRef<Term> t) { return t[0].toInteger(64); });
}

void intaglio::populateElementwiseIntegerPatterns(RewritePatternSet &patterns) {
  patterns.add(lowerRescale);
  patterns.add(lowerAdd);
  patterns.add(lowerMul);
  patterns.add(lowerLookup);
  patterns.add(lowerGelu);
  patterns.add(lowerSigmoid);
  patterns.add(lowerTanh);
  patterns.add(lowerSilu);
  patterns.add(lowerSqrt);
  patterns.add(lowerIbertGelu);
  patterns.add(lowerWiden);
}
