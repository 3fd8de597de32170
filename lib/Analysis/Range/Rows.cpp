//===- Rows.cpp - bounds of softmax, normalization and attention ---------------------------===//

#include "Evaluators.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::range;
using intmath::Int128;

void range::requireRow(Operation *op, StringRef constraint, int64_t count, Context &context) {
  context.require(op, "number of elements of a row", constraint, 17,
                  Interval{0, std::max<Int128>(count, 1) - 1});
}

static FailureOr<IntegerRange> evaluateSoftmax(ISoftmaxOp op, ArrayRef<IntegerRange>,
                                               Context &context) {
  requireRow(op, "C-ISOFTMAX-2", context.lastSize(op.getX()), context);
  return IntegerRange(Interval{0, 255});
}

/// The variance, and the bound sqrt(n) * 2^16 of normalized values.
static Interval normalized(Operation *op, StringRef constraint, Value x, const IntegerRange &codes,
                           int64_t epsilon, Context &context) {
  Int128 count = context.lastSize(x);
  Int128 magnitude = codes.hull().magnitude();
  context.require(op, "sum", constraint, 32, Interval{-count * magnitude, count * magnitude});
  context.require(op, "variance", constraint, 64,
                  Interval{0, count * count * magnitude * magnitude + epsilon});
  auto root = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  Int128 bound = (Int128(root) << 16) + 1;
  return {-bound, bound};
}

/// `clamp(rsh(N * gamma + beta, shift) + zp)`.
static FailureOr<IntegerRange> affine(Operation *op, StringRef constraint, const Interval &values,
                                      Value gamma, Value beta, int64_t shift, int64_t zeroPoint,
                                      Context &context) {
  auto factors = constantOf(op, gamma);
  FailureOr<SmallVector<int64_t>> offsets = SmallVector<int64_t>();
  if (beta)
    offsets = constantOf(op, beta);
  if (failed(factors) || failed(offsets))
    return failure();
  auto at = [](ArrayRef<int64_t> elements, size_t channel) {
    int64_t element = elements.empty() ? 0 : elements[elements.size() == 1 ? 0 : channel];
    return Interval{element, element};
  };
  size_t channels = std::max(factors->size(), offsets->size());
  IntegerRange sums = IntegerRange(values).map(channels, [&](size_t channel, const Interval &n) {
    return n * at(*factors, channel) + at(*offsets, channel);
  });
  context.require(op, "sum with beta", constraint, 64, sums);
  return sums.map(1, [&](size_t, const Interval &sum) {
    return (sum.roundShift(shift) + Interval{zeroPoint, zeroPoint}).clampToBits(resultBits(op));
  });
}

static FailureOr<IntegerRange> evaluateLayerNorm(ILayerNormOp op, ArrayRef<IntegerRange> operands,
                                                 Context &context) {
  Interval values =
      normalized(op, "C-ILAYERNORM-1", op.getX(), operands[0], op.getEpsilon(), context);
  return affine(op, "C-ILAYERNORM-1", values, op.getGamma(), op.getBeta(), op.getShift(),
                op.getOutputZp(), context);
}

static FailureOr<IntegerRange> evaluateRMSNorm(IRMSNormOp op, ArrayRef<IntegerRange> operands,
                                               Context &context) {
  Interval values =
      normalized(op, "C-IRMSNORM-1", op.getX(), operands[0], op.getEpsilon(), context);
  return affine(op, "C-IRMSNORM-1", values, op.getGamma(), Value(), op.getShift(), op.getOutputZp(),
                context);
}

static FailureOr<IntegerRange>
evaluateL2Normalize(IL2NormalizeOp op, ArrayRef<IntegerRange> operands, Context &context) {
  Int128 count = context.lastSize(op.getX());
  Int128 magnitude = operands[0].hull().magnitude();
  context.require(op, "sum of squares", "C-IL2NORMALIZE-2", 63,
                  Interval{0, count * magnitude * magnitude});
  Int128 one = (Int128(1) << 24) + 16;
  return IntegerRange(Interval{-one, one});
}

Interval range::boundScores(Operation *op, Value query, int64_t heads,
                            ArrayRef<IntegerRange> operands, StringRef constraint,
                            Context &context) {
  int64_t head = context.sizeOf(query, 2) / heads;
  Interval product = operands[0].hull() * operands[1].hull();
  Interval score = product * Interval{head, head};
  context.require(op, "score", constraint, 32, score);
  requireRow(op, constraint, context.sizeOf(query, 1), context);
  return score;
}

static FailureOr<IntegerRange> evaluateAttention(IAttentionOp op, ArrayRef<IntegerRange> operands,
                                                 Context &context) {
  Interval score =
      boundScores(op, op.getQuery(), op.getNumHeads(), operands, "C-IATTENTION-6", context);
  if (operands[0].hull().low < -127)
    return op.emitOpError("has a query that may hold -128 (C-IATTENTION-6)");
  Interval rounded = score.roundShift(op.getScoreShift());
  context.require(op, "rounded score", "C-IATTENTION-1", 16, rounded);
  Int128 distance = rounded.high - rounded.low + op.getRounding();
  context.require(op, "distance to the maximum", "C-IATTENTION-1", 17, Interval{0, distance});
  Int128 values = operands[2].hull().magnitude() * 255 * context.sizeOf(op.getQuery(), 1);
  context.require(op, "weighted sum", "C-IATTENTION-1", 32, Interval{-values, values});
  return IntegerRange(Interval::ofBits(8));
}

void range::addRows(Evaluators &evaluators) {
  evaluators.add(evaluateSoftmax);
  evaluators.add(evaluateLayerNorm);
  evaluators.add(evaluateRMSNorm);
  evaluators.add(evaluateL2Normalize);
  evaluators.add(evaluateAttention);
}
