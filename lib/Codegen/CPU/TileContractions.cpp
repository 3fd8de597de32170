//===- TileContractions.cpp - one loop nest for a contraction and all that surrounds it -----===//
//
//   %acc0 = broadcast bias ; %acc = contraction(%x, %w, %acc0) ; %y = epilogue(%acc)
// becomes
//   for n0 { for m step MR { init tile ; for k0 { contraction tile } ; epilogue tile } }
// The consumer is tiled and its producers are fused into the tile. The panel of weights of a block
// of columns stays in the cache while the rows pass by.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_TILECONTRACTIONSPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio::cpu;

namespace {

/// The last of the elementwise ops that follow `op` in a chain of single uses; `op` where there is
/// none.
linalg::GenericOp findEpilogue(linalg::GenericOp op) {
  while (op->hasOneUse()) {
    auto user = dyn_cast<linalg::GenericOp>(*op->user_begin());
    if (!user || !linalg::isElementwise(user))
      break;
    op = user;
  }
  return op;
}

/// Loops over blocks of columns and of rows around the epilogue, and over `k0` around the
/// contraction.
LogicalResult tileContraction(RewriterBase &rewriter, linalg::GenericOp contraction,
                              const Tile &tile) {
  linalg::GenericOp root = findEpilogue(contraction);
  auto size = [&](int64_t value) -> OpFoldResult { return rewriter.getIndexAttr(value); };
  scf::SCFTileAndFuseOptions options;
  options.tilingOptions.setTileSizes({size(tile.rows), size(1), size(0)}).setInterchange({1, 0, 2});
  auto tiled = scf::tileConsumerAndFuseProducersUsingSCF(
      rewriter, cast<TilingInterface>(root.getOperation()), options);
  if (failed(tiled))
    return root.emitOpError("cannot be tiled");
  rewriter.replaceOp(root, tiled->replacements.lookup(root.getResult(0)));
  for (Operation *op : tiled->tiledAndFusedOps) {
    auto fused = dyn_cast<linalg::GenericOp>(op);
    if (!fused || fused.getNumLoops() != 5)
      continue;
    scf::SCFTilingOptions reduction;
    reduction.setTileSizes({size(0), size(0), size(0), size(1), size(0)});
    auto inner = scf::tileUsingSCF(rewriter, cast<TilingInterface>(op), reduction);
    if (failed(inner))
      return op->emitOpError("reduction cannot be tiled");
    rewriter.replaceOp(op, inner->replacements);
  }
  return success();
}

struct TileContractionsPass : intaglio::cpu::impl::TileContractionsPassBase<TileContractionsPass> {
  void runOnOperation() override {
    auto tile = tileOf(getOperation());
    if (failed(tile))
      return;
    IRRewriter rewriter(&getContext());
    linalg::GenericOp contraction;
    getOperation().walk(
        [&](linalg::GenericOp op) { contraction = op.getNumLoops() == 5 ? op : contraction; });
    if (!contraction || failed(tileContraction(rewriter, contraction, *tile)))
      return signalPassFailure();
    // Loop bounds ask for sizes of fused producers: ask for those of the arguments, and the
    // producers are dead.
    RewritePatternSet patterns(&getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
