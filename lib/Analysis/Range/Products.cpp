//===- Products.cpp - bounds of linear and matmul ------------------------------------------===//

#include "Evaluators.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::range;
using intmath::Int128;

/// For each output channel the extremes over all codes that x can take.
static FailureOr<IntegerRange> evaluateLinear(LinearOp op, ArrayRef<IntegerRange> operands,
                                              Context &context) {
  auto weight = ConstantArray<int8_t>::get(op.getWeight());
  FailureOr<SmallVector<int64_t>> bias = SmallVector<int64_t>();
  if (op.getBias())
    bias = constantOf(op, op.getBias());
  if (!weight)
    return op.emitOpError("has no proof of its widths: its weight is no constant with its data at "
                          "hand");
  if (failed(bias))
    return failure();
  size_t rows = op.getWeight().getType().getDimSize(0);
  size_t columns = rows == 0 ? 0 : weight->size() / rows;
  SmallVector<Interval> sums;
  for (size_t row = 0; row < rows; ++row) {
    int64_t low = bias->empty() ? 0 : (*bias)[row], high = low;
    for (size_t k = 0; k < columns; ++k) {
      int64_t factor = (*weight)[row * columns + k];
      auto lowest = static_cast<int64_t>(operands[0][k].low),
           highest = static_cast<int64_t>(operands[0][k].high);
      low += factor * (factor < 0 ? highest : lowest);
      high += factor * (factor < 0 ? lowest : highest);
    }
    sums.push_back({low, high});
  }
  IntegerRange accumulators(std::move(sums));
  context.require(op, "accumulator", "C-LINEAR-3", 32, accumulators);
  return accumulators;
}

static FailureOr<IntegerRange> evaluateMatmul(MatmulOp op, ArrayRef<IntegerRange> operands,
                                              Context &context) {
  int64_t rank = op.getLhs().getType().getRank();
  Interval product = operands[0].hull() * operands[1].hull();
  Int128 inner = context.sizeOf(op.getLhs(), rank - 1);
  // A dynamic axis may be short, a static one has all its terms.
  Interval sum{std::min<Int128>(product.low, 0) * inner, std::max<Int128>(product.high, 0) * inner};
  context.require(op, "accumulator", "C-LINEAR-3", 32, sum);
  return IntegerRange(sum);
}

void range::addProducts(Evaluators &evaluators) {
  evaluators.add(evaluateLinear);
  evaluators.add(evaluateMatmul);
}
