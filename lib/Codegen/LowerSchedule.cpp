//===- LowerSchedule.cpp - kernel calls to the SPMD entry ----------------------------------===//
//
//   %e = tensor.empty(%rows) ; %y = call @linear_0(%x, %w, %e)            in @main
// becomes
//   %first, %count = this thread's slice of %rows
//   llvm.call @linear_0_call(inputs[0] + %first * 384, ..., weights + 0, ..., arena + 64 * ...,
//   ...)
//
// Every thread runs the whole schedule. A barrier stands before a call that reads what another
// thread may have written since the last one, or writes what another may still read. Ticks for a
// profile are noted around every call.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Codegen/DescribeStep.h"
#include "intaglio/Codegen/Passes.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

namespace intaglio {
#define GEN_PASS_DEF_LOWERSCHEDULEPASS
#include "intaglio/Codegen/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

/// Slices end at multiples of so many rows, so that only the last thread sees a partial tile.
constexpr int64_t rowTile = 4;

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }
static int64_t elementBytes(Value value) {
  return llvm::divideCeil(typeOf(value).getElementTypeBitWidth(), 8);
}

static bool isView(Operation *op) {
  return isa_and_nonnull<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::CastOp, ObserveOp>(
      op);
}

/// The argument, constant or call's result whose memory a value is.
static Value rootOf(Value value) {
  while (isView(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

/// The new tensor that a call writes into. Equal ones may have become one op: memory belongs to the
/// call's result.
static tensor::EmptyOp destinationOf(func::CallOp call) {
  Value destination = call.getOperands().back();
  while (isView(destination.getDefiningOp()))
    destination = destination.getDefiningOp()->getOperand(0);
  return destination.getDefiningOp<tensor::EmptyOp>();
}

/// The scratch memory that a call passes before its destination, or null.
static tensor::EmptyOp scratchOf(func::CallOp call) {
  if (call.getNumOperands() < 2)
    return {};
  return call.getOperand(call.getNumOperands() - 2).getDefiningOp<tensor::EmptyOp>();
}

namespace {
/// A piece of the arena: values of the same dynamic sizes that never live together.
struct Slot {
  SmallVector<Value> sizes; ///< dynamic factors of the size
  int64_t bytes = 0;        ///< static factor: the largest of its values'
  int64_t freeAt = 0;       ///< position after the last use
};

/// How a call touches memory: the threads' parts are equal for equal keys.
struct Access {
  Value root; ///< slot number by way of `memory`
  Value total;
  int64_t bytes = 0;
  bool write = false;
};

/// Plans and emits the two functions of a model.
class Scheduler {
public:
  Scheduler(ModuleOp module, func::FuncOp entry)
      : module(module), entry(entry), b(entry.getLoc(), module.getContext()) {}
  LogicalResult run();

private:
  LogicalResult plan();
  LLVM::LLVMFuncOp begin(StringRef name, Type result, ArrayRef<Type> arguments);
  /// Of the type that the function in work computes sizes in.
  Value constant(int64_t value) {
    return LLVM::ConstantOp::create(b, word, b.getIntegerAttr(word, value));
  }
  Value number(Value i32);
  Value index(Value value);
  Value multiply(Value x, Value y);
  SmallVector<Value> sizesOf(Value value);
  Value dim(unsigned argument, int64_t axis);
  Value load(Value array, int64_t position, Type type);
  Value advance(Value pointer, Value bytes);
  Value pointerTo(Value root);
  Value slotOffsets();
  std::pair<Value, Value> sliceOf(Value total, int64_t tile);
  void synchronize(ArrayRef<Access> accesses);
  void barrier();
  void tick();
  LogicalResult emit(func::CallOp call);
  void emit(ObserveOp op);
  LLVM::LLVMFuncOp external(StringRef name, ArrayRef<Type> types);
  LLVM::LLVMFuncOp observeFunction();
  int64_t weightOffset(Attribute data);

  ModuleOp module;
  func::FuncOp entry;
  ImplicitLocOpBuilder b;
  SmallVector<Slot> slots;
  llvm::SetVector<Value> scratchSizes; ///< in words of 32 bits
  DenseMap<Value, unsigned> slotOf;
  DenseMap<Value, unsigned> outputOf;
  llvm::MapVector<Attribute, int64_t> weights;
  int64_t weightBytes = 0;
  int64_t observed = 0;
  SmallVector<Attribute> steps; ///< what was called, for profiles
  int32_t ticks = 0;            ///< number of calls of `tick`
  SmallVector<std::string> dimNames;

  // Of the function in work.
  Block *body = nullptr;
  Type word; ///< of sizes: i64 where they may be too large for the target, else its index type
  Value dims;
  llvm::StringMap<Value> dimValues;
  DenseMap<Value, Value> indices;
  DenseMap<std::pair<Value, Value>, Value> products;
  DenseMap<Value, std::pair<Value, Value>> slices;
  SmallVector<Value> offsets;
  Value scratchOffset, scratchBytes; ///< of the first thread's scratch memory; of each thread's
  SmallVector<Access> pending;
};
} // namespace

LogicalResult Scheduler::plan() {
  for (BlockArgument argument : entry.getArguments())
    for (auto [axis, size] : llvm::enumerate(typeOf(argument).getShape()))
      if (ShapedType::isDynamic(size)) {
        std::string name = dimName(entry, argument.getArgNumber(), axis);
        if (!llvm::is_contained(dimNames, name))
          dimNames.push_back(name);
      }
  Block &block = entry.getBody().front();
  for (OpOperand &operand : block.getTerminator()->getOpOperands()) {
    Value root = rootOf(operand.get());
    if (!root.getDefiningOp<func::CallOp>() ||
        !outputOf.try_emplace(root, operand.getOperandNumber()).second)
      return entry.emitOpError("result #")
             << operand.getOperandNumber() << " is an argument, a constant or another result";
  }
  DenseMap<Value, int64_t> lastUse;
  int64_t position = 0;
  for (Operation &op : block) {
    ++position;
    for (Value operand : op.getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        lastUse[rootOf(operand)] = position;
  }
  position = 0;
  for (Operation &op : block) {
    ++position;
    auto call = dyn_cast<func::CallOp>(op);
    if (!call)
      continue;
    if (auto scratch = scratchOf(call))
      scratchSizes.insert(scratch.getDynamicSizes()[0]);
    Value root = call.getResult(0);
    tensor::EmptyOp empty = destinationOf(call);
    if (!empty)
      return call.emitOpError("does not write into a new tensor");
    if (outputOf.contains(root))
      continue;
    SmallVector<Value> dynamic(empty.getDynamicSizes());
    int64_t bytes = elementBytes(empty);
    for (int64_t size : empty.getType().getShape())
      bytes *= ShapedType::isDynamic(size) ? 1 : size;
    Slot *best = nullptr;
    auto waste = [&](const Slot &slot) { return std::abs(slot.bytes - bytes); };
    for (Slot &slot : slots)
      if (slot.sizes == dynamic && slot.freeAt < position && (!best || waste(slot) < waste(*best)))
        best = &slot;
    if (!best)
      best = &slots.emplace_back(Slot{dynamic, 0, 0});
    best->bytes = std::max(best->bytes, bytes);
    best->freeAt = std::max(position, lastUse[root]);
    slotOf[root] = best - slots.begin();
  }
  return success();
}

LLVM::LLVMFuncOp Scheduler::begin(StringRef name, Type result, ArrayRef<Type> arguments) {
  b.setInsertionPointToEnd(module.getBody());
  auto function = LLVM::LLVMFuncOp::create(b, name, LLVM::LLVMFunctionType::get(result, arguments));
  body = function.addEntryBlock(b);
  b.setInsertionPointToEnd(body);
  indices.clear();
  dimValues.clear();
  products.clear();
  slices.clear();
  offsets.clear();
  return function;
}

Value Scheduler::load(Value array, int64_t position, Type type) {
  Value address = LLVM::GEPOp::create(b, array.getType(), type, array,
                                      ArrayRef<LLVM::GEPArg>{int32_t(position)});
  return LLVM::LoadOp::create(b, type, address);
}

Value Scheduler::advance(Value pointer, Value bytes) {
  return LLVM::GEPOp::create(b, pointer.getType(), b.getI8Type(), pointer,
                             ArrayRef<LLVM::GEPArg>{bytes});
}

Value Scheduler::dim(unsigned argument, int64_t axis) {
  // One load for each name: slices are compared by the values of their sizes.
  Value &known = dimValues[dimName(entry, argument, axis)];
  if (!known) {
    auto found = llvm::find(dimNames, dimName(entry, argument, axis));
    known = load(dims, found - dimNames.begin(), b.getI64Type());
    if (word != known.getType())
      known = LLVM::TruncOp::create(b, word, known);
  }
  return known;
}

/// A thread's number or the number of threads as a size.
Value Scheduler::number(Value i32) {
  return word == i32.getType() ? i32 : LLVM::SExtOp::create(b, word, i32).getResult();
}

Value Scheduler::multiply(Value x, Value y) {
  Value &known = products[{x, y}];
  if (!known)
    known = LLVM::MulOp::create(b, x, y);
  return known;
}

Value Scheduler::index(Value value) {
  if (Value known = indices.lookup(value))
    return known;
  Value made;
  IntegerAttr number;
  if (matchPattern(value, m_Constant(&number))) {
    made = constant(number.getInt());
  } else if (auto product = value.getDefiningOp<arith::MulIOp>()) {
    Value x = index(product.getLhs());
    made = multiply(x, index(product.getRhs()));
  } else if (auto sum = value.getDefiningOp<arith::AddIOp>()) {
    Value x = index(sum.getLhs());
    made = LLVM::AddOp::create(b, x, index(sum.getRhs()));
  } else {
    auto size = value.getDefiningOp<tensor::DimOp>();
    made = dim(cast<BlockArgument>(size.getSource()).getArgNumber(), *size.getConstantIndex());
  }
  return indices[value] = made;
}

SmallVector<Value> Scheduler::sizesOf(Value value) {
  if (auto call = value.getDefiningOp<func::CallOp>())
    return sizesOf(call.getOperands().back());
  if (value.getDefiningOp<tensor::CastOp>() || value.getDefiningOp<ObserveOp>())
    return sizesOf(value.getDefiningOp()->getOperand(0));
  SmallVector<Value> all;
  if (auto collapsed = value.getDefiningOp<tensor::CollapseShapeOp>()) {
    SmallVector<Value> from = sizesOf(collapsed.getSrc());
    for (const ReassociationIndices &group : collapsed.getReassociationIndices()) {
      Value product = from[group.front()];
      for (int64_t axis : ArrayRef(group).drop_front())
        product = multiply(product, from[axis]);
      all.push_back(product);
    }
    return all;
  }
  SmallVector<Value> dynamic;
  if (auto empty = value.getDefiningOp<tensor::EmptyOp>())
    dynamic.assign(empty.getDynamicSizes().begin(), empty.getDynamicSizes().end());
  if (auto expanded = value.getDefiningOp<tensor::ExpandShapeOp>())
    dynamic.assign(expanded.getOutputShape().begin(), expanded.getOutputShape().end());
  size_t next = 0;
  for (auto [axis, size] : llvm::enumerate(typeOf(value).getShape())) {
    if (!ShapedType::isDynamic(size))
      all.push_back(constant(size));
    else if (auto argument = dyn_cast<BlockArgument>(value))
      all.push_back(dim(argument.getArgNumber(), axis));
    else
      all.push_back(index(dynamic[next++]));
  }
  return all;
}

/// Offsets of all slots, each a multiple of 64, then the threads' scratch memories; returns the
/// sum.
Value Scheduler::slotOffsets() {
  Value sum = constant(0);
  auto roundUp = [&](Value bytes) {
    Value past = LLVM::AddOp::create(b, bytes, constant(63));
    return LLVM::AndOp::create(b, past, constant(-64));
  };
  for (const Slot &slot : slots) {
    offsets.push_back(sum);
    Value bytes = constant(slot.bytes);
    for (Value size : slot.sizes)
      bytes = LLVM::MulOp::create(b, bytes, index(size));
    sum = LLVM::AddOp::create(b, sum, roundUp(bytes));
  }
  scratchOffset = sum;
  scratchBytes = constant(0);
  for (Value size : scratchSizes) {
    Value bytes = LLVM::MulOp::create(b, index(size), constant(4));
    scratchBytes = LLVM::UMaxOp::create(b, scratchBytes, roundUp(bytes));
  }
  Value threads = number(body->getArgument(1));
  return LLVM::AddOp::create(b, sum, LLVM::MulOp::create(b, scratchBytes, threads));
}

int64_t Scheduler::weightOffset(Attribute data) {
  auto [entryOf, added] = weights.try_emplace(data, weightBytes);
  if (added) {
    auto type = cast<ShapedType>(cast<TypedAttr>(data).getType());
    int64_t bytes = type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    weightBytes += llvm::alignTo(bytes, weightsAlignment);
  }
  return entryOf->second;
}

Value Scheduler::pointerTo(Value root) {
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  if (auto argument = dyn_cast<BlockArgument>(root))
    return load(body->getArgument(6), argument.getArgNumber(), pointer);
  if (auto output = outputOf.find(root); output != outputOf.end())
    return load(body->getArgument(7), output->second, pointer);
  if (auto slot = slotOf.find(root); slot != slotOf.end())
    return advance(body->getArgument(4), offsets[slot->second]);
  Attribute data;
  matchPattern(root, m_Constant(&data));
  return advance(body->getArgument(3), constant(weightOffset(data)));
}

/// First row and number of rows of this thread.
std::pair<Value, Value> Scheduler::sliceOf(Value total, int64_t tile) {
  auto &known = slices[total];
  if (known.first)
    return known;
  Value thread = number(body->getArgument(0));
  Value threads = number(body->getArgument(1));
  Value blocks =
      LLVM::UDivOp::create(b, LLVM::AddOp::create(b, total, constant(tile - 1)), constant(tile));
  auto bound = [&](Value t) {
    Value block = LLVM::UDivOp::create(b, LLVM::MulOp::create(b, blocks, t), threads);
    return LLVM::UMinOp::create(b, LLVM::MulOp::create(b, block, constant(tile)), total)
        .getResult();
  };
  Value first = bound(thread);
  Value end = bound(LLVM::AddOp::create(b, thread, constant(1)));
  return known = {first, LLVM::SubOp::create(b, end, first)};
}

LLVM::LLVMFuncOp Scheduler::external(StringRef name, ArrayRef<Type> types) {
  if (auto known = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return known;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), types);
  return LLVM::LLVMFuncOp::create(b, name, type);
}

void Scheduler::barrier() {
  Value context = body->getArgument(2);
  LLVM::CallOp::create(b, external("intaglio_barrier", context.getType()), ValueRange{context});
  pending.clear();
}

/// Notes the time in the thread's next tick.
void Scheduler::tick() {
  Value array = body->getArgument(8);
  Value position = LLVM::ConstantOp::create(b, b.getI32Type(), b.getI32IntegerAttr(ticks++));
  LLVM::CallOp::create(b, external("intaglio_tick", {array.getType(), position.getType()}),
                       ValueRange{array, position});
}

/// Emits a barrier where one is needed, then notes the accesses.
void Scheduler::synchronize(ArrayRef<Access> accesses) {
  auto memory = [&](Value root) {
    auto slot = slotOf.find(root);
    return slot == slotOf.end() ? -1 : int64_t(slot->second);
  };
  auto conflict = [&](const Access &x, const Access &y) {
    bool same = x.root == y.root || (memory(x.root) >= 0 && memory(x.root) == memory(y.root));
    bool equalParts = x.total && x.total == y.total && x.bytes == y.bytes;
    return same && (x.write || y.write) && !equalParts;
  };
  bool needed = llvm::any_of(accesses, [&](const Access &x) {
    return llvm::any_of(pending, [&](const Access &y) { return conflict(x, y); });
  });
  if (needed)
    barrier();
  llvm::append_range(pending, accesses);
}

LogicalResult Scheduler::emit(func::CallOp call) {
  auto kernel = module.lookupSymbol<func::FuncOp>(call.getCallee());
  if (!kernel)
    return call.emitOpError("calls no kernel");
  b.setLoc(call.getLoc());
  SmallVector<Value> arguments;
  SmallVector<Access> accesses;
  std::pair<Value, Value> range;
  tensor::EmptyOp scratch = scratchOf(call);
  for (auto [i, operand] : llvm::enumerate(call.getOperands())) {
    if (operand.getType().isIndex()) {
      // The first is 0, the second the number of units.
      if (!range.first) {
        range = sliceOf(index(call.getOperand(i + 1)), 1);
        arguments.push_back(range.first);
      } else {
        arguments.push_back(LLVM::AddOp::create(b, range.first, range.second));
      }
      continue;
    }
    bool isDestination = i + 1 == call.getNumOperands();
    if (scratch && !isDestination && operand == scratch.getResult()) {
      Value thread = number(body->getArgument(0));
      Value offset = LLVM::MulOp::create(b, scratchBytes, thread);
      Value pointer = advance(body->getArgument(4), LLVM::AddOp::create(b, scratchOffset, offset));
      arguments.append({pointer, pointer, constant(0), sizesOf(operand)[0], constant(1)});
      continue;
    }
    Value root = isDestination ? call.getResult(0) : rootOf(operand);
    bool isConstant = matchPattern(root, m_Constant());
    Value pointer = pointerTo(root);
    SmallVector<Value> sizes = sizesOf(operand);
    SmallVector<Value> strides(sizes.size(), Value());
    Value stride = constant(1);
    for (int64_t axis = int64_t(sizes.size()) - 1; axis >= 0; --axis) {
      strides[axis] = stride;
      if (axis)
        stride = multiply(stride, sizes[axis]);
    }
    Access access{root, Value(), 0, isDestination};
    if (kernel.getArgAttr(i, "intaglio.sliced")) {
      auto [first, count] = sliceOf(sizes[0], rowTile);
      access.total = sizes[0];
      access.bytes = elementBytes(operand);
      bool dynamicRow = false;
      for (int64_t size : typeOf(operand).getShape().drop_front())
        ShapedType::isDynamic(size) ? void(dynamicRow = true) : void(access.bytes *= size);
      if (dynamicRow)
        access.total = Value();
      Value bytes = LLVM::MulOp::create(b, strides[0], constant(elementBytes(operand)));
      pointer = advance(pointer, LLVM::MulOp::create(b, first, bytes));
      sizes[0] = count;
    }
    if (!isConstant)
      accesses.push_back(access);
    arguments.append({pointer, pointer, constant(0)});
    llvm::append_range(arguments, sizes);
    llvm::append_range(arguments, strides);
  }
  synchronize(accesses);
  SmallVector<Type> types = llvm::map_to_vector(arguments, [](Value v) { return v.getType(); });
  auto callee = external((call.getCallee() + "_call").str(), types);
  tick();
  LLVM::CallOp::create(b, callee, arguments);
  tick();
  NamedAttrList step(call->getAttrOfType<DictionaryAttr>(stepAttr));
  step.set("kernel", call.getCalleeAttr().getAttr());
  steps.push_back(step.getDictionary(b.getContext()));
  return success();
}

/// `void f(thread, barrier, edge, data, mask, rows, columns)`: the observer, on thread 0 alone.
LLVM::LLVMFuncOp Scheduler::observeFunction() {
  if (auto known = module.lookupSymbol<LLVM::LLVMFuncOp>("intaglio_observe_once"))
    return known;
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Type i32 = b.getI32Type(), i64 = b.getI64Type();
  auto observer = external("intaglio_observe", {pointer, i32, pointer, pointer, i64, i64});
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(module.getBody());
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()),
                                          {i32, pointer, i32, pointer, pointer, i64, i64});
  auto function = LLVM::LLVMFuncOp::create(b, "intaglio_observe_once", type);
  Block *start = function.addEntryBlock(b);
  Block *once = b.createBlock(&function.getBody());
  Block *end = b.createBlock(&function.getBody());
  b.setInsertionPointToEnd(start);
  Value zero = LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(0));
  Value first = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, start->getArgument(0), zero);
  LLVM::CondBrOp::create(b, first, once, end);
  b.setInsertionPointToEnd(once);
  LLVM::CallOp::create(b, observer, ValueRange(start->getArguments().drop_front()));
  LLVM::BrOp::create(b, end);
  b.setInsertionPointToEnd(end);
  LLVM::ReturnOp::create(b, ValueRange{});
  return function;
}

