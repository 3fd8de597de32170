//===- Elementwise.cpp - bounds of ops of one element --------------------------------------===//

#include "Evaluators.h"

#include "intaglio/IntMath/Unary.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::range;
using intmath::Int128;

/// An interval of one number.
static Interval point(int64_t value) { return {value, value}; }

/// `(x - zp) * multiplier[c]`, with the proofs that both fit.
static FailureOr<IntegerRange> scaled(Operation *op, StringRef constraint, const IntegerRange &x,
                                      int64_t zeroPoint, Value multiplier, Context &context) {
  auto factors = constantOf(op, multiplier);
  if (failed(factors))
    return failure();
  IntegerRange centred =
      x.map(1, [&](size_t, const Interval &codes) { return codes - point(zeroPoint); });
  context.require(op, "difference to the zero point", constraint, 32, centred);
  IntegerRange products = centred.map(factors->size(), [&](size_t channel, const Interval &codes) {
    return codes * point((*factors)[factors->size() == 1 ? 0 : channel]);
  });
  context.require(op, "product", constraint, 63, products);
  return products;
}

static FailureOr<IntegerRange> evaluateRescale(RescaleOp op, ArrayRef<IntegerRange> operands,
                                               Context &context) {
  auto products =
      scaled(op, "C-RESCALE-1", operands[0], op.getInputZp(), op.getMultiplier(), context);
  if (failed(products))
    return failure();
  if (getElementTypeOrSelf(op.getMultiplier().getType()).isInteger(16)) {
    auto factors = constantOf(op, op.getMultiplier());
    context.require(op, "negated multiplier", "C-RESCALE-3", 16,
                    point(0) - point(*llvm::min_element(*factors)));
  }
  return products->map(1, [&](size_t, const Interval &product) {
    Interval codes = product.roundShift(op.getShift()) + point(op.getOutputZp());
    return codes.clamp({op.getMin(), op.getMax()});
  });
}

static FailureOr<IntegerRange> evaluateAdd(IAddOp op, ArrayRef<IntegerRange> operands,
                                           Context &context) {
  auto lhs = scaled(op, "C-IADD-1", operands[0], op.getLhsZp(), op.getLhsMultiplier(), context);
  auto rhs = scaled(op, "C-IADD-1", operands[1], op.getRhsZp(), op.getRhsMultiplier(), context);
  if (failed(lhs) || failed(rhs))
    return failure();
  auto term = [&](const IntegerRange &products, int64_t shift) {
    IntegerRange terms =
        products.map(1, [&](size_t, const Interval &product) { return product.roundShift(shift); });
    context.require(op, "term", "C-IADD-1", 32, terms);
    return terms;
  };
  IntegerRange left = term(*lhs, op.getLhsShift()), right = term(*rhs, op.getRhsShift());
  IntegerRange sums = left.map(
      right.size(), [&](size_t channel, const Interval &sum) { return sum + right[channel]; });
  context.require(op, "sum", "C-IADD-1", 32, sums);
  return sums.map(1, [&](size_t, const Interval &sum) {
    Interval codes = sum.roundShift(op.getFraction()) + point(op.getOutputZp());
    return codes.clampToBits(resultBits(op));
  });
}

static FailureOr<IntegerRange> evaluateMul(IMulOp op, ArrayRef<IntegerRange> operands,
                                           Context &context) {
  IntegerRange products =
      operands[0].map(operands[1].size(), [&](size_t channel, const Interval &lhs) {
        return (lhs - point(op.getLhsZp())) * (operands[1][channel] - point(op.getRhsZp()));
      });
  context.require(op, "product", "C-IMUL-1", 32, products);
  return products;
}

static FailureOr<IntegerRange> evaluateLookup(LookupOp op, ArrayRef<IntegerRange> operands,
                                              Context &context) {
  auto table = constantOf(op, op.getTable());
  if (failed(table))
    return failure();
  return operands[0].map(1, [&](size_t, const Interval &codes) {
    Interval entries = point((*table)[static_cast<size_t>(codes.low + 128)]);
    for (Int128 code = codes.low; code <= codes.high; ++code)
      entries = entries.hull(point((*table)[static_cast<size_t>(code + 128)]));
    return entries;
  });
}

