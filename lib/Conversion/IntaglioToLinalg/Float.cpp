//===- Float.cpp - float graph ops and the casts at the boundary ---------------------------===//

#include "Kernel.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;

template <typename Op>
static Term unary(Term x) {
  return x.wrap(Op::create(x.build(), x.get()));
}

static Term logistic(Term x) {
  Term e = unary<math::ExpOp>(x.negate());
  return x.constant(1) / (e + 1);
}

static Term gelu(Term x, GeluForm form) {
  if (form == GeluForm::Quick)
    return x * logistic(x * 1.702);
  if (form == GeluForm::Tanh) {
    Term inner = (x + x * x * x * 0.044715) * 0.7978845608028654;
    return x * 0.5 * (unary<math::TanhOp>(inner) + 1);
  }
  return x * 0.5 * (unary<math::ErfOp>(x * 0.70710678118654752) + 1);
}

static LogicalResult lowerAdd(AddOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, {op.getLhs(), op.getRhs()}, {},
                     [](ArrayRef<Term> t) { return t[0] + t[1]; });
}
static LogicalResult lowerMul(MulOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, {op.getLhs(), op.getRhs()}, {},
                     [](ArrayRef<Term> t) { return t[0] * t[1]; });
}
static LogicalResult lowerGelu(GeluOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {},
                     [&](ArrayRef<Term> t) { return gelu(t[0], op.getApproximate()); });
}
static LogicalResult lowerSilu(SiluOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {},
                     [](ArrayRef<Term> t) { return t[0] * logistic(t[0]); });
}
static LogicalResult lowerSigmoid(SigmoidOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {}, [](ArrayRef<Term> t) { return logistic(t[0]); });
}
static LogicalResult lowerTanh(TanhOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {},
                     [](ArrayRef<Term> t) { return unary<math::TanhOp>(t[0]); });
}
static LogicalResult lowerRelu(ReluOp op, PatternRewriter &rewriter) {
  return mapElements(rewriter, op, op.getX(), {}, [](ArrayRef<Term> t) { return t[0].max(0); });
}

static Term plus(ArrayRef<Term> t) { return t[0] + t[1]; }
static Term plusSquare(ArrayRef<Term> t) { return t[0] + t[1] * t[1]; }

static LogicalResult lowerLayerNorm(LayerNormOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    double n = cast<ShapedType>(rows[0].getType()).getDimSize(0);
    Term mean = reduceRow(b, rows, floatTerm(b, 0), plus) / n;
    Term variance = reduceRow(b, rows, floatTerm(b, 0),
                              [&](ArrayRef<Term> t) {
                                Term d = t[1] - mean;
                                return t[0] + d * d;
                              }) /
                    n;
    Term root = unary<math::SqrtOp>(variance + op.getEpsilon().convertToDouble());
    Term factor = root.constant(1) / root;
    return mapRow(b, {rows[0], op.getGamma(), op.getBeta()}, into,
                  [&](ArrayRef<Term> t) { return (t[0] - mean) * factor * t[1] + t[2]; });
  });
}

static LogicalResult lowerRMSNorm(RMSNormOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    double n = cast<ShapedType>(rows[0].getType()).getDimSize(0);
    Term square = reduceRow(b, rows, floatTerm(b, 0), plusSquare) / n;
    Term root = unary<math::SqrtOp>(square + op.getEpsilon().convertToDouble());
    Term factor = root.constant(1) / root;
    return mapRow(b, {rows[0], op.getGamma()}, into,
                  [&](ArrayRef<Term> t) { return t[0] * factor * t[1]; });
  });
}

static LogicalResult lowerL2Normalize(L2NormalizeOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    Term square = reduceRow(b, rows, floatTerm(b, 0), plusSquare);
    Term root = unary<math::SqrtOp>(square).max(1e-12);
    return mapRow(b, rows, into, [&](ArrayRef<Term> t) { return t[0] / root; });
  });
}

static LogicalResult lowerSoftmax(SoftmaxOp op, PatternRewriter &rewriter) {
  return mapRows(rewriter, op, op.getX(), [&](auto &b, ArrayRef<Value> rows, Value into) {
    Term top =
        reduceRow(b, rows, floatTerm(b, -3.0e38), [](ArrayRef<Term> t) { return t[0].max(t[1]); });
    Value powers =
        mapRow(b, rows, into, [&](ArrayRef<Term> t) { return unary<math::ExpOp>(t[0] - top); });
    Term sum = reduceRow(b, powers, floatTerm(b, 0), plus);
    return mapRow(b, powers, powers, [&](ArrayRef<Term> t) { return t[0] / sum; });
  });
}

