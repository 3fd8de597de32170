//===- Norm.cpp - layer_norm, rms_norm and l2_normalize to their integer forms -------------===//

#include "Integerize.h"

#include "intaglio/Analysis/Constants.h"
#include "intaglio/IntMath/Ibert.h"
#include "intaglio/IntMath/Norm.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;

/// An f32 parameter in float64.
static FailureOr<std::vector<double>> parameter(Operation *op, StringRef name, Value value) {
  auto elements = ConstantArray<float>::get(value);
  if (!elements)
    return op->emitOpError() << "expects a constant " << name << " with its data at hand";
  return std::vector<double>(elements->getElements().begin(), elements->getElements().end());
}

/// i_layer_norm, or i_rms_norm where `beta` is null.
static FailureOr<Value> buildNorm(OpBuilder &builder, Operation *op, Value codes, Value x,
                                  Value gamma, Value beta, double epsilon) {
  auto scale = parameter(op, "gamma", gamma);
  FailureOr<std::vector<double>> offset = std::vector<double>();
  if (beta)
    offset = parameter(op, "beta", beta);
  if (failed(scale) || failed(offset))
    return failure();
  Codes from = Codes::of(x), to = Codes::of(op->getResult(0));
  auto statics = intmath::normStatics(*scale, *offset, epsilon, from.getScale(), to.getScale());
  if (!statics)
    return op->emitOpError("has gamma, beta or epsilon too large for its scales ")
           << from.getScale() << " and " << to.getScale() << " (C-ILAYERNORM-1)";
  Location at = op->getLoc();
  int64_t channels = scale->size();
  Value g = buildConstant<int32_t>(builder, at, "gamma", {channels}, std::move(statics->gamma));
  RankedTensorType type = withInteger(x, to.width);
  Value result;
  if (beta) {
    Value b = buildConstant<int64_t>(builder, at, "beta", {channels}, std::move(statics->beta));
    result = ILayerNormOp::create(builder, at, type, codes, g, b, statics->epsilon, statics->shift,
                                  to.zeroPoint);
  } else {
    result = IRMSNormOp::create(builder, at, type, codes, g, statics->epsilon, statics->shift,
                                to.zeroPoint);
  }
  return clampTo(builder, result, to);
}

/// The factor of each channel by which `parameters` differ from `others`, where all of an earlier
/// norm's do; nothing where there is no such factor.
static std::optional<std::vector<double>> factorsOf(ValueRange parameters, ValueRange others) {
  std::vector<double> factors;
  for (auto [parameter, other] : llvm::zip(parameters, others)) {
    auto mine = ConstantArray<float>::get(parameter), theirs = ConstantArray<float>::get(other);
    if (!mine || !theirs || mine->size() != theirs->size())
      return std::nullopt;
    for (size_t c = 0; c < mine->size(); ++c) {
      double factor = static_cast<double>((*mine)[c]) / (*theirs)[c];
      // Gamma, the first parameter, decides; a beta of 0 has any factor.
      if (factors.size() < mine->size())
        factors.push_back(factor);
      else if (std::abs((*mine)[c] - factors[c] * (*theirs)[c]) > 1e-6 * std::abs((*mine)[c]))
        return std::nullopt;
    }
  }
  // Far beyond what smoothing makes, and well within what a dyadic can tell.
  auto isModest = [](double factor) {
    return std::abs(factor) > 0x1p-16 && std::abs(factor) < 0x1p16;
  };
  if (!llvm::all_of(factors, isModest))
    return std::nullopt;
  return factors;
}

