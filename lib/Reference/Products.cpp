//===- Products.cpp - linear and matmul: real numbers, or exact integers ---------------------===//

#include "Evaluators.h"

#include <array>
#include <numeric>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;
using quant::UniformQuantizedPerAxisType;
using quant::UniformQuantizedType;

/// `sum a[k] * b[k]` in double precision: 8 partial sums, which the compiler keeps in vectors.
static double dotReals(const float *a, const float *b, int64_t size) {
  constexpr int64_t lanes = 8;
  std::array<double, lanes> partial{};
  int64_t k = 0;
  for (; k + lanes <= size; k += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane)
      partial[lane] += double(a[k + lane]) * double(b[k + lane]);
  for (; k < size; ++k)
    partial[0] += double(a[k]) * double(b[k]);
  return std::accumulate(partial.begin(), partial.end(), 0.0);
}

int64_t reference::dotBytes(const int8_t *a, const int8_t *b, int64_t size) {
  int64_t sum = 0;
  // Products of bytes are 2^14 at most: 2^16 of them fit i32.
  for (int64_t first = 0; first < size; first += 1 << 16) {
    int32_t part = 0;
    for (int64_t k = first, end = std::min<int64_t>(size, first + (1 << 16)); k < end; ++k)
      part += int32_t(a[k]) * int32_t(b[k]);
    sum += part;
  }
  return sum;
}

/// The zero point of a tensor of one; plain integers have none.
static int64_t zeroPointOf(Type element) {
  auto uniform = dyn_cast<UniformQuantizedType>(element);
  return uniform ? uniform.getZeroPoint() : 0;
}

/// What `exact` multiplies: bytes and their zero points.
static LogicalResult verifyBytes(Operation *op, const Tensor &lhs, const Tensor &rhs) {
  auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(rhs.getElementType());
  bool symmetric =
      !perAxis || llvm::all_of(perAxis.getZeroPoints(), [](int64_t zero) { return zero == 0; });
  if (lhs.getStorage() == DType::I8 && rhs.getStorage() == DType::I8 && symmetric)
    return success();
  return op->emitOpError("has an exact meaning for signed bytes, channels of zero point 0, found ")
         << lhs.getType() << " and " << rhs.getType();
}

/// Zero points off: `sum (a - za)(b - zb) = sum ab - za sum b - zb sum a + size za zb`.
static int64_t centredDot(const int8_t *a, const int8_t *b, int64_t size, int64_t za, int64_t zb) {
  int64_t sum = dotBytes(a, b, size);
  if (za != 0)
    sum -= za * std::accumulate(b, b + size, int64_t(0));
  if (zb != 0)
    sum -= zb * std::accumulate(a, a + size, int64_t(0));
  return sum + size * za * zb;
}

namespace {
/// `result[m, i, j] = sum_k lhs[m, i, k] * rhs[m, j, k] + bias[j]`; there may be no bias.
struct Product {
  Tensor lhs, rhs, bias;
  int64_t matrices, rows, columns, depth;

  int64_t size() const { return matrices * rows * columns; }
  /// Where the rows of element `i` of the result begin.
  int64_t lhsRow(int64_t i) const { return i / columns * depth; }
  int64_t rhsRow(int64_t i) const { return (i / (rows * columns) * columns + i % columns) * depth; }
};
} // namespace

static FailureOr<Tensor> exact(Operation *op, const Product &p, ArrayRef<int64_t> shape) {
  FailureOr<Tensor> result = makeResult(op, shape);
  if (failed(result) || failed(verifyBytes(op, p.lhs, p.rhs)))
    return failure();
  int64_t za = zeroPointOf(p.lhs.getElementType()), zb = zeroPointOf(p.rhs.getElementType());
  const int8_t *a = p.lhs.get<int8_t>().data(), *b = p.rhs.get<int8_t>().data();
  for (int64_t i = 0; i < p.size(); ++i) {
    int64_t sum = centredDot(a + p.lhsRow(i), b + p.rhsRow(i), p.depth, za, zb);
    if (p.bias)
      sum += p.bias.getInteger(i % p.columns);
    if (sum != int32_t(sum))
      return op->emitOpError("has a sum that does not fit i32: ") << sum << " (C-LINEAR-3)";
    result->getMutable<int32_t>()[i] = int32_t(sum);
  }
  return result;
}

