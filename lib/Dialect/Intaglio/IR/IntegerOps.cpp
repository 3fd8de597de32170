//===- IntegerOps.cpp - verifiers and folders of the integer family ------------------------===//

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace intaglio;

namespace {

RankedTensorType ranked(Value value) { return cast<RankedTensorType>(value.getType()); }

bool dimsAgree(int64_t a, int64_t b) {
  return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) || a == b;
}

/// A right shift with rounding: C-SHIFT-1.
LogicalResult verifyShift(Operation *op, StringRef name, int64_t shift) {
  if (shift < 0 || shift > 62)
    return op->emitOpError() << "expects " << name << " in 0 ... 62 (C-SHIFT-1), found " << shift;
  return success();
}

/// One constant for each channel, or one for all.
LogicalResult verifyPerChannel(Operation *op, StringRef name, Value constants, Value data,
                               bool orOne = true) {
  RankedTensorType type = ranked(constants);
  int64_t channels = ranked(data).getRank() ? ranked(data).getShape().back() : 1;
  if (type.getRank() == 1 &&
      (dimsAgree(type.getDimSize(0), channels) || (orOne && type.getDimSize(0) == 1)))
    return success();
  return op->emitOpError() << "expects " << name << " to have " << channels << " elements"
                           << (orOne ? " or one" : "") << " (C-CHANNELS-1), found " << type;
}

/// A row that is normalized has a length known at compile time, short enough that its sums fit.
LogicalResult verifyRowLength(Operation *op, Value x) {
  RankedTensorType type = ranked(x);
  if (type.getRank() > 0 && !type.isDynamicDim(type.getRank() - 1) && type.getShape().back() >= 1 &&
      type.getShape().back() <= 65535)
    return success();
  return op->emitOpError("expects a static last axis of 1 ... 65535 (C-ILAYERNORM-3), found ")
         << type;
}

LogicalResult verifyShape(Operation *op, Value expected, Value found) {
  if (succeeded(verifyCompatibleShape(expected.getType(), found.getType())))
    return success();
  return op->emitOpError("expects one shape (C-SHAPE-1), found ")
         << expected.getType() << " and " << found.getType();
}

/// `value` is a code of `type`'s element width.
LogicalResult verifyCode(Operation *op, StringRef name, int64_t value, Type type) {
  unsigned width = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
  int64_t limit = int64_t(1) << (width - 1);
  if (value < -limit || value >= limit)
    return op->emitOpError() << "expects " << name << " to fit i" << width << " (C-CODE-1), found "
                             << value;
  return success();
}

LogicalResult verifyByteTable(Operation *op, Value table) {
  if (ranked(table).getShape() != ArrayRef<int64_t>{256})
    return op->emitOpError("expects a table of 256 bytes (C-LOOKUP-1), found ") << table.getType();
  return success();
}

/// Query, key and value `[batch, sequence, heads * head]` of one shape, mask `[batch, sequence]`.
template <typename Op>
LogicalResult verifyAttention(Op op) {
  RankedTensorType query = ranked(op.getQuery());
  if (query.getRank() != 3)
    return op.emitOpError("expects [batch, sequence, channels] (C-ATTENTION-1), found ") << query;
  for (Value other : {op.getKey(), op.getValue(), op.getResult()})
    if (failed(verifyShape(op, op.getQuery(), other)))
      return failure();
  int64_t heads = op.getNumHeads();
  if (heads < 1 || query.isDynamicDim(2) || query.getDimSize(2) % heads != 0)
    return op.emitOpError("expects num_heads to divide the channels of ")
           << query << " (C-ATTENTION-2), found " << heads;
  if (Value mask = op.getMask()) {
    RankedTensorType type = ranked(mask);
    if (type.getRank() != 2 || !dimsAgree(type.getDimSize(0), query.getDimSize(0)) ||
        !dimsAgree(type.getDimSize(1), query.getDimSize(1)))
      return op.emitOpError("expects a mask [batch, sequence] (C-MASK-1), found ")
             << type << " for " << query;
  }
  return verifyCode(op, "output_zp", op.getOutputZp(), op.getResult().getType());
}

