//===- VectorizeAttention.cpp - attention kernels to vector loops on memory -----------------===//
//
//   func.func private @k(%q: tensor<?x?x384xi8>, ..., %dst: tensor<?x?x384xi8>) ->
//   tensor<?x?x384xi8>
//     %y = intaglio.i_attention %q, %k, %v, %table, %mask ; return %y
// becomes
//   func.func private @k(%q: memref<?x?x384xi8>, ..., %dst: memref<?x?x384xi8>)
//     scf.for over heads { keys, values and mask to scratch memory
//       scf.for over groups of queries { scores ; numerators ; output } }
// Tile and fuse cannot find this form: the maximum of a whole row stands between the two products.
//
//===----------------------------------------------------------------------------------------===//

#include "AttentionEmitter.h"
#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_VECTORIZEATTENTIONPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio;
using namespace intaglio::cpu;

bool intaglio::cpu::canEmitAttention(Operation *attention, const TargetInfo &target) {
  if (target.level == Level::Generic || !isa<IAttentionOp, AttentionOp>(attention))
    return false;
  int64_t heads = cast<IntegerAttr>(attention->getAttr("num_heads")).getInt();
  auto type = cast<RankedTensorType>(attention->getOperand(0).getType());
  // Beyond a shift of 7 the keys' offset would not vanish in the rounding (IntegerAttention.cpp).
  if (auto integer = dyn_cast<IAttentionOp>(attention); integer && integer.getScoreShift() > 7)
    return false;
  int64_t width = type.getDimSize(2) / heads;
  return width % 4 == 0 && width <= 256;
}

namespace {

struct VectorizeAttentionPass
    : intaglio::cpu::impl::VectorizeAttentionPassBase<VectorizeAttentionPass> {
  using VectorizeAttentionPassBase::VectorizeAttentionPassBase;

  /// The kernel's arguments become memory, and it returns nothing.
  void toMemory(func::FuncOp kernel) {
    for (BlockArgument argument : kernel.getArguments())
      if (auto type = dyn_cast<RankedTensorType>(argument.getType()))
        argument.setType(MemRefType::get(type.getShape(), type.getElementType()));
    kernel.setType(FunctionType::get(&getContext(), kernel.getBody().getArgumentTypes(), {}));
  }

  void vectorize(func::FuncOp kernel, Operation *attention, const TargetInfo &info) {
    ImplicitLocOpBuilder b(attention->getLoc(), attention);
    auto arguments = kernel.getArguments();
    AttentionArguments a;
    a.query = attention->getOperand(0), a.key = attention->getOperand(1);
    a.value = attention->getOperand(2);
    a.result = arguments.back(), a.scratch = arguments.drop_back().back();
    a.end = arguments.drop_back(2).back(), a.begin = arguments.drop_back(3).back();
    std::unique_ptr<AttentionEmitter> emitter;
    toMemory(kernel);
    if (auto op = dyn_cast<IAttentionOp>(attention)) {
      a.mask = op.getMask(), a.table = op.getTable();
      emitter = createIntegerAttention(b, info, a, op);
    } else {
      auto graph = cast<AttentionOp>(attention);
      a.mask = graph.getMask();
      emitter = createFloatAttention(b, info, a, graph);
    }
    emitter->emit();
    Operation *terminator = kernel.getBody().front().getTerminator();
    b.setInsertionPoint(terminator);
    func::ReturnOp::create(b);
    terminator->erase();
    attention->erase();
  }

  void runOnOperation() override {
    auto info = TargetInfo::parse(target);
    if (failed(info)) {
      getOperation().emitError("unknown target level '") << target << "'";
      return signalPassFailure();
    }
    func::FuncOp kernel = getOperation();
    auto kind = kernel->getAttrOfType<StringAttr>(kKernelAttr);
    if (!kind || kind != "attention")
      return;
    for (Operation &op : kernel.getBody().front())
      if (canEmitAttention(&op, *info))
        return vectorize(kernel, &op, *info);
  }
};

} // namespace
