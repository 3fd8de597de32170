//===- ElementwiseGraph.cpp - graph ops of one element, on real numbers ---------------------===//

#include "Evaluators.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

static Reals map(Reals x, llvm::function_ref<double(double)> fn) {
  for (double &value : x.values)
    value = fn(value);
  return x;
}

static double logistic(double x) { return 1 / (1 + std::exp(-x)); }

static double geluOf(double x, GeluForm form) {
  switch (form) {
  case GeluForm::None:
    return x * 0.5 * std::erfc(-x * M_SQRT1_2);
  case GeluForm::Tanh:
    return x * 0.5 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  case GeluForm::Quick:
    return x * logistic(1.702 * x);
  }
  llvm_unreachable("covered switch");
}

static FailureOr<Reals> gelu(GeluOp op, RealIn<GeluOp> in) {
  return map(in.getX(), [&](double x) { return geluOf(x, op.getApproximate()); });
}

static FailureOr<Reals> silu(SiluOp, RealIn<SiluOp> in) {
  return map(in.getX(), [](double x) { return x * logistic(x); });
}

static FailureOr<Reals> sigmoid(SigmoidOp, RealIn<SigmoidOp> in) {
  return map(in.getX(), logistic);
}

static FailureOr<Reals> hyperbolicTangent(TanhOp, RealIn<TanhOp> in) {
  return map(in.getX(), [](double x) { return std::tanh(x); });
}

static FailureOr<Reals> relu(ReluOp, RealIn<ReluOp> in) {
  return map(in.getX(), [](double x) { return x < 0 ? 0 : x; });
}

static FailureOr<Reals> zip(Operation *op, Reals a, const Reals &b,
                            llvm::function_ref<double(double, double)> fn) {
  if (failed(expectSameShape(op, a.shape, b.shape)))
    return failure();
  for (auto [x, y] : llvm::zip_equal(a.values, b.values))
    x = fn(x, y);
  return a;
}

static FailureOr<Reals> sum(AddOp op, RealIn<AddOp> in) {
  return zip(op, in.getLhs(), in.getRhs(), std::plus<double>());
}

static FailureOr<Reals> product(MulOp op, RealIn<MulOp> in) {
  return zip(op, in.getLhs(), in.getRhs(), std::multiplies<double>());
}

void reference::addElementwiseGraphOps(Interpreter &interpreter) {
  addReal(interpreter, gelu);
  addReal(interpreter, silu);
  addReal(interpreter, sigmoid);
  addReal(interpreter, hyperbolicTangent);
  addReal(interpreter, relu);
  addReal(interpreter, sum);
  addReal(interpreter, product);
}
