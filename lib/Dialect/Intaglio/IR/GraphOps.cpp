//===- GraphOps.cpp - shapes, verifiers and operand roles of the graph family --------------===//

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace intaglio;
using quant::QuantizedType;
using quant::UniformQuantizedPerAxisType;
using quant::UniformQuantizedType;

namespace {

enum class Family { Float, Quantized, Integer };

Family familyOf(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (isa<FloatType>(element))
    return Family::Float;
  return isa<QuantizedType>(element) ? Family::Quantized : Family::Integer;
}

RankedTensorType ranked(Value value) { return cast<RankedTensorType>(value.getType()); }

bool dimsAgree(int64_t a, int64_t b) {
  return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) || a == b;
}

LogicalResult fail(std::optional<Location> location, const Twine &message) {
  return emitOptionalError(location, message);
}

/// The first operand's type: what every op gives that keeps shape and element.
template <typename Adaptor>
FailureOr<RankedTensorType> typeOfFirst(Adaptor adaptor) {
  return ranked(adaptor.getOperands().front());
}

/// The data operands and the result are all float, all quantized or all plain integers.
LogicalResult verifyFamily(Operation *op, ValueRange data) {
  Family family = familyOf(op->getResult(0).getType());
  for (Value value : data)
    if (value && familyOf(value.getType()) != family)
      return op->emitOpError("expects float, quantized or integer operands and result, not a mix "
                             "(C-FAMILY-1): found ")
             << value.getType() << " and " << op->getResult(0).getType();
  return success();
}

/// A graph op whose integer form is another op (`i_...`) has no meaning on plain integers.
LogicalResult verifyNotInteger(Operation *op, ValueRange data) {
  if (familyOf(op->getResult(0).getType()) == Family::Integer)
    return op->emitOpError(
        "has no form on plain integers (C-FAMILY-2); the integer family has its own op");
  return verifyFamily(op, data);
}

/// The mask of `[batch, sequence, ...]` data is `[batch, sequence]`.
LogicalResult verifyMask(Operation *op, Value mask, Value data) {
  if (!mask)
    return success();
  RankedTensorType maskType = ranked(mask), dataType = ranked(data);
  if (maskType.getRank() != 2 || dataType.getRank() < 2 ||
      !dimsAgree(maskType.getDimSize(0), dataType.getDimSize(0)) ||
      !dimsAgree(maskType.getDimSize(1), dataType.getDimSize(1)))
    return op->emitOpError(
               "expects a mask [batch, sequence] of the data's leading axes (C-MASK-1), found ")
           << maskType << " for " << dataType;
  return success();
}

/// A vector parameter has as many elements as the data's last axis.
LogicalResult verifyChannels(Operation *op, StringRef name, Value parameter, Value data) {
  RankedTensorType type = ranked(parameter);
  int64_t channels = ranked(data).getRank() ? ranked(data).getShape().back() : 1;
  if (type.getRank() != 1 || !dimsAgree(type.getDimSize(0), channels))
    return op->emitOpError() << "expects " << name << " to be a vector of " << channels
                             << " elements (C-CHANNELS-1), found " << type;
  return success();
}

/// The right side of a product has no zero point, as nothing corrects for it, and scales of its own
/// for each output at most (axis 0 of a weight).
LogicalResult verifyRightSide(Operation *op, Type type) {
  Type element = getElementTypeOrSelf(type);
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(element)) {
    if (!isa<LinearOp>(op) || perAxis.getQuantizedDimension() != 0)
      return op->emitOpError("expects scales of the right side per tensor, or on axis 0 of a "
                             "weight (C-LINEAR-4), found ")
             << type;
    if (llvm::all_of(perAxis.getZeroPoints(), [](int64_t zero) { return zero == 0; }))
      return success();
  } else if (auto perTensor = dyn_cast<UniformQuantizedType>(element)) {
    if (perTensor.getZeroPoint() == 0)
      return success();
  }
  return op->emitOpError("expects a symmetric right side, zero point 0 (C-LINEAR-4), found ")
         << type;
}