/// The per-tensor type that a cast is about.
static quant::UniformQuantizedType uniformType(std::optional<Type> named, Value tensor) {
  Type type = named ? *named : cast<ShapedType>(tensor.getType()).getElementType();
  return dyn_cast<quant::UniformQuantizedType>(type);
}

/// The type's scale as the boundary uses it: rounded to f32 (C-SCALE-1).
static double scaleOf(quant::UniformQuantizedType type) { return float(type.getScale()); }

/// `clamp(rne(x / S) + z, qmin, qmax)` as an f64 whole number; z for NaN (C-QUANTIZE-3).
static Term quantized(Term x, quant::UniformQuantizedType type) {
  ImplicitLocOpBuilder &b = x.build();
  Term wide = x.wrap(arith::ExtFOp::create(b, b.getF64Type(), x.get()));
  Term rounded = unary<math::RoundEvenOp>(wide / scaleOf(type)) + type.getZeroPoint();
  Term isNaN = x.wrap(arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, wide.get(), wide.get()));
  return isNaN.select(wide.constant(type.getZeroPoint()),
                      rounded.clamp(type.getStorageTypeMin(), type.getStorageTypeMax()));
}

/// `float32(S * code)`, rounded once (C-DEQUANTIZE-1). The product of f64 is exact below 2^29;
/// wider codes are multiplied with S's 24 bits in 64-bit integers.
static Term dequantized(Term code, double scale, bool isWide) {
  ImplicitLocOpBuilder &b = code.build();
  Type f32 = b.getF32Type(), f64 = b.getF64Type();
  if (!isWide) {
    Term real = code.wrap(arith::SIToFPOp::create(b, f64, code.get()));
    return code.wrap(arith::TruncFOp::create(b, f32, (real * scale).get()));
  }
  int exponent = 0;
  auto mantissa = static_cast<int64_t>(std::ldexp(std::frexp(scale, &exponent), 24));
  Value rounded = arith::SIToFPOp::create(b, f32, (code * mantissa).get());
  Term real = code.wrap(arith::ExtFOp::create(b, f64, rounded)) * std::ldexp(1.0, exponent - 24);
  return code.wrap(arith::TruncFOp::create(b, f32, real.get()));
}

static LogicalResult lowerFakeQuant(FakeQuantOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<quant::UniformQuantizedType>(op.getQuantized());
  if (!type)
    return rewriter.notifyMatchFailure(op, "per-axis types belong to constants");
  return mapElements(rewriter, op, op.getX(), {}, [&](ArrayRef<Term> t) {
    Term y = (quantized(t[0], type) - type.getZeroPoint()) * scaleOf(type);
    return t[0].wrap(arith::TruncFOp::create(y.build(), t[0].type(), y.get()));
  });
}

static LogicalResult lowerQuantize(QuantizeOp op, PatternRewriter &rewriter) {
  auto type = uniformType(op.getQuantized(), op.getResult());
  if (!type || !cast<ShapedType>(op.getType()).getElementType().isInteger())
    return rewriter.notifyMatchFailure(op, "needs a per-tensor type and a plain integer result");
  return mapElements(rewriter, op, op.getX(), {}, [&](ArrayRef<Term> t) {
    Term y = quantized(t[0], type);
    return y.wrap(arith::FPToSIOp::create(y.build(), y.build().getI64Type(), y.get()));
  });
}

static LogicalResult lowerDequantize(DequantizeOp op, PatternRewriter &rewriter) {
  auto type = uniformType(op.getQuantized(), op.getX());
  if (!type || !cast<ShapedType>(op.getX().getType()).getElementType().isInteger())
    return rewriter.notifyMatchFailure(op, "needs a per-tensor type and a plain integer operand");
  return mapElements(rewriter, op, op.getX(), {}, [&](ArrayRef<Term> t) {
    Term centred = t[0].toInteger(64) - type.getZeroPoint();
    return dequantized(centred, scaleOf(type), type.getStorageTypeIntegralWidth() > 16);
  });
}

void intaglio::populateFloatPatterns(RewritePatternSet &patterns) {
  patterns.add(lowerAdd);
  patterns.add(lowerMul);
  patterns.add(lowerGelu);
  patterns.add(lowerSilu);
  patterns.add(lowerSigmoid);
  patterns.add(lowerTanh);
  patterns.add(lowerRelu);
  patterns.add(lowerLayerNorm);
  patterns.add(lowerRMSNorm);
  patterns.add(lowerL2Normalize);
  patterns.add(lowerSoftmax);
  patterns.add(lowerFakeQuant);
  patterns.add(lowerQuantize);
  patterns.add(lowerDequantize);
}
