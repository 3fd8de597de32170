//===- Product.cpp - linear and matmul to plain integers -----------------------------------===//
//
// The zero point of x moves into the bias: `bias[n] - z * sum_k w[n, k]`.
//
//===----------------------------------------------------------------------------------------===//

#include "Integerize.h"

#include "intaglio/Analysis/Constants.h"
#include "intaglio/IntMath/Product.h"

using namespace mlir;
using namespace intaglio;

namespace {

struct LinearPattern : OpConversionPattern<LinearOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(LinearOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Value bias = op.getBias();
    if (int64_t zeroPoint = Codes::of(op.getX()).zeroPoint) {
      FailureOr<Value> folded = foldZeroPoint(op, zeroPoint, rewriter);
      if (failed(folded))
        return failure();
      bias = *folded;
    }
    rewriter.replaceOpWithNewOp<LinearOp>(op, withInteger(op.getResult(), 32), adaptor.getX(),
                                          adaptor.getWeight(), bias);
    return success();
  }

  FailureOr<Value> foldZeroPoint(LinearOp op, int64_t zeroPoint, OpBuilder &builder) const {
    auto weight = ConstantArray<int8_t>::get(op.getWeight());
    auto bias = op.getBias() ? ConstantArray<int32_t>::get(op.getBias()) : std::nullopt;
    if (!weight || (op.getBias() && !bias))
      return op.emitOpError("expects a constant weight and bias with their data at hand");
    int64_t rows = op.getWeight().getType().getDimSize(0);
    std::vector<int32_t> sums(rows);
    size_t columns = weight->size() / rows;
    for (int64_t row = 0; row < rows; ++row) {
      int64_t sum = bias ? (*bias)[row] : 0;
      for (int8_t code : weight->getElements().slice(row * columns, columns))
        sum -= zeroPoint * code;
      if (!intmath::fitsSigned(sum, 32))
        return op.emitOpError("bias of channel ")
               << row << " leaves i32 with the input's zero point folded in (C-LINEAR-3)";
      sums[row] = static_cast<int32_t>(sum);
    }
    return buildConstant<int32_t>(builder, op.getLoc(), "bias", {rows}, std::move(sums));
  }
};

struct MatmulPattern : OpConversionPattern<MatmulOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(MatmulOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (Codes::of(op.getLhs()).zeroPoint != 0 || Codes::of(op.getRhs()).zeroPoint != 0)
      return op.emitOpError("expects operands with zero point 0");
    rewriter.replaceOpWithNewOp<MatmulOp>(op, withInteger(op.getResult(), 32), adaptor.getLhs(),
                                          adaptor.getRhs(), op.getTransposeRhs());
    return success();
  }
};

} // namespace

void intaglio::populateIntegerizeProductPatterns(TypeConverter &converter,
                                                 RewritePatternSet &patterns) {
  patterns.add<LinearPattern, MatmulPattern>(converter, patterns.getContext());
}