LogicalResult verifyScaleProduct(Operation *op, Type lhs, Type rhs, Type result) {
  auto x = dyn_cast<UniformQuantizedType>(getElementTypeOrSelf(lhs));
  if (!x)
    return op->emitOpError("expects a per-tensor quantized left operand (C-LINEAR-1), found ")
           << lhs;
  if (failed(verifyRightSide(op, rhs)))
    return failure();
  SmallVector<double> scales;
  Type weight = getElementTypeOrSelf(rhs);
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(weight))
    scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
  else if (auto perTensor = dyn_cast<UniformQuantizedType>(weight))
    scales.push_back(perTensor.getScale());
  SmallVector<double> found;
  Type accumulator = getElementTypeOrSelf(result);
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(accumulator))
    found.assign(perAxis.getScales().begin(), perAxis.getScales().end());
  else if (auto perTensor = dyn_cast<UniformQuantizedType>(accumulator))
    found.push_back(perTensor.getScale());
  auto quantized = dyn_cast<QuantizedType>(accumulator);
  if (!quantized || !quantized.getStorageType().isInteger(32) || found.size() != scales.size())
    return op->emitOpError("expects an i32 accumulator with ")
           << scales.size() << " scales (C-LINEAR-2), found " << result;
  for (auto [index, pair] : llvm::enumerate(llvm::zip(scales, found))) {
    double expected = x.getScale() * std::get<0>(pair), actual = std::get<1>(pair);
    if (std::abs(expected - actual) > 1e-12 * expected)
      return op->emitOpError("expects accumulator scale ")
             << expected << " = " << x.getScale() << " * " << std::get<0>(pair) << " in channel "
             << index << " (C-LINEAR-2), found " << actual;
  }
  return success();
}

/// The product's result: f32, an i32 accumulator of the operands' scales, or plain i32.
LogicalResult verifyProduct(Operation *op, Value lhs, Value rhs) {
  if (failed(verifyFamily(op, {lhs, rhs})))
    return failure();
  Type result = op->getResult(0).getType();
  switch (familyOf(result)) {
  case Family::Float:
    return success();
  case Family::Quantized:
    return verifyScaleProduct(op, lhs.getType(), rhs.getType(), result);
  case Family::Integer:
    if (!getElementTypeOrSelf(lhs).isInteger(8) || !getElementTypeOrSelf(rhs).isInteger(8) ||
        !getElementTypeOrSelf(result).isInteger(32))
      return op->emitOpError("expects i8 operands and an i32 result (C-LINEAR-3), found ")
             << lhs.getType() << ", " << rhs.getType() << " and " << result;
    return success();
  }
  llvm_unreachable("all families are handled");
}

/// Element type of a product as far as the operands decide it.
Type productElement(RankedTensorType lhs) {
  Type element = lhs.getElementType();
  return element.isInteger(8) ? IntegerType::get(lhs.getContext(), 32) : element;
}

/// A signed, symmetric type of `width` bits in its full range.
QuantizedType wordType(MLIRContext *context, unsigned width, double scale) {
  int64_t limit = int64_t(1) << (width - 1);
  return UniformQuantizedType::get(quant::QuantizationFlags::Signed,
                                   IntegerType::get(context, width), Float32Type::get(context),
                                   scale, 0, -limit, limit - 1);
}

/// Scale of a per-tensor type with zero point 0, or nothing.
std::optional<double> symmetricScale(QuantizedType type) {
  auto uniform = dyn_cast_or_null<UniformQuantizedType>(type);
  if (!uniform || uniform.getZeroPoint() != 0)
    return std::nullopt;
  return uniform.getScale();
}

/// The i32 type of a product of two per-tensor types.
QuantizedType productType(QuantizedType lhs, QuantizedType rhs) {
  auto l = dyn_cast_or_null<UniformQuantizedType>(lhs),
       r = dyn_cast_or_null<UniformQuantizedType>(rhs);
  if (!l || !r)
    return QuantizedType();
  return wordType(l.getContext(), 32, l.getScale() * r.getScale());
}

OperandRole roleOfMask(unsigned index, unsigned maskIndex, OperandRole data) {
  return index == maskIndex ? OperandRole::Mask : data;
}

} // namespace

//===----------------------------------------------------------------------------------------===//
// linear, matmul
//===----------------------------------------------------------------------------------------===//

