//===- SpecializeRowTails.cpp - a kernel for every number of rows that may be left ----------===//
//
//   scf.for %m = 0 to %M step 6 { rows = min(6, %M - %m) ... }
// becomes
//   scf.for %m = 0 to %M - %M mod 6 step 6 { 6 rows }
//   scf.index_switch %M mod 6  case 1 { 1 row }  ...  case 5 { 5 rows }  default {}
// so that every tile has a static shape and no vector needs a mask along the rows.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/IR/IRMapping.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_SPECIALIZEROWTAILSPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio::cpu;

namespace {

/// A copy of the body of `partial`, which runs once or never, for a static upper bound.
void cloneBody(RewriterBase &rewriter, scf::ForOp partial, int64_t rows) {
  Location loc = partial.getLoc();
  Value lower = partial.getLowerBound();
  Value end = affine::AffineApplyOp::create(rewriter, loc, rewriter.getAffineDimExpr(0) + rows,
                                            ValueRange{lower});
  IRMapping map;
  map.map(partial.getInductionVar(), lower);
  map.map(partial.getUpperBound(), end);
  map.map(partial.getRegionIterArgs(), partial.getInitArgs());
  for (Operation &op : partial.getBody()->without_terminator())
    rewriter.clone(op, map);
  auto results = llvm::map_to_vector(partial.getBody()->getTerminator()->getOperands(),
                                     [&](Value value) { return map.lookupOrDefault(value); });
  scf::YieldOp::create(rewriter, loc, results);
}

/// Replaces `partial` by a choice among copies of its body for 1 ... `rows` - 1 rows.
void specialize(RewriterBase &rewriter, scf::ForOp partial, int64_t rows) {
  Location loc = partial.getLoc();
  rewriter.setInsertionPoint(partial);
  AffineExpr end, begin;
  bindDims(rewriter.getContext(), end, begin);
  Value rest = affine::makeComposedAffineApply(
      rewriter, loc, end - begin,
      ArrayRef<OpFoldResult>{partial.getUpperBound(), partial.getLowerBound()});
  auto cases = llvm::to_vector(llvm::seq<int64_t>(1, rows));
  auto choice = scf::IndexSwitchOp::create(rewriter, loc, partial.getResultTypes(), rest, cases,
                                           cases.size());
  for (auto [count, region] : llvm::zip(cases, choice.getCaseRegions())) {
    rewriter.createBlock(&region);
    cloneBody(rewriter, partial, count);
  }
  rewriter.createBlock(&choice.getDefaultRegion());
  scf::YieldOp::create(rewriter, loc, partial.getInitArgs());
  rewriter.replaceOp(partial, choice);
}

struct SpecializeRowTailsPass
    : intaglio::cpu::impl::SpecializeRowTailsPassBase<SpecializeRowTailsPass> {
  void runOnOperation() override {
    auto tile = tileOf(getOperation());
    if (failed(tile))
      return;
    IRRewriter rewriter(&getContext());
    SmallVector<scf::ForOp> loops;
    getOperation().walk([&](scf::ForOp loop) {
      if (getConstantIntValue(loop.getStep()) == tile->rows && tile->rows > 1)
        loops.push_back(loop);
    });
    for (scf::ForOp loop : loops) {
      scf::ForOp partial;
      if (succeeded(scf::peelForLoopAndSimplifyBounds(rewriter, loop, partial)))
        specialize(rewriter, partial, tile->rows);
    }
  }
};

} // namespace
