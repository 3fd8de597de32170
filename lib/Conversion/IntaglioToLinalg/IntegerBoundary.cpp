//===- IntegerBoundary.cpp - quantize and dequantize without floats ------------------------===//
//
// The formulas of intmath::quantizeBits and intmath::dequantizeBits (C-BOUNDARY-1). A float is only
// ever a bit pattern here: it is loaded, bitcast and stored.
//
//===----------------------------------------------------------------------------------------===//

#include "Kernel.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/IntMath/Float32Bits.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace intaglio;
using arith::CmpIPredicate;
using intmath::Float24;

static quant::UniformQuantizedType uniformType(std::optional<Type> named, Value tensor) {
  Type type = named ? *named : cast<ShapedType>(tensor.getType()).getElementType();
  return dyn_cast<quant::UniformQuantizedType>(type);
}

/// The scale rounded to f32 (C-SCALE-1).
static Float24 scaleOf(quant::UniformQuantizedType type) {
  return intmath::float24(float(type.getScale()));
}

/// `intmath::quantizeBits` of an f32, as an i64.
static Term quantizedBits(Term x, quant::UniformQuantizedType type) {
  Float24 scale = scaleOf(type);
  ImplicitLocOpBuilder &b = x.build();
  Term bits = x.wrap(arith::BitcastOp::create(b, b.getI32Type(), x.get())).toUnsigned(64);
  Term field = (bits >> 23) & 0xFF, fraction = bits & 0x7FFFFF;
  Term one = bits.constant(1), zero = bits.constant(0);
  Term hidden = field.isNonzero().select(bits.constant(1 << 23), zero);
  Term shift = (field.max(1) - (149 + scale.exponent)).min(36);
  Term numerator = shift.isNegative().select(zero, (fraction + hidden) << shift.max(0));
  Term twice = numerator / scale.mantissa;
  Term isRest = (numerator - twice * scale.mantissa).isNonzero();
  Term level = twice.shiftRightUnsigned(one);
  // Up where the half is there and more than it, or the level is odd.
  level = level + (twice & isRest.select(one, level & 1));
  Term isNaN = field.compare(CmpIPredicate::eq, field.constant(0xFF)).select(fraction, zero);
  level = isNaN.isNonzero().select(zero, level);
  Term isNegative = (bits >> 31).isNonzero();
  return (isNegative.select(level.negate(), level) + type.getZeroPoint())
      .clamp(type.getStorageTypeMin(), type.getStorageTypeMax());
}

/// `intmath::float32Bits` of `integer * 2^exponent`, as an f32.
static Term roundedBits(Term integer, int64_t exponent) {
  ImplicitLocOpBuilder &b = integer.build();
  Term one = integer.constant(1), zero = integer.constant(0);
  Term magnitude = integer.abs();
  Term ulp = (bitLength(magnitude) + (exponent - 24)).max(-149);
  Term below = ulp - exponent;
  Term down = below.max(0);
  Term odd = (magnitude >> down) & 1;
  // Half of the last bit, less one, and one more where that is odd; nothing without bits below.
  Term half = ((one << down) >> 1) - 1 + odd;
  Term rounded = (magnitude + half.max(0)) >> down;
  Term exact = magnitude << below.negate().max(0);
  Term mantissa = below.compare(CmpIPredicate::sgt, zero).select(rounded, exact);
  Term bits = (((ulp + 149) << 23) + mantissa).min(0x7F800000);
  bits = magnitude.isNonzero().select(bits, zero).toInteger(32);
  Term sign = integer.isNegative().select(bits.constant(INT32_MIN), bits.constant(0));
  return bits.wrap(arith::BitcastOp::create(b, b.getF32Type(), (bits + sign).get()));
}

static LogicalResult lowerQuantize(QuantizeOp op, PatternRewriter &rewriter) {
  auto type = uniformType(op.getQuantized(), op.getResult());
  if (!type || !cast<ShapedType>(op.getType()).getElementType().isInteger())
    return rewriter.notifyMatchFailure(op, "needs a per-tensor type and a plain integer result");
  return mapElements(rewriter, op, op.getX(), {},
                     [&](ArrayRef<Term> t) { return quantizedBits(t[0], type); });
}

static LogicalResult lowerDequantize(DequantizeOp op, PatternRewriter &rewriter) {
  auto type = uniformType(op.getQuantized(), op.getX());
  if (!type || !cast<ShapedType>(op.getX().getType()).getElementType().isInteger())
    return rewriter.notifyMatchFailure(op, "needs a per-tensor type and a plain integer operand");
  Float24 scale = scaleOf(type);
  return mapElements(rewriter, op, op.getX(), {}, [&](ArrayRef<Term> t) {
    Term centred = t[0].toInteger(64) - type.getZeroPoint();
    return roundedBits(centred * scale.mantissa, scale.exponent);
  });
}

void intaglio::populateIntegerBoundaryPatterns(RewritePatternSet &patterns) {
  patterns.add(lowerQuantize);
  patterns.add(lowerDequantize);
}
