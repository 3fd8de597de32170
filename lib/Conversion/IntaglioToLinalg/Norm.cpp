//===- Norm.cpp - integer ops of one row ---------------------------------------------------===//

#include "Kernel.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace intaglio;

static unsigned elementBits(Value value) {
  return cast<ShapedType>(value.getType()).getElementTypeBitWidth();
}

/// The row's factor `r` and shift of `intmath::normalizeRow`, from `V` (i64, positive).
static std::pair<Term, Term> reciprocalRoot(Term V) {
  Term k = (V.constant(62) - bitLength(V)).max(0) & -2;
  Term r = V.constant(int64_t(1) << 52) / squareRoot(V << k);
  return {r, V.constant(36) - (k >> 1)};
}

/// LayerNorm (`beta` given) or RMSNorm of one row.
static Value normRow(ImplicitLocOpBuilder &b, Value x, Value into, Value gamma, Value beta,
                     int64_t epsilon, int64_t shift, int64_t outputZp) {
  int64_t n = cast<ShapedType>(x.getType()).getDimSize(0);
  Term zero = integerTerm(b, 0, 64);
  Term s1 = zero;
  if (beta)
    s1 = reduceRow(b, x, integerTerm(b, 0, 32), [](ArrayRef<Term> t) {
           return t[0] + t[1].toInteger(32);
         }).toInteger(64);
  Term s2 = reduceRow(b, x, zero, [](ArrayRef<Term> t) {
    Term wide = t[1].toInteger(32);
    return t[0] + (wide * wide).toInteger(64);
  });
  auto [r, position] = reciprocalRoot((s2 * n - s1 * s1 + epsilon).max(1));
  SmallVector<Value> rows{x, gamma};
  if (beta)
    rows.push_back(beta);
  // r has at most 23 bits, so has the normal: each product is one of two 32-bit numbers, and says
  // so where vectors have an instruction for that.
  auto word = [](Term wide) { return wide.toInteger(32).toInteger(64); };
  bool isCentredWord = n < 32768;
  Term factor = word(r);
  return mapRow(b, rows, into, [&, position = position](ArrayRef<Term> t) {
    Term centred = t[0].toInteger(64) * n - s1;
    if (isCentredWord)
      centred = (t[0].toInteger(32) * n - s1.toInteger(32)).toInteger(64);
    Term normal = word(rsh(centred * factor, position));
    Term y = normal * t[1].toInteger(64);
    if (beta)
      y = y + t[2];
    return clampTo(rsh(y, shift) + outputZp, elementBits(into));
  });
}

static LogicalResult lowerLayerNorm(ILayerNormOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    return normRow(b, rows[0], into, op.getGamma(), op.getBeta(), op.getEpsilon(), op.getShift(),
                   op.getOutputZp());
  });
}

static LogicalResult lowerRMSNorm(IRMSNormOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    return normRow(b, rows[0], into, op.getGamma(), Value(), op.getEpsilon(), op.getShift(),
                   op.getOutputZp());
  });
}

static LogicalResult lowerL2Normalize(IL2NormalizeOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    Term V = reduceRow(b, rows[0], integerTerm(b, 0, 64), [](ArrayRef<Term> t) {
               Term wide = t[1].toInteger(64);
               return t[0] + wide * wide;
             }).max(1);
    Term k = (V.constant(62) - bitLength(V)) & -2;
    Term r = V.constant(int64_t(1) << 54) / squareRoot(V << k);
    Term position = V.constant(30) - (k >> 1);
    return mapRow(b, rows, into,
                  [&](ArrayRef<Term> t) { return rsh(t[0].toInteger(64) * r, position); });
  });
}

/// `floor(2^(bits + 30) / sum)` for a sum of `bits` bits, 47 at most: in two steps where the
/// dividend would leave 64 bits (`intmath::softmaxRow`).
static Term softmaxReciprocal(Term sum, Term bits) {
  Term later = (bits - 32).max(0);
  Term dividend = sum.constant(1) << (bits + 30 - later);
  Term quotient = dividend / sum, rest = dividend - quotient * sum;
  return (quotient << later) + (rest << later) / sum;
}

