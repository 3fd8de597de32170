//===- RowInteger.cpp - integer ops of one row ----------------------------------------------===//

#include "Evaluators.h"

#include "intaglio/IntMath/Ibert.h"
#include "intaglio/IntMath/Norm.h"
#include "intaglio/IntMath/Softmax.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

using RowFn = llvm::function_ref<std::vector<int32_t>(ArrayRef<int32_t> row)>;

/// Elements of the last axis; a scalar is a row of one.
static int64_t channelsOf(const Tensor &x) {
  return x.getShape().empty() ? 1 : x.getShape().back();
}

/// `fn` of each row of the last axis.
static FailureOr<Tensor> mapRows(Operation *op, const Tensor &x, RowFn fn) {
  FailureOr<Tensor> result = makeResult(op, x.getShape());
  if (failed(result))
    return failure();
  int64_t size = channelsOf(x);
  for (int64_t first = 0, e = x.getNumElements(); first < e; first += size)
    result->setCodes(first, fn(x.getCodes(first, size)));
  return result;
}

template <typename T>
static std::vector<T> vectorOf(const Tensor &tensor) {
  return tensor ? tensor.get<T>().vec() : std::vector<T>();
}

/// The bits of the result's elements.
static unsigned resultBits(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType()).getElementTypeBitWidth();
}

/// `constants` has an element for each channel of `x`.
static LogicalResult expectChannels(Operation *op, const Tensor &x, const Tensor &constants) {
  return expectSameShape(op, channelsOf(x), constants.getShape());
}

static FailureOr<Tensor> softmax(ISoftmaxOp op, In<ISoftmaxOp> in) {
  intmath::Dyadic scale{int64_t(op.getMultiplier()), int64_t(op.getShift())};
  return mapRows(op, in.getX(),
                 [&](ArrayRef<int32_t> row) { return intmath::softmaxRow(row, scale); });
}

static FailureOr<Tensor> layerNorm(ILayerNormOp op, In<ILayerNormOp> in) {
  if (failed(expectChannels(op, in.getX(), in.getGamma())) ||
      failed(expectChannels(op, in.getX(), in.getBeta())))
    return failure();
  intmath::NormStatics statics{int64_t(op.getEpsilon()), int64_t(op.getShift()),
                               vectorOf<int32_t>(in.getGamma()), vectorOf<int64_t>(in.getBeta())};
  return mapRows(op, in.getX(), [&](ArrayRef<int32_t> row) {
    return intmath::layerNormRow(row, statics, op.getOutputZp(), resultBits(op));
  });
}

static FailureOr<Tensor> rmsNorm(IRMSNormOp op, In<IRMSNormOp> in) {
  if (failed(expectChannels(op, in.getX(), in.getGamma())))
    return failure();
  intmath::NormStatics statics{
      int64_t(op.getEpsilon()), int64_t(op.getShift()), vectorOf<int32_t>(in.getGamma()), {}};
  return mapRows(op, in.getX(), [&](ArrayRef<int32_t> row) {
    return intmath::rmsNormRow(row, statics, op.getOutputZp(), resultBits(op));
  });
}

/// C-IL2NORMALIZE-2.
static FailureOr<Tensor> l2Normalize(IL2NormalizeOp op, In<IL2NormalizeOp> in) {
  bool fits = true;
  FailureOr<Tensor> result = mapRows(op, in.getX(), [&](ArrayRef<int32_t> row) {
    unsigned __int128 squares = 0;
    for (int64_t code : row)
      squares += uint64_t(code * code);
    fits &= squares < (unsigned __int128)(1) << 62;
    return fits ? intmath::l2NormalizeRow(row) : row.vec();
  });
  if (!fits)
    return op.emitOpError("has a sum of squares of 2^62 or more");
  return result;
}

static FailureOr<Tensor> ibertSoftmax(IbertSoftmaxOp op, In<IbertSoftmaxOp> in) {
  intmath::IbertSoftmaxStatics statics{
      {int64_t(op.getLn2()), int64_t(op.getB()), int64_t(op.getC()), int64_t(op.getN()), 0},
      {int64_t(op.getMultiplier()), int64_t(op.getShift())}};
  return mapRows(op, in.getX(),
                 [&](ArrayRef<int32_t> row) { return intmath::ibertSoftmaxRow(row, statics); });
}

static FailureOr<Tensor> ibertLayerNorm(IbertLayerNormOp op, In<IbertLayerNormOp> in) {
  if (failed(expectChannels(op, in.getX(), in.getBias())) ||
      (in.getMultiplier().getNumElements() != 1 &&
       failed(expectChannels(op, in.getX(), in.getMultiplier()))))
    return failure();
  intmath::IbertNormStatics statics{
      vectorOf<int64_t>(in.getBias()),
      int64_t(op.getPrescale()),
      {vectorOf<int32_t>(in.getMultiplier()), int64_t(op.getShift())}};
  return mapRows(op, in.getX(), [&](ArrayRef<int32_t> row) {
    return intmath::ibertLayerNormRow(row, statics, op.getOutputZp(), resultBits(op));
  });
}

void reference::addRowIntegerOps(Interpreter &interpreter) {
  add(interpreter, softmax);
  add(interpreter, layerNorm);
  add(interpreter, rmsNorm);
  add(interpreter, l2Normalize);
  add(interpreter, ibertSoftmax);
  add(interpreter, ibertLayerNorm);
}
