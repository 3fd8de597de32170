//===- BindDestinations.cpp - results are computed where they belong ------------------------===//
//
//   %e = tensor.empty ; %y = linalg.generic outs(%e) ; return %y        (%dst: the last argument)
// becomes
//   %y = linalg.generic outs(%dst) ; return %y
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_BINDDESTINATIONSPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio::cpu;

namespace {

struct BindDestinationsPass : intaglio::cpu::impl::BindDestinationsPassBase<BindDestinationsPass> {
  /// Makes the producer of `result`, seen through the reshape that packing leaves, start from
  /// `destination`.
  void bind(OpBuilder &builder, Value result, BlockArgument destination) {
    auto collapse = result.getDefiningOp<tensor::CollapseShapeOp>();
    auto producer = (collapse ? collapse.getSrc() : result).getDefiningOp<linalg::LinalgOp>();
    if (!producer || producer.getNumDpsInits() != 1)
      return;
    // Accumulators start from another op's result: bind that.
    while (auto start = producer.getDpsInits()[0].getDefiningOp<linalg::LinalgOp>()) {
      if (start.getNumDpsInits() != 1 || !start->hasOneUse())
        return;
      producer = start;
    }
    if (!producer.getDpsInits()[0].getDefiningOp<tensor::EmptyOp>())
      return;
    Value start = destination;
    builder.setInsertionPoint(producer);
    if (collapse)
      start = tensor::ExpandShapeOp::create(builder, collapse.getLoc(), collapse.getSrcType(),
                                            destination, collapse.getReassociationIndices());
    if (start.getType() == producer.getDpsInits()[0].getType())
      producer.getDpsInitsMutable()[0].set(start);
  }

  void runOnOperation() override {
    func::FuncOp kernel = getOperation();
    if (!kernel->hasAttr(kKernelAttr) || kernel.isDeclaration())
      return;
    OpBuilder builder(&getContext());
    auto results = kernel.getBody().back().getTerminator()->getOperands();
    if (results.size() > kernel.getNumArguments())
      return;
    auto destinations = kernel.getArguments().take_back(results.size());
    for (auto [result, destination] : llvm::zip(results, destinations))
      bind(builder, result, destination);
  }
};

} // namespace
