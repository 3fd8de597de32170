//===- Linear.cpp - products with a weight matrix ------------------------------------------===//

#include "Kernel.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace intaglio;

/// `x[m, k] * w[n, k]` summed onto the broadcast bias, i32 from i8 or f32.
static LogicalResult lowerLinear(LinearOp op, PatternRewriter &rewriter) {
  auto type = cast<RankedTensorType>(op.getType());
  if (type.getRank() != 2)
    return rewriter.notifyMatchFailure(op, "the rows are not collapsed");
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  Value into = destination(b, op, op.getX());
  Value start;
  if (op.getBias()) {
    start = linalg::BroadcastOp::create(b, op.getBias(), into, ArrayRef<int64_t>{0}).getResult()[0];
  } else {
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type.getElementType()));
    start = linalg::FillOp::create(b, zero, into).getResult(0);
  }
  auto d = [&](unsigned i) { return b.getAffineDimExpr(i); };
  MLIRContext *context = b.getContext();
  SmallVector<AffineMap> maps{AffineMap::get(3, 0, {d(0), d(2)}, context),
                              AffineMap::get(3, 0, {d(1), d(2)}, context),
                              AffineMap::get(3, 0, {d(0), d(1)}, context)};
  using utils::IteratorType;
  auto product = linalg::GenericOp::create(
      b, type, ValueRange{op.getX(), op.getWeight()}, start, maps,
      {IteratorType::parallel, IteratorType::parallel, IteratorType::reduction},
      [](OpBuilder &nested, Location loc, ValueRange args) {
        ImplicitLocOpBuilder inner(loc, nested);
        Term x(inner, args[0]), w(inner, args[1]), sum(inner, args[2]);
        if (!sum.isFloat()) {
          x = x.toInteger(32);
          w = w.toInteger(32);
        }
        linalg::YieldOp::create(inner, (sum + x * w).get());
      });
  rewriter.replaceOp(op, product.getResult(0));
  return success();
}

void intaglio::populateLinearPatterns(RewritePatternSet &patterns) { patterns.add(lowerLinear); }
