//===- SplitBoundary.cpp - all that is integer in a function of its own --------------------===//
//
//   func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
//     %0 = intaglio.quantize %x ...
//     %1 = intaglio.i_l2_normalize %0 ...
//     %2 = intaglio.dequantize %1 ...
//     return %2
// becomes
//   func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
//     %0 = intaglio.quantize %x ...
//     %1 = call @main_integer(%0)
//     %2 = intaglio.dequantize %1 ...
//     return %2
// An op that is float on purpose stays in @main between two calls, @main_integer and
// @main_integer_1.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

namespace intaglio {
#define GEN_PASS_DEF_SPLITBOUNDARYPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

/// What has floats, and stays.
static bool staysInEntry(Operation *op) {
  return isa<QuantizeOp, DequantizeOp>(op) || op->hasAttr(floatReasonAttr);
}

namespace {

/// Ops of one stage, in order: those of the entry run before the call of the others. A stage begins
/// with the ops of the entry that read what an earlier call gave.
struct Stage {
  SmallVector<Operation *> entry, inner;
};

struct SplitBoundaryPass : intaglio::impl::SplitBoundaryPassBase<SplitBoundaryPass> {
  void runOnOperation() override {
    func::FuncOp entry = lookupEntry(getOperation());
    if (!entry)
      return signalPassFailure();
    if (getOperation().lookupSymbol("main_integer")) {
      entry.emitError("the module has a function @main_integer already");
      return signalPassFailure();
    }
    SmallVector<Stage> stages = divide(entry.getBody().front());
    func::FuncOp last = entry;
    for (Stage &stage : stages)
      last = split(entry, stage, last);
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(entry.getBody().front())))
      if (isOpTriviallyDead(&op))
        op.erase();
  }

  SmallVector<Stage> divide(Block &body);
  func::FuncOp split(func::FuncOp entry, Stage &stage, func::FuncOp after);
};

} // namespace

SmallVector<Stage> SplitBoundaryPass::divide(Block &body) {
  SmallVector<Stage> stages;
  DenseMap<Operation *, unsigned> numbers;
  for (Operation &op : body.without_terminator()) {
    if (op.hasTrait<OpTrait::ConstantLike>())
      continue;
    bool stays = staysInEntry(&op);
    unsigned number = 0;
    for (Value operand : op.getOperands()) {
      Operation *maker = operand.getDefiningOp();
      auto it = maker ? numbers.find(maker) : numbers.end();
      if (it != numbers.end())
        number = std::max(number, it->second + (stays && !staysInEntry(maker)));
    }
    numbers[&op] = number;
    if (number >= stages.size())
      stages.resize(number + 1);
    (stays ? stages[number].entry : stages[number].inner).push_back(&op);
  }
  return stages;
}

/// Moves a stage to the end of the entry, its inner ops to a function behind `after`.
func::FuncOp SplitBoundaryPass::split(func::FuncOp entry, Stage &stage, func::FuncOp after) {
  Block &body = entry.getBody().front();
  for (Operation *op : stage.entry)
    op->moveBefore(body.getTerminator());
  if (stage.inner.empty())
    return after;
  // What goes in and out, in order of first use and of definition. Constants are copied.
  llvm::SmallPtrSet<Operation *, 32> inner(stage.inner.begin(), stage.inner.end());
  llvm::SetVector<Value> ins, outs;
  for (Operation *op : stage.inner) {
    for (Value operand : op->getOperands()) {
      Operation *maker = operand.getDefiningOp();
      if (!maker || (!inner.contains(maker) && !maker->hasTrait<OpTrait::ConstantLike>()))
        ins.insert(operand);
    }
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !inner.contains(user); }))
        outs.insert(result);
  }
  SmallVector<Value> inputs = llvm::to_vector(ins), outputs = llvm::to_vector(outs);
  OpBuilder builder(&getContext());
  builder.setInsertionPointAfter(after);
  auto type =
      builder.getFunctionType(ValueRange(inputs).getTypes(), ValueRange(outputs).getTypes());
  std::string name = "main_integer";
  for (unsigned number = 1; getOperation().lookupSymbol(name); ++number)
    name = "main_integer_" + std::to_string(number);
  auto function = func::FuncOp::create(builder, entry.getLoc(), name, type);
  function.setPrivate();
  Block *block = function.addEntryBlock();
  IRMapping copied;
  builder.setInsertionPointToEnd(block);
  for (Operation *op : stage.inner)
    for (OpOperand &use : op->getOpOperands()) {
      Operation *maker = use.get().getDefiningOp();
      if (!maker || !maker->hasTrait<OpTrait::ConstantLike>())
        continue;
      if (!copied.contains(use.get()))
        builder.clone(*maker, copied);
      use.set(copied.lookup(use.get()));
    }
  for (Operation *op : stage.inner)
    op->moveBefore(block, block->end());
  auto isInner = [&](OpOperand &use) { return use.getOwner()->getBlock() == block; };
  for (auto [i, input] : llvm::enumerate(inputs))
    input.replaceUsesWithIf(block->getArgument(i), isInner);
  builder.setInsertionPointToEnd(block);
  func::ReturnOp::create(builder, entry.getLoc(), outputs);
  builder.setInsertionPoint(body.getTerminator());
  auto call = func::CallOp::create(builder, entry.getLoc(), function, inputs);
  for (auto [i, output] : llvm::enumerate(outputs))
    output.replaceUsesWithIf(call.getResult(i), [&](OpOperand &use) { return !isInner(use); });
  return function;
}
