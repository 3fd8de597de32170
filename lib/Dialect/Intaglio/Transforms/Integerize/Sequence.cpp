//===- Sequence.cpp - embedding, pool and rope to their integer forms ----------------------===//

#include "Integerize.h"

#include "intaglio/Analysis/Constants.h"

using namespace mlir;
using namespace intaglio;

namespace {

struct EmbeddingPattern : OpConversionPattern<EmbeddingOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(EmbeddingOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Codes to = Codes::of(op.getResult());
    auto rows = intmath::dyadicsWithCommonShift(Codes::of(op.getTable()).ratioTo(to));
    if (!rows)
      return op.emitOpError("has a row scale 2^30 times that of the result or more (C-DYADIC-2)");
    Value multipliers = buildMultipliers(rewriter, op.getLoc(), *rows);
    rewriter.replaceOpWithNewOp<IEmbeddingOp>(op, withInteger(op.getResult(), to.width),
                                              adaptor.getTable(), multipliers, adaptor.getIds(),
                                              rows->shift, to.zeroPoint);
    return success();
  }
};

struct PoolPattern : OpConversionPattern<PoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(PoolOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    unsigned width = Codes::of(op.getResult()).width;
    rewriter.replaceOpWithNewOp<IPoolOp>(op, withInteger(op.getResult(), width), adaptor.getX(),
                                         adaptor.getMask(), op.getKind());
    return success();
  }
};

struct RopePattern : OpConversionPattern<RopeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RopeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    FailureOr<Value> cos = buildTable(op, op.getCos(), rewriter),
                     sin = buildTable(op, op.getSin(), rewriter);
    if (failed(cos) || failed(sin))
      return failure();
    rewriter.replaceOpWithNewOp<IRopeOp>(op, withInteger(op.getResult(), 16), adaptor.getX(), *cos,
                                         *sin, op.getNumHeads(), op.getInterleaved());
    return success();
  }

  /// A table with 14 fraction bits.
  FailureOr<Value> buildTable(RopeOp op, Value table, OpBuilder &builder) const {
    auto elements = ConstantArray<float>::get(table);
    if (!elements)
      return op.emitOpError("expects constant tables with their data at hand");
    std::vector<int16_t> codes;
    for (float value : elements->getElements()) {
      auto code = intmath::roundHalfAway(value * 16384.0, 16);
      if (!code)
        return op.emitOpError("expects cosines and sines, found ") << value;
      codes.push_back(static_cast<int16_t>(*code));
    }
    return buildConstant<int16_t>(builder, op.getLoc(), "angles",
                                  cast<RankedTensorType>(table.getType()).getShape(),
                                  std::move(codes));
  }
};

} // namespace

void intaglio::populateIntegerizeSequencePatterns(TypeConverter &converter,
                                                  RewritePatternSet &patterns) {
  patterns.add<EmbeddingPattern, PoolPattern, RopePattern>(converter, patterns.getContext());
}
