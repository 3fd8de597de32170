//===- SequenceInteger.cpp - integer ops that see whole sequences ---------------------------===//

#include "Evaluators.h"

#include "intaglio/IntMath/Ibert.h"
#include "intaglio/IntMath/Sequence.h"
#include "intaglio/IntMath/Softmax.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

/// The mask of sequence `b`; empty where there is none.
static ArrayRef<int64_t> maskOf(const Tensor &mask, int64_t b) {
  if (!mask)
    return {};
  return mask.get<int64_t>().slice(b * mask.getDim(1), mask.getDim(1));
}

//===----------------------------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------------------------===//

/// `[sequence, head]` of one head of one sequence, row after row.
static std::vector<int8_t> headOf(const Tensor &x, int64_t b, int64_t head, int64_t width) {
  std::vector<int8_t> rows;
  int64_t sequence = x.getDim(1), channels = x.getDim(2);
  for (int64_t s = 0; s < sequence; ++s) {
    auto row = x.get<int8_t>().slice((b * sequence + s) * channels + head * width, width);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  return rows;
}

/// What a query row makes of its scores and the values `[sequence, head]`.
using AttendFn = llvm::function_ref<std::vector<int32_t>(
    ArrayRef<int32_t> scores, ArrayRef<int32_t> values, ArrayRef<int64_t> mask)>;

/// All query rows of one head of one sequence; the result's channels begin at `head * width`.
template <typename Adaptor>
static void attendHead(Adaptor in, Tensor &result, int64_t b, int64_t head, int64_t width,
                       AttendFn attend) {
  std::vector<int8_t> queries = headOf(in.getQuery(), b, head, width),
                      keys = headOf(in.getKey(), b, head, width),
                      bytes = headOf(in.getValue(), b, head, width);
  std::vector<int32_t> values(bytes.begin(), bytes.end());
  Tensor mask = in.getMask();
  int64_t sequence = result.getDim(1), channels = result.getDim(2);
  for (int64_t s = 0; s < sequence; ++s) {
    std::vector<int32_t> scores;
    for (int64_t j = 0; j < sequence; ++j)
      scores.push_back(
          int32_t(dotBytes(queries.data() + s * width, keys.data() + j * width, width)));
    result.setCodes((b * sequence + s) * channels + head * width,
                    attend(scores, values, maskOf(mask, b)));
  }
}

template <typename Op>
static FailureOr<Tensor> attendAll(Op op, In<Op> in, AttendFn attend) {
  Tensor query = in.getQuery(), mask = in.getMask();
  if (failed(expectSameShape(op, query.getShape(), in.getKey().getShape())) ||
      failed(expectSameShape(op, query.getShape(), in.getValue().getShape())) ||
      (mask && failed(expectMask(op, true, mask.getShape(), query.getShape()))))
    return failure();
  FailureOr<Tensor> result = makeResult(op, query.getShape());
  if (failed(result))
    return failure();
  int64_t heads = op.getNumHeads(), width = query.getDim(2) / heads;
  for (int64_t b = 0; b < query.getDim(0); ++b)
    for (int64_t head = 0; head < heads; ++head)
      attendHead(in, *result, b, head, width, attend);
  return result;
}

/// C-IATTENTION-6.
static FailureOr<Tensor> attention(IAttentionOp op, In<IAttentionOp> in) {
  if (llvm::is_contained(in.getQuery().template get<int8_t>(), int8_t(-128)))
    return op.emitOpError("expects no -128 in the query");
  intmath::AttentionStatics statics{int64_t(op.getScoreShift()),
                                    int64_t(op.getStep()),
                                    int64_t(op.getRounding()),
                                    int64_t(op.getNumerator()),
                                    {}};
  Tensor table = in.getTable();
  for (auto [index, entry] : llvm::enumerate(statics.table))
    entry = uint8_t(table.getInteger(index));
  return attendAll(op, in, [&](auto scores, auto values, auto mask) {
    return intmath::attentionRow(scores, values, mask, statics, op.getOutputZp());
  });
}

static FailureOr<Tensor> ibertAttention(IbertAttentionOp op, In<IbertAttentionOp> in) {
  intmath::IbertSoftmaxStatics statics{
      {int64_t(op.getLn2()), int64_t(op.getB()), int64_t(op.getC()), int64_t(op.getN()), 0},
      {int64_t(op.getMultiplier()), int64_t(op.getShift())}};
  intmath::Dyadic output{int64_t(op.getOutputMultiplier()), int64_t(op.getOutputShift())};
  return attendAll(op, in, [&](auto scores, auto values, auto mask) {
    return intmath::ibertAttentionRow(scores, values, mask, statics, output, op.getOutputZp());
  });
}

//===----------------------------------------------------------------------------------------===//
// Embedding, rope, pool
//===----------------------------------------------------------------------------------------===//

static FailureOr<Tensor> embedding(IEmbeddingOp op, In<IEmbeddingOp> in) {
  Tensor table = in.getTable(), multiplier = in.getMultiplier(), ids = in.getIds();
  SmallVector<int64_t> shape(ids.getShape());
  int64_t rows = table.getDim(0), channels = table.getDim(1);
  shape.push_back(channels);
  FailureOr<Tensor> result = makeResult(op, shape);
  if (failed(result))
    return failure();
  unsigned bits = op.getType().getElementTypeBitWidth();
  for (auto [i, id] : llvm::enumerate(ids.get<int64_t>())) {
    if (id < 0 || id >= rows)
      return op.emitOpError("has no row ") << id << " in a table of " << rows;
    intmath::Dyadic scale{multiplier.getInteger(id), int64_t(op.getShift())};
    result->setCodes(i * channels, intmath::embeddingRow(table.getCodes(id * channels, channels),
                                                         scale, op.getOutputZp(), bits));
  }
  return result;
}

static FailureOr<Tensor> rope(IRopeOp op, In<IRopeOp> in) {
  Tensor x = in.getX(), cosine = in.getCos(), sine = in.getSin();
  if (x.getDim(1) > cosine.getDim(0))
    return op.emitOpError("has tables of ")
           << cosine.getDim(0) << " positions, needs " << x.getDim(1);
  FailureOr<Tensor> result = makeResult(op, x.getShape());
  if (failed(result))
    return failure();
  int64_t half = cosine.getDim(1), head = 2 * half, channels = x.getDim(2);
  for (int64_t first = 0, e = x.getNumElements(); first < e; first += head) {
    int64_t position = first / channels % x.getDim(1);
    result->setCodes(first, intmath::rope(x.getCodes(first, head),
                                          cosine.get<int16_t>().slice(position * half, half),
                                          sine.get<int16_t>().slice(position * half, half),
                                          op.getInterleaved()));
  }
  return result;
}

/// One channel of one sequence, over the tokens that take part.
static int64_t poolChannel(PoolKind kind, const Tensor &x, ArrayRef<int64_t> rows,
                           int64_t channel) {
  int64_t sum = 0, top = INT16_MIN;
  for (int64_t row : rows) {
    int64_t code = x.getInteger(row * x.getDim(2) + channel);
    sum += code;
    top = std::max(top, code);
  }
  if (rows.empty())
    return 0;
  return kind == PoolKind::Mean ? intmath::poolMean(sum, rows.size()) : top;
}

static FailureOr<Tensor> pool(IPoolOp op, In<IPoolOp> in) {
  Tensor x = in.getX(), mask = in.getMask();
  if (mask && failed(expectMask(op, true, mask.getShape(), x.getShape())))
    return failure();
  FailureOr<Tensor> result = makeResult(op, {x.getDim(0), x.getDim(2)});
  if (failed(result))
    return failure();
  bool firstOnly = op.getKind() == PoolKind::Cls;
  for (int64_t b = 0; b < x.getDim(0); ++b) {
    SmallVector<int64_t> rows;
    for (int64_t s = 0; s < x.getDim(1); ++s)
      if (firstOnly ? s == 0 : !mask || maskOf(mask, b)[s] != 0)
        rows.push_back(b * x.getDim(1) + s);
    for (int64_t c = 0; c < x.getDim(2); ++c)
      result->setInteger(b * x.getDim(2) + c, poolChannel(op.getKind(), x, rows, c));
  }
  return result;
}

void reference::addSequenceIntegerOps(Interpreter &interpreter) {
  add(interpreter, attention);
  add(interpreter, ibertAttention);
  add(interpreter, embedding);
  add(interpreter, rope);
  add(interpreter, pool);
}
