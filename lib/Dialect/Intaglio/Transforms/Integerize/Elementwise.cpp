//===- Elementwise.cpp - add, mul, activations and casts to their integer forms ------------===//

#include "Integerize.h"

#include "intaglio/Analysis/Constants.h"
#include "intaglio/IntMath/Affine.h"
#include "intaglio/IntMath/Ibert.h"
#include "mlir/IR/TypeUtilities.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;

/// Fixed-point operands of the polynomials lie within 2^24 (C-IGELU-2).
constexpr int64_t largestOperand = int64_t(1) << 24;

/// The codes that the polynomial of an activation reads: 12 fraction bits of `factor * x`.
static Codes fixedPoint(double factor = 1) {
  Codes codes = Codes::word(0x1p-12 / factor);
  codes.minimum = -largestOperand;
  codes.maximum = largestOperand;
  return codes;
}

//===----------------------------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------------------------===//

/// An activation as a function of a real number.
static double evaluate(Operation *op, double x) {
  if (isa<SiluOp>(op))
    return x / (1 + std::exp(-x));
  if (isa<SigmoidOp>(op))
    return 1 / (1 + std::exp(-x));
  if (isa<TanhOp>(op))
    return std::tanh(x);
  if (isa<ReluOp>(op))
    return std::max(x, 0.0);
  switch (cast<GeluOp>(op).getApproximate()) {
  case GeluForm::None:
    return x / 2 * std::erfc(-x * std::sqrt(0.5));
  case GeluForm::Tanh:
    return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  case GeluForm::Quick:
    return x / (1 + std::exp(-1.702 * x));
  }
  llvm_unreachable("all forms are handled");
}

/// GELU by I-BERT: at a scale of 2^-11, which holds 32 in magnitude with room for the product.
static FailureOr<Value> buildIbertGelu(OpBuilder &builder, GeluOp op, Value codes) {
  constexpr int64_t largestCode = int64_t(1) << 16;
  Codes input = Codes::word(0x1p-11);
  input.minimum = -largestCode;
  input.maximum = largestCode;
  auto statics = intmath::ibertGeluStatics(input.getScale(), largestCode);
  if (!statics)
    return op.emitOpError("has no integer form of I-BERT");
  FailureOr<Value> x = buildRescale(builder, op, codes, Codes::of(op.getX()), input);
  if (failed(x))
    return failure();
  Value y = IbertGeluOp::create(builder, op.getLoc(), x->getType(), *x, statics->b, statics->c,
                                statics->n, statics->one);
  return buildRescale(builder, op, y, Codes::word(statics->outputScale), Codes::of(op.getResult()));
}

namespace {

/// `Op` as a rescale to fixed point and the polynomial `IntegerOp`.
template <typename Op, typename IntegerOp>
struct PolynomialPattern : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    FailureOr<Value> x =
        buildRescale(rewriter, op, adaptor.getX(), Codes::of(op.getX()), fixedPoint());
    if (failed(x))
      return failure();
    rewriter.replaceOpWithNewOp<IntegerOp>(op, x->getType(), *x);
    return success();
  }
};

struct GeluPattern : OpConversionPattern<GeluOp> {
  GeluPattern(const TypeConverter &converter, MLIRContext *context, NonLinear set)
      : OpConversionPattern(converter, context), set(set) {}
  LogicalResult matchAndRewrite(GeluOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    bool quick = op.getApproximate() == GeluForm::Quick;
    FailureOr<Value> result = set == NonLinear::Ibert && !quick
                                  ? buildIbertGelu(rewriter, op, adaptor.getX())
                                  : buildRescale(rewriter, op, adaptor.getX(), Codes::of(op.getX()),
                                                 fixedPoint(quick ? 1.702 : 1));
    if (failed(result))
      return failure();
    if (quick)
      result = ISiluOp::create(rewriter, op.getLoc(), result->getType(), *result).getResult();
    else if (set == NonLinear::Minimax)
      result = IGeluOp::create(rewriter, op.getLoc(), result->getType(), *result, 12).getResult();
    rewriter.replaceOp(op, *result);
    return success();
  }
  NonLinear set;
};