LogicalResult verifyDyadic(Operation *op, int64_t multiplier, int64_t shift, int64_t maxShift) {
  if (multiplier < 0 || multiplier > std::numeric_limits<int32_t>::max())
    return op->emitOpError("expects a multiplier in 0 ... 2^31 - 1 (C-DYADIC-1), found ")
           << multiplier;
  if (shift < 0 || shift > maxShift)
    return op->emitOpError() << "expects shift in 0 ... " << maxShift << " (C-SHIFT-1), found "
                             << shift;
  return success();
}

LogicalResult verifyIbertExp(Operation *op, int64_t ln2, int64_t b, int64_t c, int64_t n,
                             int64_t multiplier, int64_t shift) {
  constexpr int64_t limit = int64_t(1) << 31;
  if (ln2 >= 0 || ln2 < -limit)
    return op->emitOpError("expects a negative ln2 of 32 bits (C-IBERTSOFTMAX-3), found ") << ln2;
  if (n < 0 || n > 30)
    return op->emitOpError("expects n in 0 ... 30 (C-IBERTSOFTMAX-3), found ") << n;
  if (b < -ln2 || b >= limit)
    return op->emitOpError("expects b in -ln2 ... 2^31 - 1 (C-IBERTSOFTMAX-4), found ") << b;
  if (c < 0 || c >= int64_t(1) << (63 - n))
    return op->emitOpError("expects c in 0 ... 2^(63 - n) - 1 (C-IBERTSOFTMAX-4), found ") << c;
  return verifyDyadic(op, multiplier, shift, 126);
}

} // namespace

LogicalResult RescaleOp::verify() {
  if (failed(verifyShape(*this, getX(), getResult())) ||
      failed(verifyPerChannel(*this, "multiplier", getMultiplier(), getX())) ||
      failed(verifyShift(*this, "shift", getShift())) ||
      failed(verifyCode(*this, "input_zp", getInputZp(), getX().getType())) ||
      failed(verifyCode(*this, "output_zp", getOutputZp(), getType())) ||
      failed(verifyCode(*this, "min", getMin(), getType())) ||
      failed(verifyCode(*this, "max", getMax(), getType())))
    return failure();
  if (getMin() > getMax())
    return emitOpError("expects min <= max (C-RESCALE-2), found ")
           << getMin() << " and " << getMax();
  return success();
}

/// A rescale by one that keeps type, zero point and range.
OpFoldResult RescaleOp::fold(FoldAdaptor) {
  if (getX().getType() != getType() || getInputZp() != getOutputZp())
    return {};
  int64_t limit = int64_t(1) << (getType().getElementTypeBitWidth() - 1);
  DenseIntElementsAttr multiplier;
  if (getMin() != -limit || getMax() != limit - 1 || getShift() > 30 ||
      !matchPattern(getMultiplier(), m_Constant(&multiplier)))
    return {};
  bool isOne = llvm::all_of(multiplier.getValues<APInt>(), [&](const APInt &value) {
    return value.getSExtValue() == int64_t(1) << getShift();
  });
  return isOne ? getX() : OpFoldResult();
}

LogicalResult IAddOp::verify() {
  if (failed(verifyShape(*this, getLhs(), getRhs())) ||
      failed(verifyShape(*this, getLhs(), getResult())) ||
      failed(verifyPerChannel(*this, "lhs_multiplier", getLhsMultiplier(), getLhs())) ||
      failed(verifyPerChannel(*this, "rhs_multiplier", getRhsMultiplier(), getRhs())) ||
      failed(verifyShift(*this, "lhs_shift", getLhsShift())) ||
      failed(verifyShift(*this, "rhs_shift", getRhsShift())) ||
      failed(verifyCode(*this, "lhs_zp", getLhsZp(), getLhs().getType())) ||
      failed(verifyCode(*this, "rhs_zp", getRhsZp(), getRhs().getType())))
    return failure();
  if (getFraction() < 0 || getFraction() > 14)
    return emitOpError("expects fraction in 0 ... 14 (C-IADD-2), found ") << getFraction();
  return verifyCode(*this, "output_zp", getOutputZp(), getType());
}

LogicalResult IMulOp::verify() {
  if (failed(verifyShape(*this, getLhs(), getRhs())) ||
      failed(verifyShape(*this, getLhs(), getResult())) ||
      failed(verifyCode(*this, "lhs_zp", getLhsZp(), getLhs().getType())))
    return failure();
  return verifyCode(*this, "rhs_zp", getRhsZp(), getRhs().getType());
}