FailureOr<RankedTensorType> LinearOp::inferType(Adaptor adaptor, std::optional<Location> location) {
  RankedTensorType x = ranked(adaptor.getX()), weight = ranked(adaptor.getWeight());
  if (x.getRank() < 1 || weight.getRank() != 2)
    return fail(location, "'intaglio.linear' op expects x of rank 1 or more and a weight [out, in] "
                          "(C-LINEAR-5)");
  if (!dimsAgree(x.getShape().back(), weight.getDimSize(1)))
    return fail(location, "'intaglio.linear' op expects x's last axis (" +
                              Twine(x.getShape().back()) + ") to be the weight's second (" +
                              Twine(weight.getDimSize(1)) + ") (C-LINEAR-5)");
  SmallVector<int64_t> shape(x.getShape());
  shape.back() = weight.getDimSize(0);
  return RankedTensorType::get(shape, productElement(x));
}

LogicalResult LinearOp::verify() {
  if (failed(verifyProduct(*this, getX(), getWeight())))
    return failure();
  if (!getBias())
    return success();
  if (failed(verifyChannels(*this, "bias", getBias(), getResult())))
    return failure();
  Type bias = getElementTypeOrSelf(getBias().getType());
  bool isFloat = familyOf(getResult().getType()) == Family::Float;
  if (isFloat ? !bias.isF32() : !bias.isInteger(32))
    return emitOpError("expects an ")
           << (isFloat ? "f32" : "i32") << " bias (C-LINEAR-6), found " << bias;
  return success();
}

OperandRole LinearOp::getOperandRole(unsigned index) {
  return index == 0   ? OperandRole::Activation8
         : index == 1 ? OperandRole::Weight
                      : OperandRole::Bias;
}

ResultForm LinearOp::getResultForm(ResultForm) { return ResultForm::Accumulator; }

QuantizedType LinearOp::deriveResultType(ArrayRef<QuantizedType> operands) {
  auto weight = dyn_cast_or_null<UniformQuantizedPerAxisType>(operands[1]);
  if (!weight)
    return productType(operands[0], operands[1]);
  auto x = dyn_cast_or_null<UniformQuantizedType>(operands[0]);
  if (!x)
    return QuantizedType();
  SmallVector<double> scales;
  for (double scale : weight.getScales())
    scales.push_back(x.getScale() * scale);
  SmallVector<int64_t> zeroPoints(scales.size(), 0);
  return UniformQuantizedPerAxisType::get(
      quant::QuantizationFlags::Signed, IntegerType::get(getContext(), 32), x.getExpressedType(),
      scales, zeroPoints, getType().getRank() - 1, std::numeric_limits<int32_t>::min(),
      std::numeric_limits<int32_t>::max());
}

FailureOr<RankedTensorType> MatmulOp::inferType(Adaptor adaptor, std::optional<Location> location) {
  RankedTensorType lhs = ranked(adaptor.getLhs()), rhs = ranked(adaptor.getRhs());
  int64_t rank = lhs.getRank();
  if (rank < 2 || rhs.getRank() != rank)
    return fail(location, "'intaglio.matmul' op expects two operands of one rank, 2 or more "
                          "(C-MATMUL-1)");
  for (int64_t axis = 0; axis < rank - 2; ++axis)
    if (!dimsAgree(lhs.getDimSize(axis), rhs.getDimSize(axis)))
      return fail(location, "'intaglio.matmul' op expects equal leading axes (C-MATMUL-1)");
  bool transposed = adaptor.getTransposeRhs();
  if (!dimsAgree(lhs.getDimSize(rank - 1), rhs.getDimSize(transposed ? rank - 1 : rank - 2)))
    return fail(location, "'intaglio.matmul' op expects equal inner axes (C-MATMUL-1)");
  SmallVector<int64_t> shape(lhs.getShape());
  shape.back() = rhs.getDimSize(transposed ? rank - 2 : rank - 1);
  return RankedTensorType::get(shape, productElement(lhs));
}

LogicalResult MatmulOp::verify() { return verifyProduct(*this, getLhs(), getRhs()); }

OperandRole MatmulOp::getOperandRole(unsigned) { return OperandRole::Activation8Symmetric; }

ResultForm MatmulOp::getResultForm(ResultForm) { return ResultForm::Word; }

QuantizedType MatmulOp::deriveResultType(ArrayRef<QuantizedType> operands) {
  return productType(operands[0], operands[1]);
}

