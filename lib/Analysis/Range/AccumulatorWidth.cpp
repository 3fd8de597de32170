//===- AccumulatorWidth.cpp - proof that integers stay within their width ------------------===//

#include "intaglio/Analysis/AccumulatorWidth.h"

#include "Evaluators.h"
#include "intaglio/Analysis/ModelInfo.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::range;

int64_t intaglio::getLargestSequence(func::FuncOp entry) {
  auto limits = entry->getAttrOfType<DictionaryAttr>("intaglio.max_dims");
  int64_t largest = 1;
  for (BlockArgument argument : entry.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    for (int64_t axis = 1; type && axis < type.getRank(); ++axis) {
      if (!type.isDynamicDim(axis))
        continue;
      auto limit = limits ? limits.getAs<IntegerAttr>(dimName(entry, argument.getArgNumber(), axis))
                          : IntegerAttr();
      largest = std::max(largest, limit ? limit.getInt() : largestRow);
    }
  }
  return largest;
}

void Context::require(Operation *op, StringRef quantity, StringRef constraint, unsigned bits,
                      const IntegerRange &bounds) {
  proofs.push_back({op, quantity.str(), constraint.str(), bits, bounds.hull()});
}

int64_t Context::sizeOf(Value tensor, int64_t axis) const {
  auto type = cast<RankedTensorType>(tensor.getType());
  return type.isDynamicDim(axis) ? largestSequence : type.getDimSize(axis);
}

int64_t Context::lastSize(Value tensor) const {
  return sizeOf(tensor, cast<RankedTensorType>(tensor.getType()).getRank() - 1);
}

template <typename T>
static bool append(Value operand, SmallVectorImpl<int64_t> &elements) {
  auto array = ConstantArray<T>::get(operand);
  if (array)
    elements.assign(array->getElements().begin(), array->getElements().end());
  return array.has_value();
}

FailureOr<SmallVector<int64_t>> range::constantOf(Operation *op, Value operand) {
  SmallVector<int64_t> elements;
  if (append<int8_t>(operand, elements) || append<int16_t>(operand, elements) ||
      append<int32_t>(operand, elements) || append<int64_t>(operand, elements))
    return elements;
  return op->emitOpError("has no proof of its widths: an operand of type ")
         << operand.getType() << " is no constant with its data at hand";
}

unsigned range::resultBits(Operation *op) {
  return getElementTypeOrSelf(op->getResult(0).getType()).getIntOrFloatBitWidth();
}

const EvaluateFn *Evaluators::lookup(Operation *op) const {
  auto it = byName.find(op->getName().getStringRef());
  return it == byName.end() ? nullptr : &it->second;
}

namespace {

/// Goes through the functions in order of execution.
class Walker {
public:
  Walker(DenseMap<Value, IntegerRange> &ranges, Context context)
      : ranges(ranges), context(context) {
    addElementwise(evaluators);
    addProducts(evaluators);
    addRows(evaluators);
    addSequences(evaluators);
    addIbert(evaluators);
  }
  LogicalResult walk(func::FuncOp function);

private:
  LogicalResult visit(Operation *op);
  LogicalResult visitCall(func::CallOp op);
  IntegerRange rangeOf(Value value);
  void set(Value value, IntegerRange range) { ranges.insert_or_assign(value, std::move(range)); }

  DenseMap<Value, IntegerRange> &ranges;
  Context context;
  Evaluators evaluators;
};

} // namespace

/// What is known of a value, or all that its type holds.
IntegerRange Walker::rangeOf(Value value) {
  auto it = ranges.find(value);
  if (it != ranges.end())
    return it->second;
  Type element = getElementTypeOrSelf(value.getType());
  return Interval::ofBits(element.isInteger() ? element.getIntOrFloatBitWidth() : 64);
}

LogicalResult Walker::walk(func::FuncOp function) {
  for (Operation &op : function.getBody().front())
    if (failed(visit(&op)))
      return failure();
  return success();
}

LogicalResult Walker::visitCall(func::CallOp op) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, op.getCalleeAttr());
  if (!callee || callee.isExternal())
    return op.emitOpError("calls '") << op.getCallee() << "', which has no body";
  for (auto [operand, argument] : llvm::zip(op.getOperands(), callee.getArguments()))
    set(argument, rangeOf(operand));
  if (failed(walk(callee)))
    return failure();
  Operation *terminator = callee.getBody().front().getTerminator();
  for (auto [result, value] : llvm::zip(op.getResults(), terminator->getOperands()))
    set(result, rangeOf(value));
  return success();
}

LogicalResult Walker::visit(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op))
    return visitCall(call);
  if (auto quantize = dyn_cast<QuantizeOp>(op)) {
    if (auto type =
            dyn_cast_or_null<quant::QuantizedType>(quantize.getQuantized().value_or(Type())))
      set(quantize.getResult(), Interval{type.getStorageTypeMin(), type.getStorageTypeMax()});
    return success();
  }
  bool makesIntegers = llvm::any_of(
      op->getResultTypes(), [](Type type) { return getElementTypeOrSelf(type).isInteger(); });
  if (!makesIntegers || op->hasTrait<OpTrait::ConstantLike>())
    return success();
  const EvaluateFn *evaluate = evaluators.lookup(op);
  if (!evaluate)
    return op->emitOpError("has no rule for the bounds of its result (C-WIDTH-1)");
  auto operands = llvm::map_to_vector(op->getOperands(), [&](Value v) { return rangeOf(v); });
  FailureOr<IntegerRange> result = (*evaluate)(op, operands, context);
  if (failed(result))
    return failure();
  set(op->getResult(0), std::move(*result));
  return success();
}

FailureOr<AccumulatorWidths> AccumulatorWidths::compute(ModuleOp program) {
  auto entry = program.lookupSymbol<func::FuncOp>("main");
  if (!entry || entry.isExternal()) {
    program.emitError("expects a function @main with a body");
    return failure();
  }
  AccumulatorWidths widths;
  for (BlockArgument argument : entry.getArguments())
    if (auto legal =
            entry.getArgAttrOfType<DenseI64ArrayAttr>(argument.getArgNumber(), "intaglio.range");
        legal && legal.size() == 2)
      widths.ranges.insert_or_assign(argument, IntegerRange(Interval{legal[0], legal[1]}));
  Walker walker(widths.ranges, {getLargestSequence(entry), widths.proofs});
  if (failed(walker.walk(entry)))
    return failure();
  return widths;
}

const WidthProof *AccumulatorWidths::getTightest() const {
  auto least = llvm::min_element(proofs, [](const WidthProof &a, const WidthProof &b) {
    return a.getSpareBits() < b.getSpareBits();
  });
  return least == proofs.end() ? nullptr : &*least;
}

std::optional<IntegerRange> AccumulatorWidths::lookup(Value value) const {
  auto it = ranges.find(value);
  if (it == ranges.end())
    return std::nullopt;
  return it->second;
}
