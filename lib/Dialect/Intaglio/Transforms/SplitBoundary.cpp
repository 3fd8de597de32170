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
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace intaglio {
#define GEN_PASS_DEF_SPLITBOUNDARYPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

/// A quantize of an argument, or a dequantize of a result.
static bool isBoundary(Operation *op) {
  if (auto quantize = dyn_cast<QuantizeOp>(op))
    return isa<BlockArgument>(quantize.getX());
  return isa<DequantizeOp>(op) &&
         llvm::all_of(op->getUsers(), [](Operation *user) { return isa<func::ReturnOp>(user); });
}

namespace {
struct SplitBoundaryPass : intaglio::impl::SplitBoundaryPassBase<SplitBoundaryPass> {
  void runOnOperation() override {
    func::FuncOp entry = lookupEntry(getOperation());
    if (!entry)
      return signalPassFailure();
    if (getOperation().lookupSymbol("main_integer")) {
      entry.emitError("the module has a function @main_integer already");
      return signalPassFailure();
    }
    split(entry);
  }

  void split(func::FuncOp entry);
};
} // namespace

void SplitBoundaryPass::split(func::FuncOp entry) {
  Block &body = entry.getBody().front();
  SmallVector<Operation *> inner;
  for (Operation &op : body.without_terminator())
    if (!isBoundary(&op))
      inner.push_back(&op);
  // What goes in and out, in order of first use and of definition.
  llvm::SmallPtrSet<Operation *, 32> moved(inner.begin(), inner.end());
  llvm::SetVector<Value> ins, outs;
  for (Operation *op : inner) {
    for (Value operand : op->getOperands())
      if (!operand.getDefiningOp() || !moved.contains(operand.getDefiningOp()))
        ins.insert(operand);
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !moved.contains(user); }))
        outs.insert(result);
  }
  SmallVector<Value> inputs = llvm::to_vector(ins), outputs = llvm::to_vector(outs);
  OpBuilder builder(entry);
  builder.setInsertionPointAfter(entry);
  auto type =
      builder.getFunctionType(ValueRange(inputs).getTypes(), ValueRange(outputs).getTypes());
  auto function = func::FuncOp::create(builder, entry.getLoc(), "main_integer", type);
  function.setPrivate();
  Block *block = function.addEntryBlock();
  for (Operation *op : inner)
    op->moveBefore(block, block->end());
  for (auto [i, input] : llvm::enumerate(inputs))
    input.replaceUsesWithIf(block->getArgument(i),
                            [&](OpOperand &use) { return use.getOwner()->getBlock() == block; });
  builder.setInsertionPointToEnd(block);
  func::ReturnOp::create(builder, entry.getLoc(), outputs);
  // The call stands behind the entry's quantize ops.
  Operation *before = &body.front();
  while (isa<QuantizeOp>(before))
    before = before->getNextNode();
  builder.setInsertionPoint(before);
  auto call = func::CallOp::create(builder, entry.getLoc(), function, inputs);
  for (auto [i, output] : llvm::enumerate(outputs))
    output.replaceUsesWithIf(call.getResult(i),
                             [&](OpOperand &use) { return use.getOwner()->getBlock() == &body; });
}
