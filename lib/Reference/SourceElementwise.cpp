//===- SourceElementwise.cpp - ONNX operators of one element, row or product, on reals -------===//

#include "SourceOps.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

//===----------------------------------------------------------------------------------------===//
// Broadcasting
//===----------------------------------------------------------------------------------------===//

/// NumPy's rule: axes are aligned at the end, an axis of one is repeated.
static FailureOr<SmallVector<int64_t>> broadcastShape(SourceOp op, ArrayRef<Reals> in) {
  SmallVector<int64_t> shape;
  for (const Reals &x : in) {
    if (x.shape.size() > shape.size())
      shape.insert(shape.begin(), x.shape.size() - shape.size(), 1);
    size_t skip = shape.size() - x.shape.size();
    for (auto [axis, size] : llvm::enumerate(x.shape)) {
      if (size != 1 && shape[skip + axis] != 1 && size != shape[skip + axis])
        return op.emitOpError("expects operands that broadcast to one shape");
      if (shape[skip + axis] == 1)
        shape[skip + axis] = size;
    }
  }
  return shape;
}

/// The element of `x` that stands at `position` of the row-major `shape`.
static double broadcastAt(const Reals &x, ArrayRef<int64_t> shape, int64_t position) {
  int64_t index = 0, stride = 1;
  for (size_t axis = shape.size(), own = x.shape.size(); own > 0;) {
    --axis, --own;
    if (x.shape[own] != 1)
      index += position % shape[axis] * stride;
    stride *= x.shape[own];
    position /= shape[axis];
  }
  return x.values[index];
}

FailureOr<Reals> reference::broadcast(SourceOp op, ArrayRef<Reals> in,
                                      llvm::function_ref<double(ArrayRef<double>)> fn) {
  FailureOr<SmallVector<int64_t>> shape = broadcastShape(op, in);
  if (failed(shape))
    return failure();
  Reals result{*shape, std::vector<double>(sizeOf(*shape))};
  SmallVector<double> elements(in.size());
  for (auto [position, value] : llvm::enumerate(result.values)) {
    for (auto [x, element] : llvm::zip_equal(in, elements))
      element = broadcastAt(x, *shape, int64_t(position));
    value = fn(elements);
  }
  return result;
}

/// A function of one or two elements, as a table of operators.
template <double (*fn)(double)>
static FailureOr<Reals> unary(SourceOp op, ArrayRef<Reals> in) {
  return broadcast(op, in.take_front(1), [](ArrayRef<double> x) { return fn(x[0]); });
}
template <typename Fn>
static FailureOr<Reals> binary(SourceOp op, ArrayRef<Reals> in) {
  return broadcast(op, in.take_front(2),
                   [](ArrayRef<double> x) { return double(Fn()(x[0], x[1])); });
}

static double same(double x) { return x; }
static double relu(double x) { return x < 0 ? 0 : x; }
static double negate(double x) { return -x; }
static double reciprocal(double x) { return 1 / x; }
static double logistic(double x) { return 1 / (1 + std::exp(-x)); }
static double invert(double x) { return x == 0; }
static double isNaN(double x) { return std::isnan(x); }

namespace {
struct Power {
  double operator()(double x, double y) const { return std::pow(x, y); }
};
struct Least {
  double operator()(double x, double y) const { return y < x ? y : x; }
};
struct Most {
  double operator()(double x, double y) const { return x < y ? y : x; }
};
} // namespace

static FailureOr<Reals> where(SourceOp op, ArrayRef<Reals> in) {
  return broadcast(op, in, [](ArrayRef<double> x) { return x[0] != 0 ? x[1] : x[2]; });
}

/// To integers by truncation, to booleans by "is not zero", to f32 by rounding the result.
static FailureOr<Reals> convert(SourceOp op, ArrayRef<Reals> in) {
  Type element = cast<RankedTensorType>(op.getResult(0).getType()).getElementType();
  return broadcast(op, in, [&](ArrayRef<double> x) {
    return element.isInteger(1) ? double(x[0] != 0) : element.isInteger() ? std::trunc(x[0]) : x[0];
  });
}