//===----------------------------------------------------------------------------------------===//
// attention, rope
//===----------------------------------------------------------------------------------------===//

FailureOr<RankedTensorType> AttentionOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}

LogicalResult AttentionOp::verify() {
  RankedTensorType query = ranked(getQuery());
  if (query.getRank() != 3)
    return emitOpError("expects [batch, sequence, channels] (C-ATTENTION-1), found ") << query;
  for (Value other : {getKey(), getValue()})
    if (failed(verifyCompatibleShape(query, other.getType())))
      return emitOpError("expects query, key and value of one shape (C-ATTENTION-1), found ")
             << query << " and " << other.getType();
  int64_t channels = query.getDimSize(2), heads = getNumHeads();
  if (heads < 1 || (!ShapedType::isDynamic(channels) && channels % heads != 0))
    return emitOpError("expects num_heads to divide ")
           << channels << " channels (C-ATTENTION-2), found " << heads;
  if (failed(verifyMask(*this, getMask(), getQuery())))
    return failure();
  return verifyNotInteger(*this, {getQuery(), getKey(), getValue()});
}

OperandRole AttentionOp::getOperandRole(unsigned index) {
  return roleOfMask(index, 3, OperandRole::Activation8Symmetric);
}

ResultForm AttentionOp::getResultForm(ResultForm) { return ResultForm::Byte; }

FailureOr<RankedTensorType> RopeOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}

LogicalResult RopeOp::verify() {
  RankedTensorType x = ranked(getX()), cos = ranked(getCos()), sin = ranked(getSin());
  int64_t heads = getNumHeads();
  if (x.getRank() != 3 || heads < 1 || x.isDynamicDim(2) || x.getDimSize(2) / 2 < heads ||
      x.getDimSize(2) % (2 * heads) != 0)
    return emitOpError("expects [batch, sequence, num_heads * head] with an even head (C-ROPE-1), "
                       "found ")
           << x;
  if (cos.getRank() != 2 || cos.getShape() != sin.getShape() ||
      cos.getDimSize(1) != x.getDimSize(2) / (2 * heads))
    return emitOpError("expects cos and sin [positions, head / 2] (C-ROPE-2), found ")
           << cos << " and " << sin;
  return verifyNotInteger(*this, {getX()});
}

OperandRole RopeOp::getOperandRole(unsigned index) {
  return index == 0 ? OperandRole::Activation8Symmetric : OperandRole::Parameter;
}

ResultForm RopeOp::getResultForm(ResultForm) { return ResultForm::Stream; }

QuantizedType RopeOp::deriveResultType(ArrayRef<QuantizedType> operands) {
  std::optional<double> scale = symmetricScale(operands[0]);
  return scale ? wordType(getContext(), 16, *scale) : QuantizedType();
}

//===----------------------------------------------------------------------------------------===//
// Normalization
//===----------------------------------------------------------------------------------------===//

FailureOr<RankedTensorType> LayerNormOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}

LogicalResult LayerNormOp::verify() {
  if (!(getEpsilon().convertToDouble() >= 0))
    return emitOpError("expects a non-negative epsilon (C-LAYERNORM-2)");
  if (failed(verifyChannels(*this, "gamma", getGamma(), getX())) ||
      failed(verifyChannels(*this, "beta", getBeta(), getX())))
    return failure();
  return verifyNotInteger(*this, {getX()});
}

OperandRole LayerNormOp::getOperandRole(unsigned index) {
  return index == 0 ? OperandRole::Stream16 : OperandRole::Parameter;
}

FailureOr<RankedTensorType> RMSNormOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}

LogicalResult RMSNormOp::verify() {
  if (!(getEpsilon().convertToDouble() >= 0))
    return emitOpError("expects a non-negative epsilon (C-LAYERNORM-2)");
  if (failed(verifyChannels(*this, "gamma", getGamma(), getX())))
    return failure();
  return verifyNotInteger(*this, {getX()});
}

OperandRole RMSNormOp::getOperandRole(unsigned index) {
  return index == 0 ? OperandRole::Stream16 : OperandRole::Parameter;
}

FailureOr<RankedTensorType> L2NormalizeOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}

