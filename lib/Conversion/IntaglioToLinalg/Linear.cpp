//===- Linear.cpp - products with a weight matrix ------------------------------------------===//

#include "Kernel.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace intaglio;

/// The body of a product: `sum + x * w`, bytes widened.
static void multiplyAdd(OpBuilder &nested, Location loc, ValueRange args) {
  ImplicitLocOpBuilder inner(loc, nested);
  Term x(inner, args[0]), w(inner, args[1]), sum(inner, args[2]);
  if (!sum.isFloat()) {
    x = x.toInteger(32);
    w = w.toInteger(32);
  }
  linalg::YieldOp::create(inner, (sum + x * w).get());
}

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
      {IteratorType::parallel, IteratorType::parallel, IteratorType::reduction}, multiplyAdd);
  rewriter.replaceOp(op, product.getResult(0));
  return success();
}

/// `sum_k lhs[..., m, k] * rhs[..., k, n]`, i32 from i8 or f32.
static LogicalResult lowerMatmul(MatmulOp op, PatternRewriter &rewriter) {
  auto type = cast<RankedTensorType>(op.getType());
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type.getElementType()));
  Value start = linalg::FillOp::create(b, zero, destination(b, op, op.getLhs())).getResult(0);
  // Dimensions: the leading axes, m, n, k.
  unsigned rank = type.getRank(), m = rank - 2, n = rank - 1, k = rank;
  auto mapTo = [&](unsigned first, unsigned second) {
    SmallVector<AffineExpr> results;
    for (unsigned axis = 0; axis < rank - 2; ++axis)
      results.push_back(b.getAffineDimExpr(axis));
    results.push_back(b.getAffineDimExpr(first));
    results.push_back(b.getAffineDimExpr(second));
    return AffineMap::get(rank + 1, 0, results, b.getContext());
  };
  SmallVector<AffineMap> maps{mapTo(m, k), op.getTransposeRhs() ? mapTo(n, k) : mapTo(k, n),
                              mapTo(m, n)};
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  auto product = linalg::GenericOp::create(b, start.getType(), ValueRange{op.getLhs(), op.getRhs()},
                                           start, maps, iterators, multiplyAdd);
  rewriter.replaceOp(op, product.getResult(0));
  return success();
}

void intaglio::populateLinearPatterns(RewritePatternSet &patterns) {
  patterns.add(lowerLinear);
  patterns.add(lowerMatmul);
}
