//===- Interpreter.cpp - runs functions, op by op -------------------------------------------===//

#include "intaglio/Reference/Interpreter.h"
#include "Evaluators.h"

#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/ScopeExit.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

Interpreter::Interpreter() {
  addElementwiseGraphOps(*this);
  addRowGraphOps(*this);
  addSequenceGraphOps(*this);
  addProducts(*this);
  addQuantOps(*this);
  addElementwiseIntegerOps(*this);
  addRowIntegerOps(*this);
  addSequenceIntegerOps(*this);
  addTensorOps(*this);
  addSourceOps(*this);
}

/// The results are of the types that the op declares.
static LogicalResult verifyResults(Operation *op, TypeRange declared, ArrayRef<Tensor> results) {
  if (declared.size() != results.size())
    return op->emitOpError("gave ") << results.size() << " results, expected " << declared.size();
  for (auto [type, result] : llvm::zip_equal(declared, results)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || tensor.getElementType() != result.getElementType() ||
        failed(verifyCompatibleShape(tensor, result.getType())))
      return op->emitOpError("gave a ") << result.getType() << ", expected " << type;
  }
  return success();
}

FailureOr<Tensors> Interpreter::call(func::CallOp op, ArrayRef<Tensor> operands) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, op.getCalleeAttr());
  if (!callee)
    return op.emitOpError("calls an unknown function");
  if (llvm::is_contained(active, callee))
    return op.emitOpError("calls a function that is running already: '") << callee.getName() << "'";
  return run(callee, operands);
}

FailureOr<Tensors> Interpreter::evaluate(Operation *op, ArrayRef<Tensor> operands) {
  FailureOr<Tensors> results = failure();
  auto known = evaluators.find(op->getName().getStringRef());
  if (auto callOp = dyn_cast<func::CallOp>(op))
    results = call(callOp, operands);
  else if (known != evaluators.end())
    results = known->second(op, operands);
  else
    return op->emitOpError("is not known to the interpreter");
  if (failed(results) || failed(verifyResults(op, op->getResultTypes(), *results)))
    return failure();
  return results;
}

namespace {
/// The tensors of a block's values; a tensor goes with its last use.
class Frame {
public:
  void set(Value value, const Tensor &tensor) {
    if (!value.use_empty())
      slots[value] = {tensor, unsigned(std::distance(value.use_begin(), value.use_end()))};
  }
  Tensor use(Value value) {
    auto slot = slots.find(value);
    Tensor tensor = slot->second.tensor;
    if (--slot->second.uses == 0)
      slots.erase(slot);
    return tensor;
  }
  bool has(Value value) const { return slots.contains(value); }

private:
  struct Slot {
    Tensor tensor;
    unsigned uses = 0;
  };
  DenseMap<Value, Slot> slots;
};
} // namespace

FailureOr<Tensors> Interpreter::run(func::FuncOp function, ArrayRef<Tensor> arguments) {
  if (!function.getBody().hasOneBlock())
    return function.emitOpError("has to have one block to be interpreted");
  if (failed(verifyResults(function, function.getArgumentTypes(), arguments)))
    return failure();
  active.push_back(function);
  llvm::scope_exit leave([&] { active.pop_back(); });
  Frame frame;
  for (auto [argument, tensor] : llvm::zip_equal(function.getArguments(), arguments))
    frame.set(argument, tensor);
  for (Operation &op : function.front()) {
    Tensors operands;
    for (Value operand : op.getOperands()) {
      if (!frame.has(operand))
        return op.emitOpError("reads a value from outside of the function");
      operands.push_back(frame.use(operand));
    }
    if (isa<func::ReturnOp>(op))
      return operands;
    FailureOr<Tensors> results = evaluate(&op, operands);
    if (failed(results))
      return failure();
    for (auto [value, tensor] : llvm::zip_equal(op.getResults(), *results))
      frame.set(value, tensor);
  }
  return function.emitOpError("has no func.return");
}

//===----------------------------------------------------------------------------------------===//
// Evaluators.h
//===----------------------------------------------------------------------------------------===//

FailureOr<RankedTensorType> reference::resultType(Operation *op, ArrayRef<int64_t> shape) {
  auto declared = cast<RankedTensorType>(op->getResult(0).getType());
  auto type = RankedTensorType::get(shape, declared.getElementType());
  if (failed(verifyCompatibleShape(declared, type)))
    return op->emitOpError("expects its operands to give a ") << declared << ", found " << type;
  return type;
}

FailureOr<Tensor> reference::makeResult(Operation *op, ArrayRef<int64_t> shape) {
  FailureOr<RankedTensorType> type = resultType(op, shape);
  if (failed(type))
    return failure();
  std::optional<Tensor> tensor = Tensor::zeros(*type);
  if (!tensor)
    return op->emitOpError("cannot hold a ") << *type << " in memory";
  return *tensor;
}

FailureOr<Tensor> reference::roundResult(Operation *op, const Reals &reals) {
  FailureOr<RankedTensorType> type = resultType(op, reals.shape);
  if (failed(type))
    return failure();
  std::optional<Tensor> tensor = Tensor::ofReals(*type, reals.values);
  if (!tensor)
    return op->emitOpError("cannot round its result to ")
           << *type << ": there is a NaN, or no memory";
  return *tensor;
}

Reals reference::toReals(const Tensor &tensor) {
  if (!tensor)
    return {};
  return {llvm::to_vector(tensor.getShape()), tensor.getReals()};
}

static std::string describe(ArrayRef<int64_t> shape) {
  std::string text = "[";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(shape, os);
  return text + "]";
}

LogicalResult reference::expectSameShape(Operation *op, ArrayRef<int64_t> expected,
                                         ArrayRef<int64_t> found) {
  if (expected == found)
    return success();
  return op->emitOpError("expects operands of one shape, found ")
         << describe(expected) << " and " << describe(found);
}

LogicalResult reference::expectMask(Operation *op, bool hasMask, ArrayRef<int64_t> mask,
                                    ArrayRef<int64_t> data) {
  if (!hasMask || mask == data.take_front(2))
    return success();
  return op->emitOpError("expects a mask of the data's leading axes, found ")
         << describe(mask) << " for " << describe(data);
}
