//===- TileRows.cpp - linear kernels row by row --------------------------------------------===//
//
//   matmul of [?, K] and [N, K], elementwise ops on [?, N]
// becomes
//   scf.for %row: matmul of [1, K] and [N, K], elementwise ops on [1, N]
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/Passes.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace intaglio {
#define GEN_PASS_DEF_TILEROWSPASS
#include "intaglio/Codegen/Passes.h.inc"
} // namespace intaglio

using namespace mlir;

namespace {
struct TileRowsPass : intaglio::impl::TileRowsPassBase<TileRowsPass> {
  void runOnOperation() override {
    func::FuncOp kernel = getOperation();
    auto kind = kernel->getAttrOfType<StringAttr>("intaglio.kernel");
    if (!kind || kind != "linear" || kernel->hasAttr("intaglio.tile"))
      return;
    Value result = kernel.getBody().front().getTerminator()->getOperand(0);
    auto last = result.getDefiningOp<TilingInterface>();
    if (!last)
      return;
    IRRewriter rewriter(&getContext());
    rewriter.setInsertionPoint(last);
    scf::SCFTileAndFuseOptions options;
    options.tilingOptions.setTileSizes({rewriter.getIndexAttr(1)});
    auto tiled = scf::tileConsumerAndFuseProducersUsingSCF(rewriter, last, options);
    if (failed(tiled)) {
      last->emitOpError("cannot be tiled by rows");
      return signalPassFailure();
    }
    rewriter.replaceOp(last, tiled->replacements.lookup(result));
    // Accumulators are of one row too.
    RewritePatternSet patterns(&getContext());
    tensor::populateFoldTensorEmptyPatterns(patterns);
    if (failed(applyPatternsGreedily(kernel, std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