static FailureOr<Tensor> real(Operation *op, const Product &p, ArrayRef<int64_t> shape) {
  Reals result{llvm::to_vector(shape), std::vector<double>(p.size())};
  const float *a = p.lhs.get<float>().data(), *b = p.rhs.get<float>().data();
  for (int64_t i = 0; i < p.size(); ++i)
    result.values[i] = dotReals(a + p.lhsRow(i), b + p.rhsRow(i), p.depth) +
                       (p.bias ? double(p.bias.get<float>()[i % p.columns]) : 0);
  return roundResult(op, result);
}

static FailureOr<Tensor> evaluate(Operation *op, const Product &product, ArrayRef<int64_t> shape) {
  if (product.lhs.getStorage() == DType::F32)
    return real(op, product, shape);
  return exact(op, product, shape);
}

static FailureOr<Tensor> linear(LinearOp op, In<LinearOp> in) {
  Tensor x = in.getX(), weight = in.getWeight(), bias = in.getBias();
  int64_t depth = weight.getDim(1), channels = weight.getDim(0);
  if (x.getShape().back() != depth || (bias && bias.getDim(0) != channels))
    return op.emitOpError("expects a weight and a bias that fit ")
           << x.getType() << ", found " << weight.getType();
  SmallVector<int64_t> shape(x.getShape());
  shape.back() = channels;
  int64_t rows = depth ? x.getNumElements() / depth : 0;
  return evaluate(op, {x, weight, bias, 1, rows, channels, depth}, shape);
}

/// The last two axes exchanged.
template <typename T>
static std::optional<Tensor> transposed(const Tensor &x) {
  int64_t rank = x.getShape().size(), rows = x.getDim(rank - 2), columns = x.getDim(rank - 1);
  SmallVector<int64_t> shape(x.getShape());
  std::swap(shape[rank - 2], shape[rank - 1]);
  std::optional<Tensor> result = Tensor::zeros(x.getType().clone(shape));
  for (int64_t i = 0, e = result ? x.getNumElements() : 0; i < e; ++i) {
    int64_t matrix = i / (rows * columns), row = i / columns % rows, column = i % columns;
    result->getMutable<T>()[(matrix * columns + column) * rows + row] = x.get<T>()[i];
  }
  return result;
}

static FailureOr<Tensor> matmul(MatmulOp op, In<MatmulOp> in) {
  Tensor lhs = in.getLhs(), rhs = in.getRhs();
  if (!op.getTransposeRhs()) {
    auto other = rhs.getStorage() == DType::F32 ? transposed<float>(rhs) : transposed<int8_t>(rhs);
    if (!other)
      return op.emitOpError("has no memory to transpose ") << rhs.getType();
    rhs = *other;
  }
  SmallVector<int64_t> shape(lhs.getShape());
  int64_t rank = shape.size(), rows = shape[rank - 2], depth = shape[rank - 1];
  int64_t columns = rhs.getDim(rank - 2);
  if (lhs.getShape().drop_back(2) != rhs.getShape().drop_back(2) || rhs.getDim(rank - 1) != depth)
    return op.emitOpError("expects operands that fit each other, found ")
           << lhs.getType() << " and " << in.getRhs().getType();
  shape.back() = columns;
  int64_t matrices = 1;
  for (int64_t size : lhs.getShape().drop_back(2))
    matrices *= size;
  return evaluate(op, {lhs, rhs, Tensor(), matrices, rows, columns, depth}, shape);
}

void reference::addProducts(Interpreter &interpreter) {
  add(interpreter, linear);
  add(interpreter, matmul);
}
