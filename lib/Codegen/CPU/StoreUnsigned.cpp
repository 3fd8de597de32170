//===- StoreUnsigned.cpp - producers write the bytes that products read ---------------------===//
//
//   call @rescale_0(.., %x) ; call @linear_0(%x, ..)       @linear_0 reads every byte XOR 0x80
// becomes the same calls, @rescale_0 writing its bytes XOR 0x80 and @linear_0 reading them as they
// are. A kernel is changed where all its calls agree: each array that changes its meaning is read
// by nothing but packed kernels.
//
//===----------------------------------------------------------------------------------------===//

#include "AttentionEmitter.h"
#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_STOREUNSIGNEDPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio;
using namespace intaglio::cpu;

namespace {

bool isView(Operation *op) {
  return isa_and_nonnull<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::CastOp>(op);
}

Value rootOf(Value value) {
  while (isView(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

/// The only op that reads a tensor's elements, or null.
Operation *onlyReaderOf(Value tensor) {
  Operation *reader = nullptr;
  for (Operation *user : tensor.getUsers()) {
    if (isa<tensor::DimOp>(user))
      continue;
    if (reader)
      return nullptr;
    reader = user;
  }
  return reader;
}

/// The XOR by which a packed kernel reads its first argument, where nothing else reads it.
arith::XOrIOp flipOf(func::FuncOp kernel) {
  Value x = kernel.getArgument(0);
  Operation *reader = onlyReaderOf(x);
  for (; isView(reader); reader = onlyReaderOf(x))
    x = reader->getResult(0);
  auto product = dyn_cast_or_null<linalg::GenericOp>(reader);
  if (failed(tileOf(kernel)) || !product || product.getDpsInputs()[0] != x)
    return {};
  BlockArgument element = product.getRegionInputArgs()[0];
  return element.hasOneUse() ? dyn_cast<arith::XOrIOp>(*element.user_begin()) : nullptr;
}

/// The op that writes each element of a kernel's result once, behind loops over rows.
linalg::GenericOp writerOf(Value result) {
  while (Operation *op = result.getDefiningOp()) {
    if (auto loop = dyn_cast<scf::ForOp>(op))
      result = loop.getTiedLoopYieldedValue(loop.getTiedLoopRegionIterArg(cast<OpResult>(result)))
                   ->get();
    else if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
      result = insert.getSource();
    else if (isView(op))
      result = op->getOperand(0);
    else
      break;
  }
  auto writer = result.getDefiningOp<linalg::GenericOp>();
  if (!writer || writer.getNumReductionLoops() || writer->getNumResults() != 1 ||
      writer.payloadUsesValueFromOperand(writer.getDpsInitOperand(0)))
    return {};
  return writer;
}

struct StoreUnsignedPass : intaglio::cpu::impl::StoreUnsignedPassBase<StoreUnsignedPass> {
  using StoreUnsignedPassBase::StoreUnsignedPassBase;

  func::FuncOp kernelOf(func::CallOp call) { return kernels.lookup(call.getCallee()); }

  bool canWrite(func::FuncOp kernel) {
    if (kernel.isDeclaration() || kernel.getNumResults() != 1 ||
        !getElementTypeOrSelf(kernel.getResultTypes()[0]).isInteger(8))
      return false;
    Operation *op = kernel.getBody().back().getTerminator()->getOperand(0).getDefiningOp();
    if (op && isa<IAttentionOp>(op))
      return canEmitAttention(op, *info);
    return bool(writerOf(kernel.getBody().back().getTerminator()->getOperand(0)));
  }

  /// Whether nothing but first arguments of `readers` sees a call's result.
  bool onlyRead(Value value) {
    return llvm::all_of(value.getUses(), [&](OpOperand &use) {
      if (isView(use.getOwner()))
        return onlyRead(use.getOwner()->getResult(0));
      auto call = dyn_cast<func::CallOp>(use.getOwner());
      return call && use.getOperandNumber() == 0 && readers.contains(kernelOf(call));
    });
  }

  bool agree(func::FuncOp kernel, function_ref<bool(func::CallOp)> holds) {
    return llvm::all_of(calls[kernel], holds);
  }

  /// Takes away what not all calls allow, until nothing changes.
  void settle() {
    for (bool changed = true; changed;) {
      changed = false;
      changed |= writers.remove_if([&](func::FuncOp kernel) {
        return !agree(kernel, [&](func::CallOp call) { return onlyRead(call.getResult(0)); });
      });
      changed |= readers.remove_if([&](func::FuncOp kernel) {
        return !agree(kernel, [&](func::CallOp call) {
          auto producer = rootOf(call.getOperand(0)).getDefiningOp<func::CallOp>();
          return producer && writers.contains(kernelOf(producer));
        });
      });
    }
  }

  void flipWrites(func::FuncOp kernel) {
    Value result = kernel.getBody().back().getTerminator()->getOperand(0);
    if (isa_and_nonnull<IAttentionOp>(result.getDefiningOp())) {
      kernel->setAttr(kUnsignedAttr, UnitAttr::get(&getContext()));
      return;
    }
    Operation *yield = writerOf(result).getBody()->getTerminator();
    OpBuilder b(yield);
    Value flip = arith::ConstantIntOp::create(b, yield->getLoc(), -128, 8);
    yield->setOperand(0, arith::XOrIOp::create(b, yield->getLoc(), yield->getOperand(0), flip));
  }

  void runOnOperation() override {
    info = TargetInfo::parse(target);
    if (failed(info)) {
      getOperation().emitError("unknown target level '") << target << "'";
      return signalPassFailure();
    }
    for (auto kernel : getOperation().getOps<func::FuncOp>()) {
      if (!kernel->hasAttr(kKernelAttr) || kernel.isDeclaration())
        continue;
      kernels[kernel.getName()] = kernel;
      if (canWrite(kernel))
        writers.insert(kernel);
      if (flipOf(kernel))
        readers.insert(kernel);
    }
    getOperation().walk([&](func::CallOp call) { calls[kernelOf(call)].push_back(call); });
    settle();
    for (func::FuncOp kernel : readers) {
      arith::XOrIOp flip = flipOf(kernel);
      flip.replaceAllUsesWith(flip.getLhs());
      flip.erase();
    }
    for (func::FuncOp kernel : writers)
      flipWrites(kernel);
    changed += writers.size();
  }

  FailureOr<TargetInfo> info = failure();
  llvm::StringMap<func::FuncOp> kernels;
  DenseMap<Operation *, SmallVector<func::CallOp>> calls;
  llvm::SetVector<func::FuncOp> writers, readers;
};

} // namespace
