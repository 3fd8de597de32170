//===- RunCompiled.cpp - cases and programs, compiled in this process -----------------------===//
//
//   func.func @case() { %x = check.input ... ; %y = op %x ; check.expect_eq %y, ... }
// becomes
//   func.func @main(%x) { %y = op %x ; return %y }
//
//===----------------------------------------------------------------------------------------===//

#include "CheckOps.h"
#include "Random.h"

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

/// The program for this machine, at a level or the best.
static FailureOr<std::unique_ptr<JitModel>> compile(func::FuncOp function, ModuleOp program,
                                                    StringRef level) {
  FailureOr<cpu::TargetInfo> target = findTarget(function, level);
  if (failed(target))
    return failure();
  CodegenOptions options;
  options.target = *target;
  FailureOr<CompiledModel> compiled = compileToLLVM(program, options);
  if (failed(compiled))
    return function.emitOpError("cannot be compiled");
  llvm::Expected<std::unique_ptr<JitModel>> model = JitModel::create(std::move(*compiled));
  if (!model)
    return function.emitOpError(llvm::toString(model.takeError()));
  return std::move(*model);
}

LogicalResult check::runCompiled(func::FuncOp function, ArrayRef<unsigned> threads,
                                 StringRef level) {
  Case parts = cut(function);
  auto model = compile(function, *parts.program, level);
  if (failed(model))
    return failure();
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

/// The first element that differs, or success.
static LogicalResult compareOutputs(func::FuncOp entry, ArrayRef<Array> expected,
                                    ArrayRef<Array> found, const Twine &where) {
  for (auto [e, f] : llvm::zip_equal(expected, found)) {
    if (e.shape != f.shape || e.dtype != f.dtype)
      return entry.emitOpError("output '") << e.name << "' has another shape " << where;
    unsigned size = sizeOf(e.dtype);
    for (size_t i = 0; i < e.bytes.size(); i += size)
      if (e.bytes.slice(i, size) != f.bytes.slice(i, size))
        return entry.emitOpError("output '")
               << e.name << "': element " << int64_t(i / size) << " of "
               << int64_t(e.bytes.size() / size) << " differs from the interpreter's " << where;
  }
  return success();
}

LogicalResult check::compareWithReference(ModuleOp program, ArrayRef<SmallVector<int64_t>> sizes,
                                          uint64_t seed, ArrayRef<unsigned> threads,
                                          StringRef level) {
  auto entry = program.lookupSymbol<func::FuncOp>("main");
  if (!entry)
    return program.emitError("the module has no function @main");
  auto model = compile(entry, program, level);
  if (failed(model))
    return failure();
  std::mt19937_64 random(seed);
  for (ArrayRef<int64_t> dims : sizes) {
    if (dims.size() != (*model)->getInfo().dims.size())
      return entry.emitOpError("has ") << (*model)->getInfo().dims.size() << " dims";
    std::vector<Array> inputs = drawInputs((*model)->getInfo(), dims, random);
    llvm::Expected<std::vector<Array>> expected = reference::interpret(program, inputs);
    if (!expected)
      return entry.emitOpError(llvm::toString(expected.takeError()));
    for (unsigned count : threads) {
      llvm::Expected<std::vector<Array>> found = (*model)->run(inputs, count);
      if (!found)
        return entry.emitOpError(llvm::toString(found.takeError()));
      std::string where;
      llvm::raw_string_ostream os(where);
      os << "for the sizes ";
      llvm::interleave(dims, os, "x");
      os << " on " << count << " threads";
      if (failed(compareOutputs(entry, *expected, *found, where)))
        return failure();
    }
  }
  return success();
}
