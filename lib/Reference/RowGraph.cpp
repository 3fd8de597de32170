//===- RowGraph.cpp - graph ops of one row, on real numbers ---------------------------------===//

#include "Evaluators.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

/// Applies `fn` to each row of the last axis.
static Reals mapRows(Reals x, llvm::function_ref<void(MutableArrayRef<double> row)> fn) {
  for (int64_t i = 0; i < x.rows(); ++i)
    fn({x.row(i), size_t(x.last())});
  return x;
}

static double sumOf(ArrayRef<double> row) { return std::accumulate(row.begin(), row.end(), 0.0); }
static double squaresOf(ArrayRef<double> row) {
  return std::inner_product(row.begin(), row.end(), row.begin(), 0.0);
}

void reference::softmaxOf(MutableArrayRef<double> row) {
  double top = *llvm::max_element(row);
  for (double &x : row)
    x = std::exp(x - top);
  double sum = sumOf(row);
  for (double &x : row)
    x /= sum;
}

static FailureOr<Reals> softmax(SoftmaxOp op, RealIn<SoftmaxOp> in) {
  return mapRows(in.getX(), softmaxOf);
}

/// C-LAYERNORM-1.
static FailureOr<Reals> layerNorm(LayerNormOp op, RealIn<LayerNormOp> in) {
  Reals x = in.getX(), gamma = in.getGamma(), beta = in.getBeta();
  if (failed(expectSameShape(op, x.last(), gamma.shape)) ||
      failed(expectSameShape(op, x.last(), beta.shape)))
    return failure();
  double epsilon = op.getEpsilon().convertToDouble();
  return mapRows(std::move(x), [&](MutableArrayRef<double> row) {
    double mean = sumOf(row) / double(row.size());
    for (double &x : row)
      x -= mean;
    double factor = 1 / std::sqrt(squaresOf(row) / double(row.size()) + epsilon);
    for (auto [x, g, b] : llvm::zip_equal(row, gamma.values, beta.values))
      x = x * factor * g + b;
  });
}

static FailureOr<Reals> rmsNorm(RMSNormOp op, RealIn<RMSNormOp> in) {
  Reals x = in.getX(), gamma = in.getGamma();
  if (failed(expectSameShape(op, x.last(), gamma.shape)))
    return failure();
  double epsilon = op.getEpsilon().convertToDouble();
  return mapRows(std::move(x), [&](MutableArrayRef<double> row) {
    double factor = 1 / std::sqrt(squaresOf(row) / double(row.size()) + epsilon);
    for (auto [x, g] : llvm::zip_equal(row, gamma.values))
      x = x * factor * g;
  });
}

static FailureOr<Reals> l2Normalize(L2NormalizeOp op, RealIn<L2NormalizeOp> in) {
  return mapRows(in.getX(), [](MutableArrayRef<double> row) {
    double length = std::max(std::sqrt(squaresOf(row)), 1e-12);
    for (double &x : row)
      x /= length;
  });
}

void reference::addRowGraphOps(Interpreter &interpreter) {
  addReal(interpreter, softmax);
  addReal(interpreter, layerNorm);
  addReal(interpreter, rmsNorm);
  addReal(interpreter, l2Normalize);
}
