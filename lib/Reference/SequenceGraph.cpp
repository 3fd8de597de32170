//===- SequenceGraph.cpp - graph ops that see whole sequences, on real numbers --------------===//

#include "Evaluators.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

/// `[batch, sequence, channels]` read by its three indices.
static double at(const Reals &x, int64_t b, int64_t s, int64_t c) {
  return x.values[(b * x.shape[1] + s) * x.shape[2] + c];
}

static bool takesPart(const Reals &mask, int64_t b, int64_t s) {
  return !mask || mask.values[b * mask.shape[1] + s] != 0;
}

/// What one query row of one head attends to.
static void attendRow(const Reals &query, const Reals &key, const Reals &value,
                      ArrayRef<int64_t> keys, double scale, int64_t b, int64_t s, int64_t begin,
                      int64_t end, Reals &result) {
  if (keys.empty())
    return;
  std::vector<double> weights;
  for (int64_t j : keys) {
    double score = 0;
    for (int64_t c = begin; c < end; ++c)
      score += at(query, b, s, c) * at(key, b, j, c);
    weights.push_back(scale * score);
  }
  softmaxOf(weights);
  for (auto [j, weight] : llvm::zip_equal(keys, weights))
    for (int64_t c = begin; c < end; ++c)
      result.values[(b * result.shape[1] + s) * result.shape[2] + c] += weight * at(value, b, j, c);
}

static FailureOr<Reals> attention(AttentionOp op, RealIn<AttentionOp> in) {
  Reals query = in.getQuery(), key = in.getKey(), value = in.getValue(), mask = in.getMask();
  if (failed(expectSameShape(op, query.shape, key.shape)) ||
      failed(expectSameShape(op, query.shape, value.shape)) ||
      failed(expectMask(op, bool(mask), mask.shape, query.shape)))
    return failure();
  int64_t heads = op.getNumHeads(), width = query.last() / heads;
  if (width * heads != query.last())
    return op.emitOpError("expects num_heads to divide ") << query.last() << " channels";
  Reals result{query.shape, std::vector<double>(query.values.size())};
  for (int64_t b = 0; b < query.shape[0]; ++b) {
    SmallVector<int64_t> keys;
    for (int64_t j = 0; j < query.shape[1]; ++j)
      if (takesPart(mask, b, j))
        keys.push_back(j);
    for (int64_t s = 0; s < query.shape[1]; ++s)
      for (int64_t head = 0; head < heads; ++head)
        attendRow(query, key, value, keys, op.getScale().convertToDouble(), b, s, head * width,
                  (head + 1) * width, result);
  }
  return result;
}

/// C-EMBEDDING-2.
static FailureOr<Reals> embedding(EmbeddingOp op, RealIn<EmbeddingOp> in) {
  Reals table = in.getTable(), ids = in.getIds();
  Reals result{ids.shape, {}};
  result.shape.push_back(table.shape[1]);
  for (double id : ids.values) {
    if (id < 0 || id >= double(table.shape[0]))
      return op.emitOpError("has no row ") << int64_t(id) << " in a table of " << table.shape[0];
    const double *row = table.row(int64_t(id));
    result.values.insert(result.values.end(), row, row + table.shape[1]);
  }
  return result;
}

/// C-POSITIONIDS-2.
static FailureOr<Reals> positionIds(PositionIdsOp op, RealIn<PositionIdsOp> in) {
  Reals ids = in.getIds();
  std::optional<int64_t> padding = op.getPaddingId();
  for (int64_t b = 0; b < ids.rows(); ++b) {
    int64_t count = 0;
    for (int64_t s = 0; s < ids.last(); ++s) {
      double &id = ids.row(b)[s];
      if (!padding)
        id = double(s);
      else if (id != double(*padding))
        id = double(*padding + ++count);
    }
  }
  return ids;
}

static FailureOr<Reals> rope(RopeOp op, RealIn<RopeOp> in) {
  Reals x = in.getX(), cosine = in.getCos(), sine = in.getSin();
  if (x.shape[1] > cosine.shape[0])
    return op.emitOpError("has tables of ")
           << cosine.shape[0] << " positions, needs " << x.shape[1];
  int64_t half = cosine.last(), head = 2 * half;
  for (int64_t row = 0; row < x.rows(); ++row) {
    int64_t position = row % x.shape[1];
    for (int64_t first = 0; first < x.last(); first += head)
      for (int64_t i = 0; i < half; ++i) {
        double &a = x.row(row)[first + (op.getInterleaved() ? 2 * i : i)];
        double &b = x.row(row)[first + (op.getInterleaved() ? 2 * i + 1 : i + half)];
        double c = cosine.row(position)[i], s = sine.row(position)[i], old = a;
        a = old * c - b * s;
        b = b * c + old * s;
      }
  }
  return x;
}

/// One channel of one sequence: the mean or the maximum of the tokens that take part.
static double poolChannel(PoolKind kind, const Reals &x, ArrayRef<int64_t> tokens, int64_t b,
                          int64_t c) {
  double sum = 0, top = -INFINITY;
  for (int64_t s : tokens) {
    sum += at(x, b, s, c);
    top = std::max(top, at(x, b, s, c));
  }
  return kind == PoolKind::Max ? top : sum / double(tokens.size());
}

static FailureOr<Reals> pool(PoolOp op, RealIn<PoolOp> in) {
  Reals x = in.getX(), mask = in.getMask();
  if (failed(expectMask(op, bool(mask), mask.shape, x.shape)))
    return failure();
  bool first = op.getKind() == PoolKind::Cls;
  Reals result{{x.shape[0], x.shape[2]}, {}};
  for (int64_t b = 0; b < x.shape[0]; ++b) {
    SmallVector<int64_t> tokens;
    for (int64_t s = 0; s < x.shape[1]; ++s)
      if (first ? s == 0 : takesPart(mask, b, s))
        tokens.push_back(s);
    for (int64_t c = 0; c < x.shape[2]; ++c)
      result.values.push_back(tokens.empty() ? 0 : poolChannel(op.getKind(), x, tokens, b, c));
  }
  return result;
}

void reference::addSequenceGraphOps(Interpreter &interpreter) {
  addReal(interpreter, attention);
  addReal(interpreter, embedding);
  addReal(interpreter, positionIds);
  addReal(interpreter, rope);
  addReal(interpreter, pool);
}