void Scheduler::emit(ObserveOp op) {
  b.setLoc(op.getLoc());
  SmallVector<Access> accesses{{rootOf(op.getX()), Value(), 0, false}};
  Value mask;
  if (op.getMask()) {
    accesses.push_back({rootOf(op.getMask()), Value(), 0, false});
    mask = pointerTo(rootOf(op.getMask()));
  } else {
    mask = LLVM::ZeroOp::create(b, LLVM::LLVMPointerType::get(b.getContext()));
  }
  synchronize(accesses);
  SmallVector<Value> sizes = sizesOf(op.getX());
  Value rows = constant(1);
  for (Value size : ArrayRef(sizes).drop_back())
    rows = multiply(rows, size);
  Value edge = LLVM::ConstantOp::create(b, b.getI32Type(), b.getI32IntegerAttr(observed++));
  LLVM::CallOp::create(b, observeFunction(),
                       ValueRange{body->getArgument(0), body->getArgument(2), edge,
                                  pointerTo(rootOf(op.getX())), mask, rows, sizes.back()});
}

LogicalResult Scheduler::run() {
  if (failed(plan()))
    return failure();
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Type i32 = b.getI32Type(), nothing = LLVM::LLVMVoidType::get(b.getContext());
  word = b.getI64Type();
  begin("intaglio_model_arena_bytes", word, {pointer, i32});
  dims = body->getArgument(0);
  LLVM::ReturnOp::create(b, slotOffsets());

  word = b.getIntegerType(DataLayout(module).getTypeSizeInBits(b.getIndexType()));
  begin("intaglio_model_forward", nothing,
        {i32, i32, pointer, pointer, pointer, pointer, pointer, pointer, pointer});
  dims = body->getArgument(5);
  slotOffsets();
  for (Operation &op : entry.getBody().front()) {
    if (auto call = dyn_cast<func::CallOp>(op)) {
      if (failed(emit(call)))
        return failure();
    } else if (auto observe = dyn_cast<ObserveOp>(op)) {
      emit(observe);
    }
  }
  LLVM::ReturnOp::create(b, ValueRange{});
  SmallVector<Attribute> list;
  for (auto &[data, offset] : weights)
    list.push_back(data);
  module->setAttr("intaglio.weights", b.getArrayAttr(list));
  module->setAttr(stepsAttr, b.getArrayAttr(steps));
  entry.erase();
  return success();
}

namespace {
struct LowerSchedulePass : intaglio::impl::LowerSchedulePassBase<LowerSchedulePass> {
  void runOnOperation() override {
    auto entry = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!entry) {
      getOperation().emitError("the module has no function @main");
      return signalPassFailure();
    }
    if (failed(Scheduler(getOperation(), entry).run()))
      signalPassFailure();
  }
};
} // namespace
