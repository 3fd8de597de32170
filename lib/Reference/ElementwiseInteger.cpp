//===- ElementwiseInteger.cpp - integer ops of one element ----------------------------------===//
//
// The widths that an op states are checked: a program that `verify-ranges` has proved never fails.
//
//===----------------------------------------------------------------------------------------===//

#include "Evaluators.h"

#include "intaglio/IntMath/Dyadic.h"
#include "intaglio/IntMath/Ibert.h"
#include "intaglio/IntMath/Unary.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;
using intmath::fitsSigned;

/// `fn(code, channel)` for each element; the channel is the index on the last axis.
static FailureOr<Tensor> mapCodes(Operation *op, const Tensor &x,
                                  llvm::function_ref<int64_t(int64_t, int64_t)> fn) {
  FailureOr<Tensor> result = makeResult(op, x.getShape());
  if (failed(result))
    return failure();
  int64_t channels = x.getShape().empty() ? 1 : x.getShape().back();
  for (int64_t i = 0, e = x.getNumElements(); i < e; ++i)
    result->setInteger(i, fn(x.getInteger(i), i % channels));
  return result;
}

/// The operand lies in `low ... high`, outside of which the op has no meaning.
static LogicalResult expectRange(Operation *op, const Tensor &x, int64_t low, int64_t high) {
  for (int64_t i = 0, e = x.getNumElements(); i < e; ++i)
    if (int64_t value = x.getInteger(i); value < low || value > high)
      return op->emitOpError("expects operands in ")
             << low << " ... " << high << ", found " << value;
  return success();
}

/// A multiplier for each channel, or one for all.
static int64_t multiplierOf(const Tensor &multiplier, int64_t channel) {
  return multiplier.getInteger(multiplier.getNumElements() == 1 ? 0 : channel);
}

static LogicalResult expectPerChannel(Operation *op, const Tensor &constants, const Tensor &data) {
  int64_t channels = data.getShape().empty() ? 1 : data.getShape().back();
  if (constants.getNumElements() == 1 || constants.getNumElements() == channels)
    return success();
  return op->emitOpError("expects ")
         << channels << " constants or one, found " << constants.getType();
}

static FailureOr<Tensor> rescale(RescaleOp op, In<RescaleOp> in) {
  Tensor x = in.getX(), multiplier = in.getMultiplier();
  int64_t zero = op.getInputZp();
  if (failed(expectPerChannel(op, multiplier, x)) ||
      failed(expectRange(op, x, INT32_MIN + std::max<int64_t>(zero, 0),
                         INT32_MAX + std::min<int64_t>(zero, 0))))
    return failure();
  return mapCodes(op, x, [&](int64_t code, int64_t channel) {
    intmath::Dyadic scale{multiplierOf(multiplier, channel), int64_t(op.getShift())};
    return intmath::requantize(code, scale, zero, op.getOutputZp(), op.getMin(), op.getMax());
  });
}

static FailureOr<Tensor> add(IAddOp op, In<IAddOp> in) {
  Tensor lhs = in.getLhs(), rhs = in.getRhs(), result;
  Tensor lhsMultiplier = in.getLhsMultiplier(), rhsMultiplier = in.getRhsMultiplier();
  if (failed(expectSameShape(op, lhs.getShape(), rhs.getShape())) ||
      failed(expectPerChannel(op, lhsMultiplier, lhs)) ||
      failed(expectPerChannel(op, rhsMultiplier, rhs)))
    return failure();
  unsigned bits = op.getType().getElementTypeBitWidth();
  int64_t index = 0;
  return mapCodes(op, lhs, [&](int64_t code, int64_t channel) {
    intmath::AddOperand l{code,
                          int64_t(op.getLhsZp()),
                          {multiplierOf(lhsMultiplier, channel), int64_t(op.getLhsShift())}};
    intmath::AddOperand r{rhs.getInteger(index++),
                          int64_t(op.getRhsZp()),
                          {multiplierOf(rhsMultiplier, channel), int64_t(op.getRhsShift())}};
    return intmath::addRescaled(l, r, op.getFraction(), op.getOutputZp(), bits);
  });
}

