//===- Ibert.cpp - bounds of I-BERT's ops --------------------------------------------------===//

#include "Evaluators.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::range;
using intmath::Int128;

static FailureOr<IntegerRange> evaluateIbertSoftmax(IbertSoftmaxOp op, ArrayRef<IntegerRange>,
                                                    Context &context) {
  requireRow(op, "C-IBERTSOFTMAX-2", context.lastSize(op.getX()), context);
  return IntegerRange(Interval{0, 256});
}

static FailureOr<IntegerRange>
evaluateIbertAttention(IbertAttentionOp op, ArrayRef<IntegerRange> operands, Context &context) {
  boundScores(op, op.getQuery(), op.getNumHeads(), operands, "C-IBERTATTENTION-1", context);
  Int128 values = operands[2].hull().magnitude() * 256 * context.sizeOf(op.getQuery(), 1);
  context.require(op, "weighted sum", "C-IBERTATTENTION-1", 32, Interval{-values, values});
  Int128 product = values * op.getOutputMultiplier();
  context.require(op, "product", "C-IBERTATTENTION-1", 63, Interval{-product, product});
  return IntegerRange(Interval::ofBits(8));
}

static FailureOr<IntegerRange>
evaluateIbertLayerNorm(IbertLayerNormOp op, ArrayRef<IntegerRange> operands, Context &context) {
  Int128 count = context.lastSize(op.getX());
  Interval codes = operands[0].hull();
  Int128 width = codes.high - codes.low;
  // A sum of squared differences to the (rounded) mean is largest with half of the codes at each
  // end.
  Int128 half = (width + 1) / 2 + 1, reduced = (half >> op.getPrescale()) + 1;
  context.require(op, "variance", "C-IBERTLAYERNORM-1", 33, Interval{0, count * reduced * reduced});
  // |y >> prescale| is at most the root of the sum of squares: |y| is at most std, or twice that
  // where bits were dropped.
  Int128 bound = Int128(op.getPrescale() == 0 ? 1 : 2) << 31;
  auto offsets = constantOf(op, op.getBias());
  auto factors = constantOf(op, op.getMultiplier());
  if (failed(offsets) || failed(factors))
    return failure();
  IntegerRange sums =
      IntegerRange(Interval{-bound, bound}).map(offsets->size(), [&](size_t c, Interval y) {
        return Interval{y.low / 2 - 1, y.high / 2} + Interval{(*offsets)[c], (*offsets)[c]};
      });
  context.require(op, "sum with the bias", "C-IBERTLAYERNORM-1", 64, sums);
  IntegerRange products = sums.map(factors->size(), [&](size_t c, const Interval &sum) {
    int64_t factor = (*factors)[factors->size() == 1 ? 0 : c];
    return sum * Interval{factor, factor};
  });
  context.require(op, "product", "C-IBERTLAYERNORM-1", 64, products);
  return products.map(1, [&](size_t, const Interval &product) {
    Interval scaled = product.roundShift(op.getShift());
    return (scaled + Interval{op.getOutputZp(), op.getOutputZp()}).clampToBits(resultBits(op));
  });
}

static FailureOr<IntegerRange> evaluateIbertGelu(IbertGeluOp op, ArrayRef<IntegerRange> operands,
                                                 Context &context) {
  // (min(|q|, -b) + b)^2 + c runs from c at |q| = -b to b^2 + c at 0; its sign is that of q.
  Int128 square = Int128(op.getB()) * op.getB();
  Interval erf{op.getC(), square + op.getC()};
  erf = erf.hull({-erf.high, -erf.low});
  context.require(op, "square", "C-IBERTGELU-1", 64, erf);
  Interval shifted{erf.low >> op.getN(), erf.high >> op.getN()};
  Interval factor = shifted + Interval{op.getOne(), op.getOne()};
  IntegerRange products =
      operands[0].map(1, [&](size_t, const Interval &codes) { return codes * factor; });
  context.require(op, "product", "C-IBERTGELU-2", 32, products);
  return products;
}

void range::addIbert(Evaluators &evaluators) {
  evaluators.add(evaluateIbertSoftmax);
  evaluators.add(evaluateIbertAttention);
  evaluators.add(evaluateIbertLayerNorm);
  evaluators.add(evaluateIbertGelu);
}
