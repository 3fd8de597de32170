//===- Sequences.cpp - bounds of embeddings, rotary positions and pooling ------------------===//

#include "Evaluators.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::range;
using intmath::Int128;

static FailureOr<IntegerRange> evaluatePositionIds(PositionIdsOp op, ArrayRef<IntegerRange>,
                                                   Context &context) {
  int64_t last = context.sizeOf(op.getIds(), 1) - 1;
  if (std::optional<int64_t> padding = op.getPaddingId())
    return IntegerRange(Interval{*padding, *padding + 1 + last});
  return IntegerRange(Interval{0, last});
}

/// Ids in another width are the same.
static FailureOr<IntegerRange> evaluateWiden(arith::ExtSIOp, ArrayRef<IntegerRange> operands,
                                             Context &) {
  return operands[0];
}

static FailureOr<IntegerRange> evaluateEmbedding(IEmbeddingOp op, ArrayRef<IntegerRange> operands,
                                                 Context &context) {
  int64_t rows = op.getTable().getType().getDimSize(0);
  Interval ids = operands[2].hull();
  if (ids.low < 0 || ids.high >= rows)
    return op.emitOpError("reads rows ")
           << int64_t(ids.low) << " ... " << int64_t(ids.high) << " of a table of " << rows
           << " (C-EMBEDDING-2); an `intaglio.range` on the input or an `intaglio.max_dims` on "
              "@main bounds them";
  auto multipliers = constantOf(op, op.getMultiplier());
  if (failed(multipliers))
    return failure();
  Interval result;
  for (int64_t multiplier : *multipliers)
    result = result.hull(Interval::ofBits(8) * Interval{multiplier, multiplier});
  context.require(op, "product", "C-IEMBEDDING-1", 63, result);
  Interval codes = result.roundShift(op.getShift()) + Interval{op.getOutputZp(), op.getOutputZp()};
  return IntegerRange(codes.clampToBits(resultBits(op)));
}

static FailureOr<IntegerRange> evaluateRope(IRopeOp op, ArrayRef<IntegerRange> operands,
                                            Context &context) {
  int64_t positions = op.getCos().getType().getDimSize(0);
  if (context.sizeOf(op.getX(), 1) > positions)
    return op.emitOpError("reads ") << context.sizeOf(op.getX(), 1) << " positions of tables of "
                                    << positions << "; an `intaglio.max_dims` on @main bounds them";
  auto cosines = constantOf(op, op.getCos()), sines = constantOf(op, op.getSin());
  if (failed(cosines) || failed(sines))
    return failure();
  Int128 largest = 0;
  for (auto [cosine, sine] : llvm::zip(*cosines, *sines))
    largest = std::max<Int128>(largest, std::abs(cosine) + std::abs(sine));
  Int128 bound = operands[0].hull().magnitude() * largest;
  context.require(op, "sum", "C-IROPE-2", 32, Interval{-bound, bound});
  Interval result = Interval{-bound, bound}.roundShift(14);
  context.require(op, "result", "C-IROPE-2", 16, result);
  return IntegerRange(result);
}

static FailureOr<IntegerRange> evaluatePool(IPoolOp op, ArrayRef<IntegerRange> operands,
                                            Context &context) {
  IntegerRange withZero =
      operands[0].map(1, [](size_t, const Interval &codes) { return codes.hull({0, 0}); });
  if (op.getKind() != PoolKind::Mean)
    return withZero;
  Int128 count = context.sizeOf(op.getX(), 1);
  context.require(op, "sum", "C-IPOOL-1", 32, withZero.map(1, [&](size_t, const Interval &codes) {
    return codes * Interval{count, count};
  }));
  return withZero.map(1, [](size_t, const Interval &codes) {
    return Interval{codes.low * 256 - 1, codes.high * 256 + 1};
  });
}

void range::addSequences(Evaluators &evaluators) {
  evaluators.add(evaluatePositionIds);
  evaluators.add(evaluateWiden);
  evaluators.add(evaluateEmbedding);
  evaluators.add(evaluateRope);
  evaluators.add(evaluatePool);
}