LogicalResult L2NormalizeOp::verify() {
  if (failed(verifyNotInteger(*this, {getX()})))
    return failure();
  Type element = getType().getElementType();
  if (familyOf(element) == Family::Quantized && element != deriveResultType({}))
    return emitOpError("expects a result of ")
           << deriveResultType({}) << " (C-L2NORMALIZE-1), found " << element;
  return success();
}

OperandRole L2NormalizeOp::getOperandRole(unsigned) { return OperandRole::Word; }
ResultForm L2NormalizeOp::getResultForm(ResultForm) { return ResultForm::Word; }

QuantizedType L2NormalizeOp::deriveResultType(ArrayRef<QuantizedType>) {
  return wordType(getContext(), 32, 0x1p-24);
}

//===----------------------------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------------------------===//

FailureOr<RankedTensorType> SoftmaxOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}
LogicalResult SoftmaxOp::verify() { return verifyNotInteger(*this, {getX()}); }
OperandRole SoftmaxOp::getOperandRole(unsigned) { return OperandRole::Word; }
ResultForm SoftmaxOp::getResultForm(ResultForm) { return ResultForm::Stream; }

QuantizedType SoftmaxOp::deriveResultType(ArrayRef<QuantizedType>) {
  return wordType(getContext(), 16, 0x1p-8);
}

FailureOr<RankedTensorType> GeluOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}
LogicalResult GeluOp::verify() { return verifyNotInteger(*this, {getX()}); }
OperandRole GeluOp::getOperandRole(unsigned) { return OperandRole::Accumulator; }
ResultForm GeluOp::getResultForm(ResultForm) { return ResultForm::Word; }

QuantizedType GeluOp::deriveResultType(ArrayRef<QuantizedType>) {
  // The quick form is silu(1.702 x) / 1.702, silu with 12 fraction bits.
  double scale = getApproximate() == GeluForm::Quick ? 0x1p-12 / 1.702 : 0x1p-12;
  return wordType(getContext(), 32, scale);
}

FailureOr<RankedTensorType> SiluOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}
LogicalResult SiluOp::verify() { return verifyNotInteger(*this, {getX()}); }
OperandRole SiluOp::getOperandRole(unsigned) { return OperandRole::Accumulator; }
ResultForm SiluOp::getResultForm(ResultForm) { return ResultForm::Word; }

QuantizedType SiluOp::deriveResultType(ArrayRef<QuantizedType>) {
  return wordType(getContext(), 32, 0x1p-12);
}

FailureOr<RankedTensorType> SigmoidOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}
LogicalResult SigmoidOp::verify() { return verifyNotInteger(*this, {getX()}); }
OperandRole SigmoidOp::getOperandRole(unsigned) { return OperandRole::Accumulator; }
ResultForm SigmoidOp::getResultForm(ResultForm) { return ResultForm::Word; }

QuantizedType SigmoidOp::deriveResultType(ArrayRef<QuantizedType>) {
  return wordType(getContext(), 32, 0x1p-15);
}

FailureOr<RankedTensorType> TanhOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}
LogicalResult TanhOp::verify() { return verifyNotInteger(*this, {getX()}); }
OperandRole TanhOp::getOperandRole(unsigned) { return OperandRole::Accumulator; }
ResultForm TanhOp::getResultForm(ResultForm) { return ResultForm::Word; }

QuantizedType TanhOp::deriveResultType(ArrayRef<QuantizedType>) {
  return wordType(getContext(), 32, 0x1p-15);
}

FailureOr<RankedTensorType> ReluOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}
LogicalResult ReluOp::verify() { return verifyNotInteger(*this, {getX()}); }
OperandRole ReluOp::getOperandRole(unsigned) { return OperandRole::Accumulator; }

ResultForm ReluOp::getResultForm(ResultForm first) { return std::max(first, ResultForm::Stream); }

QuantizedType ReluOp::deriveResultType(ArrayRef<QuantizedType> operands) {
  auto uniform = dyn_cast_or_null<UniformQuantizedType>(operands[0]);
  if (uniform && uniform.getStorageTypeIntegralWidth() == 8)
    return wordType(getContext(), 16, uniform.getScale());
  return operands[0];
}

OpFoldResult ReluOp::fold(FoldAdaptor) {
  auto inner = getX().getDefiningOp<ReluOp>();
  return inner && inner.getType() == getType() ? inner.getResult() : OpFoldResult();
}

FailureOr<RankedTensorType> AddOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}

