//===- RunCompiled.cpp - a case as a compiled program ---------------------------------------===//
//
//   func.func @case() { %x = check.input ... ; %y = op %x ; check.expect_eq %y, ... }
// becomes
//   func.func @main(%x) { %y = op %x ; return %y }
//
//===----------------------------------------------------------------------------------------===//

#include "CheckOps.h"

#include "intaglio/Target/JIT.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::check;
using reference::Tensor;

namespace {
/// A case cut into what it reads, the program, and what it expects of the results.
struct Case {
  OwningOpRef<ModuleOp> program;
  SmallVector<InputOp> inputs;
  SmallVector<Operation *> expectations;
};
} // namespace

/// Axes of one size have one name.
static ArrayAttr dimNames(Builder &builder, ArrayRef<int64_t> shape) {
  return builder.getArrayAttr(llvm::map_to_vector(
      shape, [&](int64_t size) -> Attribute { return builder.getStringAttr("d" + Twine(size)); }));
}

/// The functions that a case may call.
static void cloneCallees(ModuleOp from, OpBuilder &builder) {
  for (auto function : from.getOps<func::FuncOp>())
    if (function.isPrivate())
      builder.clone(*function);
}

static Case cut(func::FuncOp function) {
  Case result;
  Operation *terminator = function.front().getTerminator();
  SmallVector<Value> results;
  for (Operation &op : function.front()) {
    if (auto input = dyn_cast<InputOp>(op))
      result.inputs.push_back(input);
    else if (isa<ExpectEqOp, ExpectCloseOp>(op))
      result.expectations.push_back(&op);
  }
  OpBuilder builder(function.getContext());
  result.program = ModuleOp::create(function.getLoc());
  builder.setInsertionPointToEnd(result.program->getBody());
  auto typesOf = [](auto &ops, auto fn) { return llvm::map_to_vector(ops, fn); };
  auto type = builder.getFunctionType(
      typesOf(result.inputs, [](InputOp op) -> Type { return op.getType(); }),
      typesOf(result.expectations,
              [](Operation *op) -> Type { return op->getOperand(0).getType(); }));
  auto entry = func::FuncOp::create(builder, function.getLoc(), "main", type);
  cloneCallees(function->getParentOfType<ModuleOp>(), builder);
  Block *body = entry.addEntryBlock();
  IRMapping mapping;
  for (auto [i, input] : llvm::enumerate(result.inputs)) {
    mapping.map(input.getResult(), body->getArgument(i));
    entry.setArgAttr(i, "intaglio.dims",
                     dimNames(builder, input.getValue().getShapedType().getShape()));
  }
  for (auto [i, op] : llvm::enumerate(result.expectations)) {
    auto expected = op->getAttrOfType<ElementsAttr>("expected");
    entry.setResultAttr(i, "intaglio.dims", dimNames(builder, expected.getShapedType().getShape()));
  }
  builder.setInsertionPointToEnd(body);
  for (Operation &op : function.front())
    if (!isa<InputOp, ExpectEqOp, ExpectCloseOp>(op) && &op != terminator)
      builder.clone(op, mapping);
  for (Operation *op : result.expectations)
    results.push_back(mapping.lookup(op->getOperand(0)));
  func::ReturnOp::create(builder, function.getLoc(), results);
  return result;
}

static FailureOr<cpu::TargetInfo> findTarget(func::FuncOp function, StringRef level) {
  if (!level.empty()) {
    FailureOr<cpu::TargetInfo> target = cpu::TargetInfo::parse(level);
    if (failed(target))
      return function.emitOpError("cannot be compiled for the level '") << level << "'";
    return target;
  }
  std::string error, features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    features += (features.empty() ? "" : ",") + std::string(feature.second ? "+" : "-") +
                feature.first().str();
  auto target = cpu::TargetInfo::forMachine(llvm::sys::getProcessTriple(),
                                            llvm::sys::getHostCPUName(), features, error);
  if (failed(target))
    return function.emitOpError(error);
  return target;
}

static FailureOr<std::vector<Array>> readInputs(ArrayRef<InputOp> inputs, const ModelInfo &info) {
  std::vector<Array> arrays;
  for (auto [op, input] : llvm::zip_equal(inputs, info.inputs)) {
    FailureOr<Tensor> value = reference::readElements(op, op->getAttr("value"));
    if (failed(value))
      return failure();
    arrays.push_back({input.name, value->getStorage(), llvm::to_vector(value->getShape()),
                      value->getBytes(), value->getOwner()});
  }
  return arrays;
}

LogicalResult check::runCompiled(func::FuncOp function, ArrayRef<unsigned> threads,
                                 StringRef level) {
  Case parts = cut(function);
  FailureOr<cpu::TargetInfo> target = findTarget(function, level);
  if (failed(target))
    return failure();
  CodegenOptions options;
  options.target = *target;
  FailureOr<CompiledModel> compiled = compileToLLVM(*parts.program, options);
  if (failed(compiled))
    return function.emitOpError("cannot be compiled");
  llvm::Expected<std::unique_ptr<JitModel>> model = JitModel::create(std::move(*compiled));
  if (!model)
    return function.emitOpError(llvm::toString(model.takeError()));
  FailureOr<std::vector<Array>> inputs = readInputs(parts.inputs, (*model)->getInfo());
  if (failed(inputs))
    return failure();
  for (unsigned count : threads) {
    llvm::Expected<std::vector<Array>> outputs = (*model)->run(*inputs, count);
    if (!outputs)
      return function.emitOpError(llvm::toString(outputs.takeError()));
    for (auto [op, array] : llvm::zip_equal(parts.expectations, *outputs)) {
      auto type = cast<RankedTensorType>(op->getOperand(0).getType());
      std::optional<Tensor> found = Tensor::of(
          RankedTensorType::get(array.shape, type.getElementType()), array.bytes, array.owner);
      if (!found || failed(compare(op, *found)))
        return function.emitOpError("fails on ") << count << " threads";
    }
  }
  return success();
}