/// A norm that differs from an earlier one of the same operand by a factor for each channel is a
/// rescale of its i16 codes (C-RESCALE-1).
static Value buildFromTwin(ConversionPatternRewriter &rewriter, Operation *op) {
  for (Operation *user : op->getOperand(0).getUsers()) {
    if (user->getName() != op->getName() || user == op || !user->isBeforeInBlock(op) ||
        user->getAttr("epsilon") != op->getAttr("epsilon"))
      continue;
    Codes from = Codes::of(user->getResult(0)), to = Codes::of(op->getResult(0));
    auto factors = factorsOf(op->getOperands().drop_front(), user->getOperands().drop_front());
    if (!factors || from.width != 16 || from.zeroPoint != 0)
      continue;
    double scale = from.getScale();
    from.scales.clear();
    for (double factor : *factors)
      from.scales.push_back(scale * factor);
    Value codes = rewriter.getRemappedValue(user->getResult(0));
    FailureOr<Value> rescaled = buildRescale(rewriter, op, codes, from, to);
    if (succeeded(rescaled))
      return *rescaled;
  }
  return {};
}

static FailureOr<Value> buildIbertNorm(OpBuilder &builder, LayerNormOp op, Value codes) {
  auto gamma = parameter(op, "gamma", op.getGamma()), beta = parameter(op, "beta", op.getBeta());
  if (failed(gamma) || failed(beta))
    return failure();
  Codes to = Codes::of(op.getResult());
  // The fewest dropped bits with which squares of differences of i16 codes add up to less than
  // 2^32.
  int64_t channels = gamma->size(), prescale = 0;
  auto largest = [&] { return (int64_t(32769) >> prescale) + 1; };
  while (channels * largest() * largest() >= int64_t(1) << 32)
    ++prescale;
  auto statics = intmath::ibertNormStatics(*gamma, *beta, to.getScale(), prescale);
  if (!statics)
    return op.emitOpError("has gamma or beta without an integer form of I-BERT at scale ")
           << to.getScale();
  Location at = op.getLoc();
  Value bias = buildConstant<int64_t>(builder, at, "beta", {channels}, std::move(statics->bias));
  Value multipliers = buildMultipliers(builder, at, statics->scale);
  Value result =
      IbertLayerNormOp::create(builder, at, withInteger(op.getX(), to.width), codes, bias,
                               multipliers, statics->prescale, statics->scale.shift, to.zeroPoint);
  return clampTo(builder, result, to);
}

namespace {

struct LayerNormPattern : OpConversionPattern<LayerNormOp> {
  LayerNormPattern(const TypeConverter &converter, MLIRContext *context, NonLinear set)
      : OpConversionPattern(converter, context), set(set) {}
  LogicalResult matchAndRewrite(LayerNormOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (Value rescaled = buildFromTwin(rewriter, op)) {
      rewriter.replaceOp(op, rescaled);
      return success();
    }
    FailureOr<Value> result =
        set == NonLinear::Ibert ? buildIbertNorm(rewriter, op, adaptor.getX())
                                : buildNorm(rewriter, op, adaptor.getX(), op.getX(), op.getGamma(),
                                            op.getBeta(), op.getEpsilon().convertToDouble());
    if (failed(result))
      return failure();
    rewriter.replaceOp(op, *result);
    return success();
  }
  NonLinear set;
};

struct RMSNormPattern : OpConversionPattern<RMSNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RMSNormOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (Value rescaled = buildFromTwin(rewriter, op)) {
      rewriter.replaceOp(op, rescaled);
      return success();
    }
    FailureOr<Value> result = buildNorm(rewriter, op, adaptor.getX(), op.getX(), op.getGamma(),
                                        Value(), op.getEpsilon().convertToDouble());
    if (failed(result))
      return failure();
    rewriter.replaceOp(op, *result);
    return success();
  }
};

struct L2NormalizePattern : OpConversionPattern<L2NormalizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(L2NormalizeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<IL2NormalizeOp>(op, withInteger(op.getX(), 32), adaptor.getX());
    return success();
  }
};

} // namespace

void intaglio::populateIntegerizeNormPatterns(TypeConverter &converter, RewritePatternSet &patterns,
                                              NonLinear set) {
  MLIRContext *context = patterns.getContext();
  patterns.add<LayerNormPattern>(converter, context, set);
  patterns.add<RMSNormPattern, L2NormalizePattern>(converter, context);
}