/// The codes keep their scale; zero is the least of them.
struct ReluPattern : OpConversionPattern<ReluOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ReluOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Codes to = Codes::of(op.getResult());
    Value one = buildConstant<int32_t>(rewriter, op.getLoc(), "one", {1}, {1});
    rewriter.replaceOpWithNewOp<RescaleOp>(op, withInteger(op.getX(), to.width), adaptor.getX(),
                                           one, 0, Codes::of(op.getX()).zeroPoint, 0, 0,
                                           to.maximum);
    return success();
  }
};

//===----------------------------------------------------------------------------------------===//
// add, mul, casts
//===----------------------------------------------------------------------------------------===//

struct AddPattern : OpConversionPattern<AddOp> {
  using OpConversionPattern::OpConversionPattern;
  static constexpr int64_t fraction = 8;
  LogicalResult matchAndRewrite(AddOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Codes lhs = Codes::of(op.getLhs()), rhs = Codes::of(op.getRhs()),
          to = Codes::of(op.getResult());
    Codes fine = to;
    fine.scales.front() = std::ldexp(to.getScale(), -fraction);
    auto l = intmath::dyadicsWithCommonShift(lhs.ratioTo(fine)),
         r = intmath::dyadicsWithCommonShift(rhs.ratioTo(fine));
    if (!l || !r)
      return op.emitOpError("has a change of scale of 2^30 or more (C-DYADIC-2)");
    Value lm = buildMultipliers(rewriter, op.getLoc(), *l),
          rm = buildMultipliers(rewriter, op.getLoc(), *r);
    Value sum = IAddOp::create(rewriter, op.getLoc(), withInteger(op.getResult(), to.width),
                               adaptor.getLhs(), adaptor.getRhs(), lm, rm, l->shift, lhs.zeroPoint,
                               r->shift, rhs.zeroPoint, fraction, to.zeroPoint);
    rewriter.replaceOp(op, clampTo(rewriter, sum, to));
    return success();
  }
};

struct MulPattern : OpConversionPattern<MulOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(MulOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<IMulOp>(op, withInteger(op.getResult(), 32), adaptor.getLhs(),
                                        adaptor.getRhs(), Codes::of(op.getLhs()).zeroPoint,
                                        Codes::of(op.getRhs()).zeroPoint);
    return success();
  }
};

struct RequantizePattern : OpConversionPattern<RequantizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RequantizeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    FailureOr<Value> result =
        buildRescale(rewriter, op, adaptor.getX(), Codes::of(op.getX()), Codes::of(op.getResult()));
    if (failed(result))
      return failure();
    rewriter.replaceOp(op, *result);
    return success();
  }
};