/// Over the last axis.
static FailureOr<Reals> softmax(SourceOp op, ArrayRef<Reals> in) {
  Reals x = in[0];
  int64_t rank = x.shape.size();
  if (normalizeAxis(attribute(op, "axis", -1), rank) != rank - 1)
    return op.emitOpError("is interpreted over the last axis only");
  for (int64_t row = 0; row < x.rows(); ++row)
    softmaxOf({x.row(row), size_t(x.last())});
  return x;
}

//===----------------------------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------------------------===//

/// Batched matrices of two axes or more; leading axes broadcast.
static FailureOr<Reals> matMul(SourceOp op, ArrayRef<Reals> in) {
  const Reals &a = in[0], &b = in[1];
  if (a.shape.size() < 2 || b.shape.size() < 2 || a.last() != b.shape[b.shape.size() - 2])
    return op.emitOpError("expects matrices that fit each other");
  int64_t rows = a.shape[a.shape.size() - 2], depth = a.last(), columns = b.last();
  // Broadcasts the numbers of the matrices.
  auto numbers = [](const Reals &x) {
    Reals n{SmallVector<int64_t>(ArrayRef(x.shape).drop_back(2)), {}};
    n.values.resize(sizeOf(n.shape));
    std::iota(n.values.begin(), n.values.end(), 0);
    return n;
  };
  std::vector<std::pair<int64_t, int64_t>> pairs;
  FailureOr<Reals> batches =
      broadcast(op, {numbers(a), numbers(b)}, [&](ArrayRef<double> matrices) {
        pairs.push_back({int64_t(matrices[0]), int64_t(matrices[1])});
        return 0.0;
      });
  if (failed(batches))
    return failure();
  Reals result{batches->shape, {}};
  result.shape.append({rows, columns});
  for (auto [left, right] : pairs)
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        double sum = 0;
        for (int64_t k = 0; k < depth; ++k)
          sum +=
              a.values[(left * rows + i) * depth + k] * b.values[(right * depth + k) * columns + j];
        result.values.push_back(sum);
      }
  return result;
}

void reference::addElementwiseSourceOps(llvm::StringMap<SourceFn> &functions) {
  functions["Identity"] = functions["Dropout"] = unary<same>;
  functions["Erf"] = unary<std::erf>;
  functions["Sqrt"] = unary<std::sqrt>;
  functions["Tanh"] = unary<std::tanh>;
  functions["Sigmoid"] = unary<logistic>;
  functions["Relu"] = unary<relu>;
  functions["Neg"] = unary<negate>;
  functions["Reciprocal"] = unary<reciprocal>;
  functions["Not"] = unary<invert>;
  functions["IsNaN"] = unary<isNaN>;
  functions["Add"] = binary<std::plus<double>>;
  functions["Sub"] = binary<std::minus<double>>;
  functions["Mul"] = binary<std::multiplies<double>>;
  functions["Div"] = binary<std::divides<double>>;
  functions["Pow"] = binary<Power>;
  functions["Min"] = binary<Least>;
  functions["Max"] = binary<Most>;
  functions["And"] = binary<std::logical_and<double>>;
  functions["Or"] = binary<std::logical_or<double>>;
  functions["Equal"] = binary<std::equal_to<double>>;
  functions["Greater"] = binary<std::greater<double>>;
  functions["GreaterOrEqual"] = binary<std::greater_equal<double>>;
  functions["Less"] = binary<std::less<double>>;
  functions["LessOrEqual"] = binary<std::less_equal<double>>;
  functions["Where"] = where;
  functions["Cast"] = convert;
  functions["Softmax"] = softmax;
  functions["MatMul"] = matMul;
}
