//===- Attention.cpp - attention and softmax to their integer forms ------------------------===//

#include "Integerize.h"

#include "intaglio/Analysis/Constants.h"
#include "intaglio/IntMath/Ibert.h"
#include "intaglio/IntMath/Softmax.h"

using namespace mlir;
using namespace intaglio;

/// The logit of one unit of score.
static double logitScale(AttentionOp op) {
  return op.getScale().convertToDouble() * Codes::of(op.getQuery()).getScale() *
         Codes::of(op.getKey()).getScale();
}

static FailureOr<Value> buildMinimax(OpBuilder &builder, AttentionOp op,
                                     AttentionOp::Adaptor adaptor) {
  Codes to = Codes::of(op.getResult());
  int64_t head = op.getQuery().getType().getDimSize(2) / op.getNumHeads();
  double ratio = Codes::of(op.getValue()).getScale() / to.getScale();
  auto statics = intmath::attentionStatics(logitScale(op), head, ratio);
  if (!statics)
    return op.emitOpError("has no integer form for logits of step ")
           << logitScale(op) << " and values " << ratio
           << " times the result's scale (C-IATTENTION-2, C-IATTENTION-4)";
  std::vector<int8_t> table(statics->table.begin(), statics->table.end());
  Value exponentials = buildConstant<int8_t>(builder, op.getLoc(), "exp", {256}, std::move(table));
  return IAttentionOp::create(builder, op.getLoc(), withInteger(op.getResult(), 8),
                              adaptor.getQuery(), adaptor.getKey(), adaptor.getValue(),
                              exponentials, adaptor.getMask(), op.getNumHeads(),
                              statics->scoreShift, statics->step, statics->rounding,
                              statics->numerator, to.zeroPoint)
      .getResult();
}

static FailureOr<Value> buildIbert(OpBuilder &builder, AttentionOp op,
                                   AttentionOp::Adaptor adaptor) {
  Codes to = Codes::of(op.getResult());
  auto statics = intmath::ibertSoftmaxStatics(logitScale(op));
  auto output = intmath::dyadic(Codes::of(op.getValue()).getScale() / 256 / to.getScale());
  if (!statics || !output)
    return op.emitOpError("has no integer form of I-BERT for logits of step ") << logitScale(op);
  const intmath::IbertExpStatics &exp = statics->exp;
  return IbertAttentionOp::create(builder, op.getLoc(), withInteger(op.getResult(), 8),
                                  adaptor.getQuery(), adaptor.getKey(), adaptor.getValue(),
                                  adaptor.getMask(), op.getNumHeads(), exp.ln2, exp.b, exp.c, exp.n,
                                  statics->scale.multiplier, statics->scale.shift,
                                  output->multiplier, output->shift, to.zeroPoint)
      .getResult();
}

namespace {

struct AttentionPattern : OpConversionPattern<AttentionOp> {
  AttentionPattern(const TypeConverter &converter, MLIRContext *context, NonLinear set)
      : OpConversionPattern(converter, context), set(set) {}
  LogicalResult matchAndRewrite(AttentionOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (Codes::of(op.getQuery()).minimum < -127)
      return op.emitOpError("expects a query without -128 (C-IATTENTION-6)");
    FailureOr<Value> result = set == NonLinear::Ibert ? buildIbert(rewriter, op, adaptor)
                                                      : buildMinimax(rewriter, op, adaptor);
    if (failed(result))
      return failure();
    rewriter.replaceOp(op, clampTo(rewriter, *result, Codes::of(op.getResult())));
    return success();
  }
  NonLinear set;
};

struct SoftmaxPattern : OpConversionPattern<SoftmaxOp> {
  SoftmaxPattern(const TypeConverter &converter, MLIRContext *context, NonLinear set)
      : OpConversionPattern(converter, context), set(set) {}
  LogicalResult matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    double scale = Codes::of(op.getX()).getScale();
    RankedTensorType type = withInteger(op.getX(), 16);
    if (set == NonLinear::Ibert) {
      auto statics = intmath::ibertSoftmaxStatics(scale);
      if (!statics)
        return op.emitOpError("has no integer form of I-BERT for logits of step ") << scale;
      rewriter.replaceOpWithNewOp<IbertSoftmaxOp>(op, type, adaptor.getX(), statics->exp.ln2,
                                                  statics->exp.b, statics->exp.c, statics->exp.n,
                                                  statics->scale.multiplier, statics->scale.shift);
      return success();
    }
    auto factor = intmath::softmaxScale(scale);
    if (!factor)
      return op.emitOpError("has no integer form for logits of step ") << scale;
    rewriter.replaceOpWithNewOp<ISoftmaxOp>(op, type, adaptor.getX(), factor->multiplier,
                                            factor->shift);
    return success();
  }
  NonLinear set;
};

} // namespace

void intaglio::populateIntegerizeAttentionPatterns(TypeConverter &converter,
                                                   RewritePatternSet &patterns, NonLinear set) {
  patterns.add<AttentionPattern, SoftmaxPattern>(converter, patterns.getContext(), set);
}