/// GELU to bytes, read by nobody else, in 16-bit lanes with as many fraction bits as the magnitude
/// of those bytes leaves.
struct GeluToBytesPattern : OpConversionPattern<RequantizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RequantizeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto gelu = op.getX().getDefiningOp<GeluOp>();
    if (!gelu || gelu.getApproximate() == GeluForm::Quick || !op.getX().hasOneUse())
      return rewriter.notifyMatchFailure(op, "is no GELU that is read once");
    Codes from = Codes::of(gelu.getX()), to = Codes::of(op.getResult());
    double largest = double(to.maximum - to.zeroPoint) * to.getScale();
    int64_t fraction = 11;
    while (fraction > 8 && std::ldexp(largest, int(fraction)) > INT16_MAX)
      --fraction;
    Codes lanes = Codes::word(std::ldexp(1, -int(fraction)), 16);
    // The factor of the result as a 16-bit multiplier, 2^14 at least.
    int exponent = 0;
    double mantissa = std::frexp(lanes.getScale() / to.getScale(), &exponent);
    int64_t multiplier = std::lround(std::ldexp(mantissa, 15)), shift = 15 - exponent;
    if (to.width != 8 || std::ldexp(largest, int(fraction)) > INT16_MAX || multiplier > INT16_MAX ||
        shift < 17 || shift > 30)
      return rewriter.notifyMatchFailure(op, "does not fit 16-bit lanes");
    FailureOr<Value> x =
        buildRescale(rewriter, gelu, rewriter.getRemappedValue(gelu.getX()), from, lanes);
    if (failed(x))
      return failure();
    Value y = IGeluOp::create(rewriter, gelu.getLoc(), x->getType(), *x, fraction);
    Value factor = buildConstant<int16_t>(rewriter, op.getLoc(), "multipliers", {1},
                                          {static_cast<int16_t>(multiplier)});
    rewriter.replaceOpWithNewOp<RescaleOp>(op, withInteger(op.getResult(), 8), y, factor, shift, 0,
                                           to.zeroPoint, to.minimum, to.maximum);
    return success();
  }
};

/// An activation from bytes to bytes, and nobody else reads it: one table.
struct LookupPattern : OpConversionPattern<RequantizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RequantizeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Operation *unary = op.getX().getDefiningOp();
    if (!isa_and_nonnull<GeluOp, SiluOp, SigmoidOp, TanhOp, ReluOp>(unary) ||
        !op.getX().hasOneUse())
      return rewriter.notifyMatchFailure(op, "is no activation that is read once");
    Codes from = Codes::of(unary->getOperand(0)), to = Codes::of(op.getResult());
    if (from.width != 8 || to.width != 8)
      return rewriter.notifyMatchFailure(op, "is not from bytes to bytes");
    auto table =
        intmath::byteTable([&](double x) { return evaluate(unary, x); },
                           {from.getScale(), from.zeroPoint}, {to.getScale(), to.zeroPoint});
    std::vector<int8_t> bytes;
    for (int64_t entry : table)
      bytes.push_back(static_cast<int8_t>(std::clamp(entry, to.minimum, to.maximum)));
    Value constant =
        buildConstant<int8_t>(rewriter, unary->getLoc(), "table", {256}, std::move(bytes));
    Value codes = rewriter.getRemappedValue(unary->getOperand(0));
    rewriter.replaceOpWithNewOp<LookupOp>(op, withInteger(op.getResult(), 8), codes, constant);
    return success();
  }
};

/// quantize and dequantize keep their type in the attribute.
struct QuantizePattern : OpConversionPattern<QuantizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(QuantizeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getResult().getType());
    rewriter.replaceOpWithNewOp<QuantizeOp>(
        op, withInteger(op.getResult(), Codes::of(op.getResult()).width), op.getX(),
        TypeAttr::get(element));
    return success();
  }
};

struct DequantizePattern : OpConversionPattern<DequantizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(DequantizeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getX().getType());
    rewriter.replaceOpWithNewOp<DequantizeOp>(op, op.getType(), adaptor.getX(),
                                              TypeAttr::get(element));
    return success();
  }
};

} // namespace

void intaglio::populateIntegerizeElementwisePatterns(TypeConverter &converter,
                                                     RewritePatternSet &patterns, NonLinear set) {
  MLIRContext *context = patterns.getContext();
  patterns.add<GeluPattern>(converter, context, set);
  patterns.add<PolynomialPattern<SiluOp, ISiluOp>, PolynomialPattern<SigmoidOp, ISigmoidOp>,
               PolynomialPattern<TanhOp, ITanhOp>, ReluPattern, AddPattern, MulPattern,
               RequantizePattern, QuantizePattern, DequantizePattern>(converter, context);
  if (set == NonLinear::Minimax)
    patterns.add<GeluToBytesPattern>(converter, context, /*benefit=*/2);
  patterns.add<LookupPattern>(converter, context, /*benefit=*/3);
}