LogicalResult LookupOp::verify() {
  if (failed(verifyByteTable(*this, getTable())))
    return failure();
  return verifyShape(*this, getX(), getResult());
}

LogicalResult IGeluOp::verify() {
  Type element = getType().getElementType();
  if (getX().getType().getElementType() != element)
    return emitOpError("expects one element type (C-IGELU-3), found ")
           << getX().getType().getElementType() << " and " << element;
  int64_t fraction = getFraction();
  if (element.isInteger(32) ? fraction == 12 : fraction >= 8 && fraction <= 11)
    return success();
  return emitOpError("expects ") << (element.isInteger(32) ? "12" : "8 ... 11")
                                 << " fraction bits on " << element << " (C-IGELU-3), found "
                                 << fraction;
}

LogicalResult ISigmoidOp::verify() { return success(); }
LogicalResult ITanhOp::verify() { return success(); }
LogicalResult ISiluOp::verify() { return success(); }
LogicalResult ISqrtOp::verify() { return success(); }

LogicalResult ISoftmaxOp::verify() { return verifyDyadic(*this, getMultiplier(), getShift(), 62); }

LogicalResult ILayerNormOp::verify() {
  if (failed(verifyShape(*this, getX(), getResult())) ||
      failed(verifyPerChannel(*this, "gamma", getGamma(), getX(), /*orOne=*/false)) ||
      failed(verifyPerChannel(*this, "beta", getBeta(), getX(), /*orOne=*/false)) ||
      failed(verifyShift(*this, "shift", getShift())))
    return failure();
  if (failed(verifyRowLength(*this, getX())))
    return failure();
  if (getEpsilon() < 0)
    return emitOpError("expects a non-negative epsilon (C-ILAYERNORM-2), found ") << getEpsilon();
  return verifyCode(*this, "output_zp", getOutputZp(), getType());
}

LogicalResult IRMSNormOp::verify() {
  if (failed(verifyShape(*this, getX(), getResult())) ||
      failed(verifyPerChannel(*this, "gamma", getGamma(), getX(), /*orOne=*/false)) ||
      failed(verifyShift(*this, "shift", getShift())))
    return failure();
  if (failed(verifyRowLength(*this, getX())))
    return failure();
  if (getEpsilon() < 0)
    return emitOpError("expects a non-negative epsilon (C-ILAYERNORM-2), found ") << getEpsilon();
  return verifyCode(*this, "output_zp", getOutputZp(), getType());
}

LogicalResult IAttentionOp::verify() {
  if (failed(verifyAttention(*this)) || failed(verifyByteTable(*this, getTable())))
    return failure();
  if (getScoreShift() < 0 || getScoreShift() > 15)
    return emitOpError("expects score_shift in 0 ... 15 (C-IATTENTION-5), found ")
           << getScoreShift();
  if (getStep() < 64 || getStep() > 65535)
    return emitOpError("expects step in 64 ... 65535 (C-IATTENTION-2), found ") << getStep();
  if (getRounding() != (65536 + int64_t(getStep())) / (2 * int64_t(getStep())))
    return emitOpError("expects rounding of half a step, (65536 + step) / (2 * step) "
                       "(C-IATTENTION-3), found ")
           << getRounding();
  if (getNumerator() < 0 || getNumerator() >= int64_t(1) << 38)
    return emitOpError("expects numerator in 0 ... 2^38 - 1 (C-IATTENTION-4), found ")
           << getNumerator();
  return success();
}

LogicalResult IEmbeddingOp::verify() {
  RankedTensorType table = ranked(getTable()), multiplier = ranked(getMultiplier()),
                   ids = ranked(getIds());
  if (table.getRank() != 2 || !table.hasStaticShape())
    return emitOpError("expects a static table [rows, channels] (C-IEMBEDDING-2), found ") << table;
  if (multiplier.getRank() != 1 || multiplier.getDimSize(0) != table.getDimSize(0))
    return emitOpError("expects one multiplier for each row of the table (C-IEMBEDDING-3), found ")
           << multiplier;
  SmallVector<int64_t> shape(ids.getShape());
  shape.push_back(table.getDimSize(1));
  if (failed(verifyCompatibleShape(shape, getType().getShape())))
    return emitOpError("expects the ids' shape and the table's channels (C-IEMBEDDING-4), found ")
           << getType();
  if (failed(verifyShift(*this, "shift", getShift())))
    return failure();
  return verifyCode(*this, "output_zp", getOutputZp(), getType());
}

