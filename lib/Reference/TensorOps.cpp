//===- TensorOps.cpp - constants, casts and reshapes of tensors -----------------------------===//

#include "Evaluators.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

/// Owns nothing: the bytes belong to the IR.
static std::shared_ptr<void> ownedByIR() { return nullptr; }

static FailureOr<Tensor> readResource(Operation *op, DenseResourceElementsAttr attribute) {
  AsmResourceBlob *blob = attribute.getRawHandle().getBlob();
  if (!blob)
    return op->emitOpError("has no data: the file lacks the resource '")
           << attribute.getRawHandle().getKey() << "'";
  auto type = cast<RankedTensorType>(attribute.getType());
  std::optional<Tensor> tensor = Tensor::of(type, blob->getData(), ownedByIR());
  if (!tensor)
    return op->emitOpError("has ") << blob->getData().size() << " bytes of data for a " << type;
  return *tensor;
}

/// Elements one by one: splats, booleans and what the IR packs.
static std::optional<Tensor> unpack(DenseElementsAttr attribute, RankedTensorType type) {
  std::optional<Tensor> result = Tensor::zeros(type);
  if (!result)
    return std::nullopt;
  if (auto floats = dyn_cast<DenseFPElementsAttr>(attribute)) {
    std::vector<double> values;
    for (const APFloat &value : floats.getValues<APFloat>())
      values.push_back(value.convertToDouble());
    return Tensor::ofReals(type, values);
  }
  for (int64_t i = 0, e = result->getNumElements(); i < e; ++i) {
    APInt value = attribute.getValues<APInt>()[i];
    result->setInteger(i, value.getBitWidth() == 1 ? value.getZExtValue() : value.getSExtValue());
  }
  return result;
}

FailureOr<Tensor> reference::readElements(Operation *op, Attribute value) {
  if (auto attribute = dyn_cast<DenseResourceElementsAttr>(value))
    return readResource(op, attribute);
  auto attribute = dyn_cast<DenseElementsAttr>(value);
  auto type = attribute ? dyn_cast<RankedTensorType>(attribute.getType()) : RankedTensorType();
  if (!type || !storageOf(type.getElementType()))
    return op->emitOpError("has a constant that is no tensor of integers or floats");
  std::optional<Tensor> tensor;
  if (!attribute.isSplat() && !type.getElementType().isInteger(1))
    tensor = Tensor::of(type, attribute.getRawData(), ownedByIR());
  if (!tensor)
    tensor = unpack(attribute, type);
  if (!tensor)
    return op->emitOpError("has a constant that does not fit the memory: ") << type;
  return *tensor;
}

static FailureOr<Tensor> constant(arith::ConstantOp op, In<arith::ConstantOp>) {
  return readElements(op, op.getValue());
}

/// The same bytes as the declared result type, of which at most one size is open.
static FailureOr<Tensor> reshape(Operation *op, const Tensor &x, ArrayRef<int64_t> shape) {
  FailureOr<RankedTensorType> type = resultType(op, shape);
  if (failed(type))
    return failure();
  std::optional<Tensor> result = x.reinterpret(*type);
  if (!result)
    return op->emitOpError("cannot make a ") << *type << " of a " << x.getType();
  return *result;
}

static FailureOr<Tensor> castShape(tensor::CastOp op, In<tensor::CastOp> in) {
  return reshape(op, in.getSource(), in.getSource().getShape());
}

static FailureOr<Tensor> collapse(tensor::CollapseShapeOp op, In<tensor::CollapseShapeOp> in) {
  SmallVector<int64_t> shape;
  for (const ReassociationIndices &group : op.getReassociationIndices()) {
    int64_t size = 1;
    for (int64_t axis : group)
      size *= in.getSrc().getDim(axis);
    shape.push_back(size);
  }
  return reshape(op, in.getSrc(), shape);
}

/// The open size of each group follows from the operand.
static FailureOr<Tensor> expand(tensor::ExpandShapeOp op, In<tensor::ExpandShapeOp> in) {
  SmallVector<int64_t> shape(op.getResultType().getShape());
  for (auto [axis, group] : llvm::enumerate(op.getReassociationIndices())) {
    int64_t known = 1, open = -1;
    for (int64_t inner : group) {
      if (!ShapedType::isDynamic(shape[inner]))
        known *= shape[inner];
      else if (std::exchange(open, inner) >= 0)
        return op.emitOpError("has two open sizes in one group");
    }
    if (open >= 0)
      shape[open] = known == 0 ? 0 : in.getSrc().getDim(axis) / known;
  }
  return reshape(op, in.getSrc(), shape);
}

/// Storage as a quantized type, or the reverse: the same bytes.
static FailureOr<Tensor> storageCast(quant::StorageCastOp op, In<quant::StorageCastOp> in) {
  return reshape(op, in.getInput(), in.getInput().getShape());
}

/// Ids in another width.
static FailureOr<Tensor> widen(arith::ExtSIOp op, In<arith::ExtSIOp> in) {
  FailureOr<RankedTensorType> type = resultType(op, in.getIn().getShape());
  std::optional<Tensor> result = succeeded(type) ? Tensor::zeros(*type) : std::nullopt;
  if (!result)
    return op->emitOpError("cannot hold its result in memory");
  for (int64_t i = 0, e = result->getNumElements(); i < e; ++i)
    result->setInteger(i, in.getIn().getInteger(i));
  return *result;
}

void reference::addTensorOps(Interpreter &interpreter) {
  add(interpreter, constant);
  add(interpreter, castShape);
  add(interpreter, collapse);
  add(interpreter, expand);
  add(interpreter, storageCast);
  add(interpreter, widen);
}
