//===- CheckOps.cpp - verifiers and meaning of the check dialect ----------------------------===//

#include "CheckOps.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/Format.h"
#include <cmath>

#include "CheckDialect.cpp.inc"
#define GET_OP_CLASSES
#include "CheckOps.cpp.inc"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::check;
using reference::Tensor;
using reference::Tensors;

void CheckDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "CheckOps.cpp.inc"
      >();
}

/// The value's type fits the tensor's: one shape, and its elements or their storage.
static LogicalResult verifyFits(Operation *op, ElementsAttr value, Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  Type element = type.getElementType();
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    element = quantized.getStorageType();
  if (failed(verifyCompatibleShape(value.getShapedType(), type)) ||
      value.getElementType() != element)
    return op->emitOpError("expects values of ") << type << ", found " << value.getShapedType();
  return success();
}

LogicalResult InputOp::verify() { return verifyFits(*this, getValue(), getType()); }
LogicalResult ExpectEqOp::verify() { return verifyFits(*this, getExpected(), getX().getType()); }
LogicalResult ExpectCloseOp::verify() {
  if (!(getTolerance().convertToDouble() >= 0))
    return emitOpError("expects a tolerance of 0 or more");
  return verifyFits(*this, getExpected(), getX().getType());
}

/// Index `position` of the row-major elements.
static std::string describeIndex(ArrayRef<int64_t> shape, int64_t position) {
  SmallVector<int64_t> index(shape.size());
  for (size_t axis = shape.size(); axis-- > 0; position /= shape[axis])
    index[axis] = position % shape[axis];
  std::string text = "[";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(index, os);
  return text + "]";
}

/// Nine digits tell all f32 apart.
static std::string toText(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.9g", value);
  return text;
}

static LogicalResult compareElements(Operation *op, const Tensor &expected, const Tensor &found,
                                     llvm::function_ref<bool(int64_t)> agree) {
  if (expected.getShape() != found.getShape())
    return op->emitOpError("expected a ") << expected.getType() << ", found " << found.getType();
  std::vector<double> wanted = expected.getReals(), got = found.getReals();
  for (int64_t i = 0, e = expected.getNumElements(); i < e; ++i)
    if (!agree(i))
      return op->emitOpError("element ") << describeIndex(expected.getShape(), i) << ": expected "
                                         << toText(wanted[i]) << ", found " << toText(got[i]);
  return success();
}

LogicalResult check::compare(Operation *op, const Tensor &found) {
  FailureOr<Tensor> expected = reference::readElements(op, op->getAttr("expected"));
  if (failed(expected))
    return failure();
  // Quantized elements are compared by their storage.
  std::optional<Tensor> codes =
      found.reinterpret(found.getType().clone(expected->getElementType()));
  if (!codes)
    return op->emitOpError("found a ") << found.getType();
  if (auto close = dyn_cast<ExpectCloseOp>(op)) {
    std::vector<double> wanted = expected->getReals(), got = codes->getReals();
    double tolerance = close.getTolerance().convertToDouble();
    return compareElements(op, *expected, *codes,
                           [&](int64_t i) { return std::abs(wanted[i] - got[i]) <= tolerance; });
  }
  unsigned size = sizeOf(expected->getStorage());
  return compareElements(op, *expected, *codes, [&](int64_t i) {
    return expected->getBytes().slice(i * size, size) == codes->getBytes().slice(i * size, size);
  });
}

void check::addCheckOps(reference::Interpreter &interpreter) {
  interpreter.add("check.input", [](Operation *op, ArrayRef<Tensor>) -> FailureOr<Tensors> {
    FailureOr<Tensor> value = reference::readElements(op, op->getAttr("value"));
    if (failed(value))
      return failure();
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    return Tensors{*value->reinterpret(value->getType().clone(type.getElementType()))};
  });
  auto expect = [](Operation *op, ArrayRef<Tensor> operands) -> FailureOr<Tensors> {
    if (failed(compare(op, operands[0])))
      return failure();
    return Tensors{};
  };
  interpreter.add("check.expect_eq", expect);
  interpreter.add("check.expect_close", expect);
}