/// C-IMUL-1.
static FailureOr<Tensor> multiply(IMulOp op, In<IMulOp> in) {
  Tensor lhs = in.getLhs(), rhs = in.getRhs();
  if (failed(expectSameShape(op, lhs.getShape(), rhs.getShape())))
    return failure();
  int64_t index = 0, lhsZp = op.getLhsZp(), rhsZp = op.getRhsZp();
  bool fits = true;
  FailureOr<Tensor> result = mapCodes(op, lhs, [&](int64_t code, int64_t) {
    int64_t product = (code - lhsZp) * (rhs.getInteger(index++) - rhsZp);
    fits &= fitsSigned(product, 32);
    return product;
  });
  if (!fits)
    return op.emitOpError("has a product that does not fit i32");
  return result;
}

static FailureOr<Tensor> lookup(LookupOp op, In<LookupOp> in) {
  Tensor table = in.getTable();
  return mapCodes(op, in.getX(),
                  [&](int64_t code, int64_t) { return table.getInteger(code + 128); });
}

/// C-IGELU-2, C-GELUNARROW-1.
static FailureOr<Tensor> gelu(IGeluOp op, In<IGeluOp> in) {
  if (op.getType().getElementType().isInteger(16))
    return mapCodes(op, in.getX(), [&](int64_t code, int64_t) {
      return intmath::geluNarrow(static_cast<int16_t>(code), op.getFraction());
    });
  if (failed(expectRange(op, in.getX(), -(1 << 24), 1 << 24)))
    return failure();
  return mapCodes(op, in.getX(), [](int64_t code, int64_t) { return intmath::gelu(code); });
}

static FailureOr<Tensor> sigmoid(ISigmoidOp op, In<ISigmoidOp> in) {
  return mapCodes(op, in.getX(), [](int64_t code, int64_t) { return intmath::sigmoid(code); });
}

static FailureOr<Tensor> hyperbolicTangent(ITanhOp op, In<ITanhOp> in) {
  return mapCodes(op, in.getX(), [](int64_t code, int64_t) { return intmath::tanh(code); });
}

static FailureOr<Tensor> silu(ISiluOp op, In<ISiluOp> in) {
  return mapCodes(op, in.getX(), [](int64_t code, int64_t) { return intmath::silu(code); });
}

static FailureOr<Tensor> squareRoot(ISqrtOp op, In<ISqrtOp> in) {
  return mapCodes(op, in.getX(),
                  [](int64_t code, int64_t) { return intmath::isqrt(uint32_t(code)); });
}

static FailureOr<Tensor> ibertGelu(IbertGeluOp op, In<IbertGeluOp> in) {
  intmath::IbertGeluStatics statics{int64_t(op.getB()), int64_t(op.getC()), int64_t(op.getN()),
                                    int64_t(op.getOne()), 0};
  bool fits = true;
  FailureOr<Tensor> result = mapCodes(op, in.getX(), [&](int64_t code, int64_t) {
    int64_t value = intmath::ibertGelu(code, statics);
    fits &= fitsSigned(value, 32);
    return value;
  });
  if (!fits)
    return op.emitOpError("has a result that does not fit i32");
  return result;
}

void reference::addElementwiseIntegerOps(Interpreter &interpreter) {
  reference::add(interpreter, rescale);
  reference::add(interpreter, ::add);
  reference::add(interpreter, multiply);
  reference::add(interpreter, lookup);
  reference::add(interpreter, gelu);
  reference::add(interpreter, sigmoid);
  reference::add(interpreter, hyperbolicTangent);
  reference::add(interpreter, silu);
  reference::add(interpreter, squareRoot);
  reference::add(interpreter, ibertGelu);
}