/// The least value of a function of codes of 12 fraction bits or less; it is met between -4 and 0.
template <typename Function>
static int64_t leastOf(Function function) {
  int64_t least = 0;
  for (int32_t code = -8 * 4096; code <= 0; ++code)
    least = std::min<int64_t>(least, function(code));
  return least;
}

/// By how much a form of GELU exceeds its operand at most, for any code: it is even in
/// `gelu(t) - max(t, 0)`.
template <typename Function>
static int64_t excessOf(Function function) {
  int64_t excess = 0;
  for (int32_t code = -8 * 4096; code <= 0; ++code)
    excess = std::max<int64_t>(excess, function(code));
  return excess;
}

static Interval geluOf(const Interval &codes, int64_t least, int64_t excess) {
  return {least, std::max<Int128>(codes.high, 0) + excess};
}

static FailureOr<IntegerRange> evaluateGelu(IGeluOp op, ArrayRef<IntegerRange> operands,
                                            Context &context) {
  if (resultBits(op) == 16) {
    auto gelu = [&](int32_t code) {
      return intmath::geluNarrow(static_cast<int16_t>(std::max(code, INT16_MIN)), op.getFraction());
    };
    int64_t least = leastOf(gelu), excess = excessOf(gelu);
    return operands[0].map(1, [&](size_t, const Interval &codes) {
      return geluOf(codes, least, excess).clampToBits(16);
    });
  }
  static const int64_t least = leastOf(intmath::gelu), excess = excessOf(intmath::gelu);
  // 2^24 itself is legal: of its magnitude less one, 25 bits are enough.
  Int128 magnitude = operands[0].hull().magnitude();
  context.require(op, "operand", "C-IGELU-2", 25, Interval{0, std::max<Int128>(magnitude, 1) - 1});
  return operands[0].map(
      1, [&](size_t, const Interval &codes) { return geluOf(codes, least, excess); });
}

static FailureOr<IntegerRange> evaluateSilu(ISiluOp op, ArrayRef<IntegerRange> operands,
                                            Context &context) {
  static const int64_t least = leastOf(intmath::silu);
  return operands[0].map(1, [&](size_t, const Interval &codes) {
    return Interval{least, std::clamp<Int128>(codes.high, 0, (1 << 16) - 1) + 1};
  });
}

/// The operand is anything but the least i32, whose magnitude is none.
static void requireMagnitude(Operation *op, StringRef constraint, const IntegerRange &x,
                             Context &context) {
  Interval codes = x.hull();
  context.require(op, "magnitude of the operand", constraint, 32,
                  Interval{-codes.magnitude(), codes.magnitude()});
}

static FailureOr<IntegerRange> evaluateSigmoid(ISigmoidOp op, ArrayRef<IntegerRange> operands,
                                               Context &context) {
  requireMagnitude(op, "C-ISIGMOID-1", operands[0], context);
  return IntegerRange(Interval{0, 1 << 15});
}

static FailureOr<IntegerRange> evaluateTanh(ITanhOp op, ArrayRef<IntegerRange> operands,
                                            Context &context) {
  requireMagnitude(op, "C-ITANH-1", operands[0], context);
  return IntegerRange(Interval{-(1 << 15), 1 << 15});
}

static FailureOr<IntegerRange> evaluateSqrt(ISqrtOp op, ArrayRef<IntegerRange>, Context &) {
  return IntegerRange(Interval{0, 65535});
}

void range::addElementwise(Evaluators &evaluators) {
  evaluators.add(evaluateRescale);
  evaluators.add(evaluateAdd);
  evaluators.add(evaluateMul);
  evaluators.add(evaluateLookup);
  evaluators.add(evaluateGelu);
  evaluators.add(evaluateSilu);
  evaluators.add(evaluateSigmoid);
  evaluators.add(evaluateTanh);
  evaluators.add(evaluateSqrt);
}
