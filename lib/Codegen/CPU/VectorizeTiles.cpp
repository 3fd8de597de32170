//===- VectorizeTiles.cpp - tiles to vectors, vectors to registers --------------------------===//
//
//   for k0 iter_args(%t = tile : tensor<6x1x64xi32>) { linalg.generic }
// becomes
//   for k0 iter_args(24 x vector<1x1x16xi32>) { 24 x vector.contract on vector<1x1x4>,
//   vector<1x1x16x4xi8> }
// by linalg::vectorize, unrolling to the shape of a register, and hoisting of the reads and writes
// of the tile. Unrolling comes first: then each accumulator is carried by the loop on its own.
//
//===----------------------------------------------------------------------------------------===//

#include "Narrow.h"
#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorTransforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_VECTORIZETILESPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio::cpu;

namespace {

/// One register: `lanes` along the last dimension that is not one, or along the one before it where
/// that is a dot product's.
SmallVector<int64_t> registerShape(VectorType type, int64_t lanes) {
  ArrayRef<int64_t> sizes = type.getShape();
  SmallVector<int64_t> shape(sizes.size(), 1);
  int64_t last = type.getRank() - 1;
  while (last > 1 && sizes[last] == 1)
    --last;
  if (last < 0)
    return shape;
  shape[last] = std::min(lanes, sizes[last]);
  if (last > 0 && last == type.getRank() - 1 && shape[last] < lanes)
    shape[last - 1] = std::min(lanes, sizes[last - 1]);
  return shape;
}

/// Elements of `width` bits in a register, or as many as divide the columns of a tile.
int64_t lanesOfWidth(unsigned width, const Tile &tile) {
  int64_t lanes = tile.lanes * 32 / width;
  while (lanes > tile.lanes && tile.columns() % lanes)
    lanes /= 2;
  return lanes;
}

/// Lanes of the registers that `op` is unrolled to: on bytes and 16-bit words more fit, which serve
/// where they are the type of the arithmetic; what is only read to be widened is read in pieces.
int64_t lanesOf(Operation *op, VectorType type, const Tile &tile) {
  if (auto lanes = op->getAttrOfType<IntegerAttr>(kLanesAttr))
    return lanes.getInt();
  Type element = type.getElementType();
  bool isWidened = isa<vector::TransferReadOp>(op) &&
                   llvm::all_of(op->getUsers(), llvm::IsaPred<arith::ExtSIOp, arith::ExtUIOp>);
  if (!(element.isInteger(8) || element.isInteger(16)) || isWidened)
    return tile.lanes;
  return lanesOfWidth(element.getIntOrFloatBitWidth(), tile);
}

/// The shape to which `op` is unrolled.
std::optional<SmallVector<int64_t>> nativeShape(Operation *op, const Tile &tile) {
  if (auto contract = dyn_cast<vector::ContractionOp>(op)) {
    SmallVector<int64_t> bounds;
    contract.getIterationBounds(bounds);
    if (bounds.size() != 5)
      return std::nullopt;
    return SmallVector<int64_t>{1, 1, std::min(bounds[2], tile.lanes), 1, bounds[4]};
  }
  // Of a scalar in every lane, each reader takes the part that it needs.
  if (auto broadcast = dyn_cast<vector::BroadcastOp>(op))
    if (!isa<VectorType>(broadcast.getSourceType()))
      return std::nullopt;
  if (auto write = dyn_cast<vector::TransferWriteOp>(op))
    return registerShape(write.getVectorType(), lanesOf(op, write.getVectorType(), tile));
  if (op->getNumResults() == 1)
    if (auto type = dyn_cast<VectorType>(op->getResult(0).getType()))
      return registerShape(type, lanesOf(op, type, tile));
  return std::nullopt;
}

/// Marks the ops that become instructions on several registers of 32-bit lanes: they stay together
/// when the tile is unrolled.
void markNarrowing(func::FuncOp kernel, const Tile &tile) {
  OpBuilder builder(kernel.getContext());
  kernel.walk([&](arith::TruncIOp op) {
    auto type = dyn_cast<VectorType>(op.getType());
    auto ops = opsOfNarrowing(op);
    if (!type || ops.empty())
      return;
    int64_t lanes = lanesOfWidth(type.getElementTypeBitWidth(), tile);
    for (Operation *each : ops)
      each->setAttr(kLanesAttr, builder.getI64IntegerAttr(lanes));
  });
}

struct VectorizeTilesPass : intaglio::cpu::impl::VectorizeTilesPassBase<VectorizeTilesPass> {
  LogicalResult vectorizeAll() {
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops) {
      if (op.hasDynamicShape())
        continue;
      rewriter.setInsertionPoint(op);
      auto result = linalg::vectorize(rewriter, op, {}, {}, /*vectorizeNDExtract=*/true);
      if (failed(result))
        return op.emitOpError("tile cannot be vectorized");
      rewriter.replaceOp(op, result->replacements);
    }
    RewritePatternSet patterns(&getContext());
    // Without these the broadcasts of a contraction stay inside the reads, and no vector.contract
    // is found.
    vector::populateVectorTransferPermutationMapLoweringPatterns(patterns);
    vector::populateVectorReductionToContractPatterns(patterns);
    vector::populateSinkVectorOpsPatterns(patterns);
    tensor::populateFoldTensorSubsetIntoVectorTransferPatterns(patterns);
    vector::TransferReadOp::getCanonicalizationPatterns(patterns, &getContext());
    vector::TransferWriteOp::getCanonicalizationPatterns(patterns, &getContext());
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  LogicalResult unroll(const Tile &tile) {
    RewritePatternSet patterns(&getContext());
    vector::populateVectorUnrollPatterns(patterns,
                                         vector::UnrollVectorOptions().setNativeShapeFn(
                                             [&](Operation *op) { return nativeShape(op, tile); }));
    vector::ExtractStridedSliceOp::getCanonicalizationPatterns(patterns, &getContext());
    vector::BroadcastOp::getCanonicalizationPatterns(patterns, &getContext());
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  void runOnOperation() override {
    auto tile = tileOf(getOperation());
    if (failed(tile))
      return;
    if (failed(vectorizeAll()))
      return signalPassFailure();
    markNarrowing(getOperation(), *tile);
    if (failed(unroll(*tile)))
      return signalPassFailure();
    getOperation().walk([](Operation *op) { op->removeAttr(kLanesAttr); });
    IRRewriter rewriter(&getContext());
    SmallVector<scf::ForOp> innermost;
    getOperation().walk([&](scf::ForOp loop) {
      if (loop.getBody()->getOps<LoopLikeOpInterface>().empty())
        innermost.push_back(loop);
    });
    for (scf::ForOp loop : innermost)
      hoistLoopInvariantSubsets(rewriter, cast<LoopLikeOpInterface>(loop.getOperation()));
  }
};

} // namespace
