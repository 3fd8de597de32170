//===- FlattenTransfers.cpp - contiguous reads and writes in one dimension ------------------===//
//
//   vector.transfer_read %w[..] : memref<?x96x64x4xi8>, vector<1x1x16x4xi8>
// becomes
//   vector.transfer_read of a collapsed view : vector<64xi8>          (one load of 64 bytes)
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_FLATTENTRANSFERSPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;

namespace {

struct FlattenTransfersPass : intaglio::cpu::impl::FlattenTransfersPassBase<FlattenTransfersPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    vector::populateFlattenVectorTransferPatterns(patterns);
    vector::ShapeCastOp::getCanonicalizationPatterns(patterns, &getContext());
    // Not those of one element: MLIR 22.1.8 reads past the shapes that it compares for them.
    SmallVector<Operation *> transfers;
    getOperation().walk([&](VectorTransferOpInterface op) {
      if (op.getVectorType().getNumElements() > 1)
        transfers.push_back(op);
    });
    GreedyRewriteConfig config;
    config.setStrictness(GreedyRewriteStrictness::ExistingAndNewOps);
    if (failed(applyOpPatternsGreedily(transfers, std::move(patterns), config)))
      signalPassFailure();
  }
};

} // namespace
