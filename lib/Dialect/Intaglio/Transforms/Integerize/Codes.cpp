//===- Codes.cpp - scales to dyadics -------------------------------------------------------===//

#include "Integerize.h"

#include "intaglio/Analysis/Constants.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace intaglio;
using quant::QuantizedType;
using quant::UniformQuantizedPerAxisType;
using quant::UniformQuantizedType;

Codes Codes::of(Value value) {
  auto type = cast<QuantizedType>(getElementTypeOrSelf(value.getType()));
  Codes codes;
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(type)) {
    codes.scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
  } else {
    codes.scales.push_back(cast<UniformQuantizedType>(type).getScale());
    codes.zeroPoint = cast<UniformQuantizedType>(type).getZeroPoint();
  }
  codes.width = type.getStorageTypeIntegralWidth();
  codes.minimum = type.getStorageTypeMin();
  codes.maximum = type.getStorageTypeMax();
  return codes;
}

Codes Codes::word(double scale, unsigned width) {
  int64_t limit = int64_t(1) << (width - 1);
  Codes codes;
  codes.scales.push_back(scale);
  codes.width = width;
  codes.minimum = -limit;
  codes.maximum = limit - 1;
  return codes;
}

SmallVector<double> Codes::ratioTo(const Codes &to) const {
  return llvm::map_to_vector(scales, [&](double scale) { return scale / to.getScale(); });
}

bool Codes::isFullRange() const {
  int64_t limit = int64_t(1) << (width - 1);
  return minimum == -limit && maximum == limit - 1;
}

RankedTensorType intaglio::withInteger(Value value, unsigned width) {
  return cast<RankedTensorType>(value.getType()).clone(IntegerType::get(value.getContext(), width));
}

Value intaglio::buildMultipliers(OpBuilder &builder, Location location,
                                 const intmath::Dyadics &dyadics) {
  int64_t count = dyadics.multipliers.size();
  return buildConstant<int32_t>(builder, location, "multipliers", {count}, dyadics.multipliers);
}

FailureOr<Value> intaglio::buildRescale(OpBuilder &builder, Operation *op, Value codes,
                                        const Codes &from, const Codes &to) {
  auto dyadics = intmath::dyadicsWithCommonShift(from.ratioTo(to));
  if (!dyadics)
    return op->emitOpError("has a change of scale of 2^30 or more, from ")
           << from.getScale() << " to " << to.getScale() << " (C-DYADIC-2)";
  Value multipliers = buildMultipliers(builder, op->getLoc(), *dyadics);
  return RescaleOp::create(builder, op->getLoc(), withInteger(codes, to.width), codes, multipliers,
                           dyadics->shift, from.zeroPoint, to.zeroPoint, to.minimum, to.maximum)
      .getResult();
}

Value intaglio::clampTo(OpBuilder &builder, Value value, const Codes &codes) {
  if (codes.isFullRange())
    return value;
  Value one = buildConstant<int32_t>(builder, value.getLoc(), "one", {1}, {1});
  return RescaleOp::create(builder, value.getLoc(), value.getType(), value, one, 0, 0, 0,
                           codes.minimum, codes.maximum);
}