LogicalResult IRopeOp::verify() {
  RankedTensorType x = ranked(getX()), cos = ranked(getCos()), sin = ranked(getSin());
  int64_t heads = getNumHeads();
  if (x.getRank() != 3 || heads < 1 || x.isDynamicDim(2) || x.getDimSize(2) / 2 < heads ||
      x.getDimSize(2) % (2 * heads) != 0)
    return emitOpError("expects [batch, sequence, num_heads * head] with an even head (C-ROPE-1), "
                       "found ")
           << x;
  if (cos.getRank() != 2 || cos != sin || cos.getDimSize(1) != x.getDimSize(2) / (2 * heads))
    return emitOpError("expects cos and sin [positions, head / 2] (C-ROPE-2), found ")
           << cos << " and " << sin;
  return verifyShape(*this, getX(), getResult());
}

LogicalResult IPoolOp::verify() {
  RankedTensorType x = ranked(getX()), result = getType();
  if (x.getRank() != 3 || result.getRank() != 2 ||
      !dimsAgree(x.getDimSize(0), result.getDimSize(0)) ||
      !dimsAgree(x.getDimSize(2), result.getDimSize(1)))
    return emitOpError("expects [batch, sequence, c] to [batch, c] (C-IPOOL-2), found ")
           << x << " and " << result;
  unsigned width = getKind() == PoolKind::Mean ? 32 : 16;
  if (!result.getElementType().isInteger(width))
    return emitOpError("expects an i") << width << " result (C-IPOOL-3), found " << result;
  if (Value mask = getMask())
    if (ranked(mask).getRank() != 2 || !dimsAgree(ranked(mask).getDimSize(0), x.getDimSize(0)) ||
        !dimsAgree(ranked(mask).getDimSize(1), x.getDimSize(1)))
      return emitOpError("expects a mask [batch, sequence] (C-MASK-1), found ") << mask.getType();
  return success();
}

LogicalResult IL2NormalizeOp::verify() { return success(); }

LogicalResult IbertGeluOp::verify() {
  constexpr int64_t limit = int64_t(1) << 31;
  if (getB() >= 0 || getB() < -limit)
    return emitOpError("expects a negative b of 32 bits (C-IBERTGELU-3), found ") << getB();
  if (getN() < 0 || getN() > 30)
    return emitOpError("expects n in 0 ... 30 (C-IBERTGELU-3), found ") << getN();
  if (getC() < -limit * limit || getC() > limit * limit)
    return emitOpError("expects c in -2^62 ... 2^62 (C-IBERTGELU-3), found ") << getC();
  if (getOne() < -limit || getOne() >= limit)
    return emitOpError("expects one of 32 bits (C-IBERTGELU-3), found ") << getOne();
  return success();
}

LogicalResult IbertSoftmaxOp::verify() {
  return verifyIbertExp(*this, getLn2(), getB(), getC(), getN(), getMultiplier(), getShift());
}

LogicalResult IbertLayerNormOp::verify() {
  if (failed(verifyShape(*this, getX(), getResult())) ||
      failed(verifyPerChannel(*this, "bias", getBias(), getX(), /*orOne=*/false)) ||
      failed(verifyPerChannel(*this, "multiplier", getMultiplier(), getX())) ||
      failed(verifyShift(*this, "shift", getShift())))
    return failure();
  if (failed(verifyRowLength(*this, getX())))
    return failure();
  if (getPrescale() < 0 || getPrescale() > 15)
    return emitOpError("expects prescale in 0 ... 15 (C-IBERTLAYERNORM-3), found ")
           << getPrescale();
  return verifyCode(*this, "output_zp", getOutputZp(), getType());
}

LogicalResult IbertAttentionOp::verify() {
  if (failed(verifyAttention(*this)) ||
      failed(verifyIbertExp(*this, getLn2(), getB(), getC(), getN(), getMultiplier(), getShift())))
    return failure();
  return verifyDyadic(*this, getOutputMultiplier(), getOutputShift(), 62);
}