static LogicalResult lowerSoftmax(ISoftmaxOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    Term top = reduceRow(b, rows, integerTerm(b, INT32_MIN, 64),
                         [](ArrayRef<Term> t) { return t[0].max(t[1].toInteger(64)); });
    auto exponential = [&](Term x) {
      // Below 2^63, but half a unit of the shift may need the 64th bit.
      Term product = (top - x.toInteger(64)) * op.getMultiplier();
      int64_t half = op.getShift() ? int64_t(1) << (op.getShift() - 1) : 0;
      Term t = (product + half).shiftRightUnsigned(product.constant(op.getShift()));
      return exp2n(t.min((31 << 15) - 1).toInteger(32)).toInteger(64);
    };
    Term sum = reduceRow(b, rows, integerTerm(b, 0, 64),
                         [&](ArrayRef<Term> t) { return t[0] + exponential(t[1]); });
    Term bits = bitLength(sum);
    Term r = softmaxReciprocal(sum, bits);
    Term position = (bits + 22).min(63);
    return mapRow(b, rows, into, [&](ArrayRef<Term> t) {
      Term product = exponential(t[0]) * r;
      Term half = product.constant(1) << (position - 1);
      return (product + half).shiftRightUnsigned(position).min(255);
    });
  });
}

static LogicalResult lowerIbertSoftmax(IbertSoftmaxOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    Term top = reduceRow(b, rows, integerTerm(b, INT32_MIN, 64),
                         [](ArrayRef<Term> t) { return t[0].max(t[1].toInteger(64)); });
    auto exponential = [&](Term x) {
      return ibertNumerator(top - x.toInteger(64), ibertConstantsOf(op));
    };
    Term sum = reduceRow(b, rows, integerTerm(b, 0, 64),
                         [&](ArrayRef<Term> t) { return t[0] + exponential(t[1]); });
    Term factor = sum.constant(int64_t(1) << 32) / sum.max(1);
    return mapRow(b, rows, into,
                  [&](ArrayRef<Term> t) { return (exponential(t[0]) * factor) >> 24; });
  });
}

static LogicalResult lowerIbertLayerNorm(IbertLayerNormOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    int64_t n = cast<ShapedType>(rows[0].getType()).getDimSize(0);
    Term zero = integerTerm(b, 0, 64);
    Term sum = reduceRow(b, rows, zero, [](ArrayRef<Term> t) { return t[0] + t[1].toInteger(64); });
    // rne(sum / n): floor((2 sum + n) / 2n), one less where that is a tie and odd.
    Term wide = sum * 2 + n;
    Term up = sum.wrap(arith::FloorDivSIOp::create(b, wide.get(), sum.constant(2 * n).get()));
    Term tie = (up * (2 * n)).compare(arith::CmpIPredicate::eq, wide);
    Term mean = up - tie.select(up & 1, zero);
    Term squares = reduceRow(b, rows, zero, [&](ArrayRef<Term> t) {
      Term y = (t[1].toInteger(64) - mean) >> op.getPrescale();
      return t[0] + y * y;
    });
    Term k = (zero.constant(62) - bitLength(squares.max(1))) & -2;
    Term std = (squareRoot(squares << k) >> (k >> 1)) << op.getPrescale();
    Term some = std.isNonzero();
    Term f = some.select(std.constant(int64_t(1) << 31) / std.max(1), zero);
    SmallVector<Value> operands{rows[0], op.getBias()};
    std::optional<Term> common; // one multiplier for all channels
    if (cast<ShapedType>(op.getMultiplier().getType()).getDimSize(0) == n)
      operands.push_back(op.getMultiplier());
    else
      common = element(b, op.getMultiplier(), arith::ConstantIndexOp::create(b, 0));
    return mapRow(b, operands, into, [&](ArrayRef<Term> t) {
      Term normal = (((t[0].toInteger(64) - mean) * f) >> 1) + t[1];
      Term multiplier = (common ? *common : t[2]).toInteger(64);
      Term y = rsh(normal * multiplier, op.getShift()) + op.getOutputZp();
      return clampTo(y, elementBits(into));
    });
  });
}

void intaglio::populateNormIntegerPatterns(RewritePatternSet &patterns) {
  patterns.add(lowerLayerNorm);
  patterns.add(lowerRMSNorm);
  patterns.add(lowerL2Normalize);
  patterns.add(lowerSoftmax);
  patterns.add(lowerIbertSoftmax);
  patterns.add(lowerIbertLayerNorm);
}
