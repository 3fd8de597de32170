//===- QuantOps.cpp - verifiers and folders of the quant family ----------------------------===//

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace intaglio;
using quant::QuantizedType;
using quant::UniformQuantizedPerAxisType;
using quant::UniformQuantizedType;

/// A uniform quantized type whose per-axis scales, if any, match `type`'s axis.
static LogicalResult verifyUniform(Operation *op, Type quantized, RankedTensorType type) {
  if (isa_and_nonnull<UniformQuantizedType>(quantized))
    return success();
  auto perAxis = dyn_cast_or_null<UniformQuantizedPerAxisType>(quantized);
  if (!perAxis)
    return op->emitOpError("expects a uniform quantized type (C-SCALE-2), found ") << quantized;
  int64_t axis = perAxis.getQuantizedDimension(), count = perAxis.getScales().size();
  if (axis >= type.getRank() || (!type.isDynamicDim(axis) && type.getDimSize(axis) != count))
    return op->emitOpError("expects one scale for each index of axis ")
           << axis << " (C-SCALE-3), found " << count << " scales for " << type;
  return success();
}

/// Plain integers are of the quantized type's storage width.
static LogicalResult verifyStorage(Operation *op, QuantizedType quantized, Type integers) {
  Type element = getElementTypeOrSelf(integers);
  if (element != quantized.getStorageType())
    return op->emitOpError("expects integers of the storage type of ")
           << quantized << " (C-QUANTIZE-2), found " << element;
  return success();
}

/// `value` is quantized itself, or holds plain integers that `attribute` explains.
static LogicalResult verifyQuantizedSide(Operation *op, RankedTensorType value,
                                         std::optional<Type> attribute) {
  if (auto own = dyn_cast<QuantizedType>(value.getElementType())) {
    if (attribute)
      return op->emitOpError("expects no `quantized` attribute where the tensor's type says it "
                             "(C-QUANTIZE-2)");
    return verifyUniform(op, own, value);
  }
  if (!attribute)
    return op->emitOpError("expects `quantized` to say what the plain integers mean "
                           "(C-QUANTIZE-2)");
  if (failed(verifyUniform(op, *attribute, value)))
    return failure();
  return verifyStorage(op, cast<QuantizedType>(*attribute), value);
}

LogicalResult ObserveOp::verify() {
  if (!getMask())
    return success();
  RankedTensorType mask = getMask().getType(), x = getX().getType();
  if (mask.getRank() == 2 && x.getRank() >= 2 &&
      succeeded(verifyCompatibleShape(mask.getShape(), x.getShape().take_front(2))))
    return success();
  return emitOpError("expects a mask [batch, sequence] of the data's leading axes (C-MASK-1), "
                     "found ")
         << mask << " for " << x;
}

LogicalResult FakeQuantOp::verify() {
  return verifyUniform(*this, getQuantized(), cast<RankedTensorType>(getX().getType()));
}

LogicalResult QuantizeOp::verify() {
  return verifyQuantizedSide(*this, cast<RankedTensorType>(getResult().getType()), getQuantized());
}

LogicalResult DequantizeOp::verify() {
  return verifyQuantizedSide(*this, cast<RankedTensorType>(getX().getType()), getQuantized());
}

LogicalResult RequantizeOp::verify() {
  auto x = cast<RankedTensorType>(getX().getType()),
       result = cast<RankedTensorType>(getResult().getType());
  if (!isa<UniformQuantizedType>(result.getElementType()))
    return emitOpError("expects a per-tensor quantized result (C-REQUANTIZE-2), found ") << result;
  return verifyUniform(*this, x.getElementType(), x);
}

OpFoldResult RequantizeOp::fold(FoldAdaptor) {
  return getX().getType() == getResult().getType() ? getX() : OpFoldResult();
}

LogicalResult DequantizeBlockOp::verify() {
  RankedTensorType result = getResult().getType(), codes = getCodes().getType();
  RankedTensorType absmax = getAbsmax().getType();
  int64_t block = getBlockSize();
  if (block < 1)
    return emitOpError("expects a positive block_size (C-BLOCK-2), found ") << block;
  if (!result.hasStaticShape() || !codes.hasStaticShape() || !absmax.hasStaticShape())
    return emitOpError("expects static shapes (C-BLOCK-2)");
  int64_t count = result.getNumElements();
  if (codes.getNumElements() != (count + 1) / 2)
    return emitOpError("expects ") << (count + 1) / 2 << " bytes of codes for " << count
                                   << " elements (C-BLOCK-3), found " << codes.getNumElements();
  int64_t blocks = (count + block - 1) / block;
  if (absmax.getNumElements() != blocks)
    return emitOpError("expects ")
           << blocks << " block maxima (C-BLOCK-3), found " << absmax.getNumElements();
  return success();
}