LogicalResult AddOp::verify() {
  if (failed(verifyCompatibleShape(getLhs().getType(), getRhs().getType())))
    return emitOpError("expects operands of one shape (C-SHAPE-1), found ")
           << getLhs().getType() << " and " << getRhs().getType();
  return verifyNotInteger(*this, {getLhs(), getRhs()});
}

OperandRole AddOp::getOperandRole(unsigned) { return OperandRole::Accumulator; }

FailureOr<RankedTensorType> MulOp::inferType(Adaptor adaptor, std::optional<Location>) {
  return typeOfFirst(adaptor);
}

LogicalResult MulOp::verify() {
  if (failed(verifyCompatibleShape(getLhs().getType(), getRhs().getType())))
    return emitOpError("expects operands of one shape (C-SHAPE-1), found ")
           << getLhs().getType() << " and " << getRhs().getType();
  return verifyNotInteger(*this, {getLhs(), getRhs()});
}

OperandRole MulOp::getOperandRole(unsigned) { return OperandRole::Stream16; }
ResultForm MulOp::getResultForm(ResultForm) { return ResultForm::Word; }

QuantizedType MulOp::deriveResultType(ArrayRef<QuantizedType> operands) {
  return productType(operands[0], operands[1]);
}

//===----------------------------------------------------------------------------------------===//
// embedding, position_ids, pool
//===----------------------------------------------------------------------------------------===//

FailureOr<RankedTensorType> EmbeddingOp::inferType(Adaptor adaptor,
                                                   std::optional<Location> location) {
  RankedTensorType table = ranked(adaptor.getTable()), ids = ranked(adaptor.getIds());
  if (table.getRank() != 2)
    return fail(location,
                "'intaglio.embedding' op expects a table [rows, channels] (C-EMBEDDING-1)");
  SmallVector<int64_t> shape(ids.getShape());
  shape.push_back(table.getDimSize(1));
  return RankedTensorType::get(shape, table.getElementType());
}

LogicalResult EmbeddingOp::verify() { return verifyNotInteger(*this, {getTable()}); }

OperandRole EmbeddingOp::getOperandRole(unsigned index) {
  return index == 0 ? OperandRole::Table : OperandRole::Index;
}

ResultForm EmbeddingOp::getResultForm(ResultForm) { return ResultForm::Stream; }

QuantizedType EmbeddingOp::deriveResultType(ArrayRef<QuantizedType> operands) {
  auto table = dyn_cast_or_null<UniformQuantizedPerAxisType>(operands[0]);
  if (!table || table.getQuantizedDimension() != 0)
    return QuantizedType();
  double largest = *llvm::max_element(table.getScales()) * table.getStorageTypeMax();
  return wordType(getContext(), 16, largest / 32767);
}

LogicalResult PositionIdsOp::verify() {
  if (getIds().getType().getRank() != 2)
    return emitOpError("expects ids [batch, sequence] (C-POSITIONIDS-1), found ")
           << getIds().getType();
  return success();
}

FailureOr<RankedTensorType> PoolOp::inferType(Adaptor adaptor, std::optional<Location> location) {
  RankedTensorType x = ranked(adaptor.getX());
  if (x.getRank() != 3)
    return fail(location, "'intaglio.pool' op expects [batch, sequence, channels] (C-POOL-1)");
  return RankedTensorType::get({x.getDimSize(0), x.getDimSize(2)}, x.getElementType());
}

LogicalResult PoolOp::verify() {
  if (failed(verifyMask(*this, getMask(), getX())))
    return failure();
  return verifyNotInteger(*this, {getX()});
}

OperandRole PoolOp::getOperandRole(unsigned index) {
  return roleOfMask(index, 1, OperandRole::Stream16);
}

ResultForm PoolOp::getResultForm(ResultForm) {
  return getKind() == PoolKind::Mean ? ResultForm::Word : ResultForm::Stream;
}

QuantizedType PoolOp::deriveResultType(ArrayRef<QuantizedType> operands) {
  std::optional<double> scale = symmetricScale(operands[0]);
  if (!scale)
    return QuantizedType();
  // The mean has 8 fraction bits more than its summands.
  return getKind() == PoolKind::Mean ? wordType(getContext(), 32, *scale / 256)
                                     : wordType(getContext(), 16, *scale);
}
