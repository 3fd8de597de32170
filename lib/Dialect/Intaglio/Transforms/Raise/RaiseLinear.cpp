//===- RaiseLinear.cpp - products with constant matrices ------------------------------------===//
//
//   y = MatMul(x, w [in, out])     ->   y = linear(x, w' [out, in])
//   y = Add(b, linear(x, w))       ->   y = linear(x, w, b)
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

#include "mlir/IR/DialectResourceBlobManager.h"

namespace intaglio {
#define GEN_PASS_DEF_RAISELINEARPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

/// The weights of a function.
struct Weights {
  explicit Weights(func::FuncOp function) {
    function.walk([&](arith::ConstantOp op) {
      if (auto resource = dyn_cast<DenseResourceElementsAttr>(op.getValue()))
        ++users[resource.getRawHandle().getResource()];
    });
  }

  /// Gives the data of a constant back where its one user has made other data of it.
  void giveBack(Value constant) {
    auto op = constant.getDefiningOp<arith::ConstantOp>();
    auto resource = op ? dyn_cast<DenseResourceElementsAttr>(op.getValue()) : nullptr;
    if (resource && constant.hasOneUse() && users[resource.getRawHandle().getResource()] == 1)
      resource.getRawHandle().getResource()->setBlob(AsmResourceBlob());
  }

  DenseMap<Value, Value> transposed;      ///< by their constants
  DenseMap<const void *, unsigned> users; ///< constants of each resource
};

/// `to[c][r] = scale * from[r][c]`, in blocks that stay in cache.
void transpose(const float *from, float *to, int64_t rows, int64_t columns, float scale) {
  constexpr int64_t block = 32;
  for (int64_t r0 = 0; r0 < rows; r0 += block)
    for (int64_t c0 = 0; c0 < columns; c0 += block)
      for (int64_t c = c0; c < std::min(c0 + block, columns); ++c)
        for (int64_t r = r0; r < std::min(r0 + block, rows); ++r)
          to[c * rows + r] = scale * from[r * columns + c];
}

struct LinearPattern : SourcePattern {
  LinearPattern(MLIRContext *context, SymbolicTensors &tensors, Weights &weights)
      : SourcePattern(context, tensors), weights(weights) {}

  /// The constant matrix behind `value` [in, out], and whether it is kept as [out, in].
  std::optional<std::pair<Value, bool>> findMatrix(Value value) const {
    std::optional<Exprs> shape = tensors.getShape(value);
    std::optional<SymbolicExpr> body = tensors.getBody(value);
    Value constant = body ? getLoaded(*body) : Value();
    if (!shape || shape->size() != 2 || !constant || !readFloats(constant) ||
        cast<ShapedType>(constant.getType()).getRank() != 2)
      return std::nullopt;
    Exprs straight = identity(*shape), turned = {straight[1], straight[0]};
    ArrayRef<SymbolicExpr> indices = body->getAtom()->args;
    if (indices == ArrayRef(straight) && tensors.getShape(constant) == shape)
      return std::make_pair(constant, false);
    if (indices == ArrayRef(turned))
      return std::make_pair(constant, true);
    return std::nullopt;
  }

  /// The weight as [out, in].
  Value getWeight(PatternRewriter &rewriter, Value constant, bool transposed, float scale) const {
    if (transposed && scale == 1)
      return constant;
    if (Value known = scale == 1 ? weights.transposed.lookup(constant) : Value())
      return known;
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointAfterValue(constant);
    auto type = cast<RankedTensorType>(constant.getType());
    int64_t rows = type.getDimSize(0), columns = type.getDimSize(1);
    if (transposed) {
      rows = rows * columns;
      columns = 1;
    }
    SmallVector<int64_t> shape = {columns, rows};
    if (transposed)
      shape.assign(type.getShape().begin(), type.getShape().end());
    TypedAttr attribute = transposeData(constant, rows, columns, scale,
                                        RankedTensorType::get(shape, type.getElementType()));
    Value weight = arith::ConstantOp::create(rewriter, constant.getLoc(), attribute);
    weights.giveBack(constant);
    if (scale == 1)
      weights.transposed[constant] = weight;
    return weight;
  }

private:
  TypedAttr transposeData(Value constant, int64_t rows, int64_t columns, float scale,
                          RankedTensorType type) const {
    ArrayRef<float> from = *readFloats(constant);
    if (static_cast<int64_t>(from.size()) != rows * columns)
      return DenseElementsAttr::get(type, from.front() * scale);
    AsmResourceBlob blob = HeapAsmResourceBlob::allocate(from.size() * sizeof(float), 64);
    auto *to = reinterpret_cast<float *>(blob.getMutableData().data());
    transpose(from.data(), to, rows, columns, scale);
    if (from.size() <= 1024)
      return makeConstant(type, ArrayRef(to, from.size()), "");
    auto name = dyn_cast<NameLoc>(constant.getLoc());
    return DenseResourceElementsAttr::get(type, name ? name.getName().getValue() : "weight",
                                          std::move(blob));
  }

  Weights &weights;
};

struct MatMulToLinear : LinearPattern {
  using LinearPattern::LinearPattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getOpType() != "MatMul" || op.getInputs().size() != 2 || op.getNumResults() != 1)
      return failure();
    auto matrix = findMatrix(op.getInputs()[1]);
    if (!matrix)
      return failure();
    Value x = op.getInputs()[0];
    RankedTensorType type = getFloatType(x);
    std::optional<Exprs> shape = tensors.getShape(op.getInputs()[1]);
    if (!type || type.getRank() < 1 || (*tensors.getShape(x)).back() != (*shape)[0])
      return miss(rewriter, op, "linear", "x is not [..., in] for a weight [in, out]");
    Value weight = getWeight(rewriter, matrix->first, matrix->second, 1);
    rewriter.replaceOpWithNewOp<LinearOp>(op, x, weight, Value());
    return success();
  }
};

struct GemmToLinear : LinearPattern {
  using LinearPattern::LinearPattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getOpType() != "Gemm" || op.getInputs().size() < 2 || op.getNumResults() != 1)
      return failure();
    SourceAccess access(op);
    if (access.integer("transA", 0))
      return miss(rewriter, op, "linear", "x is transposed (transA)");
    auto matrix = findMatrix(op.getInputs()[1]);
    if (!matrix)
      return miss(rewriter, op, "linear", "the second operand is no constant matrix");
    bool transposed = matrix->second != (access.integer("transB", 0) != 0);
    Value x = op.getInputs()[0], bias;
    auto type = cast<RankedTensorType>(matrix->first.getType());
    if (!getFloatType(x) || getFloatType(x).getRank() != 2 ||
        getFloatType(x).getDimSize(1) != type.getDimSize(transposed ? 1 : 0))
      return miss(rewriter, op, "linear", "x is not [rows, in]");
    double beta = access.number("beta", 1);
    if (access.input(2) && beta != 0) {
      bias = getChannels(rewriter, access.input(2), op.getResult(0));
      if (!bias)
        return miss(rewriter, op, "linear", "the bias is no constant vector");
      bias = scale(rewriter, bias, static_cast<float>(beta));
    }
    auto alpha = static_cast<float>(access.number("alpha", 1));
    Value weight = getWeight(rewriter, matrix->first, transposed, alpha);
    rewriter.replaceOp(op,
                       LinearOp::create(rewriter, nameAfter(op.getLoc(), bias), x, weight, bias));
    return success();
  }

private:
  static Value scale(PatternRewriter &rewriter, Value vector, float factor) {
    std::optional<SmallVector<float>> values = readVector(vector);
    if (factor == 1 || !values)
      return vector;
    for (float &value : *values)
      value *= factor;
    auto type = cast<RankedTensorType>(vector.getType());
    return arith::ConstantOp::create(rewriter, vector.getLoc(),
                                     makeConstant(type, *values, "bias"));
  }
};

/// A vector added to a product that has no bias yet.
struct AddToBias : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    if (op.getOpType() != "Add" || op.getInputs().size() != 2 || op.getNumResults() != 1)
      return failure();
    for (unsigned index : {0u, 1u}) {
      auto linear = op.getInputs()[index].getDefiningOp<LinearOp>();
      if (!linear || linear.getBias() || !haveSameShape(linear, op.getResult(0)))
        continue;
      Value bias = getChannels(rewriter, op.getInputs()[1 - index], op.getResult(0));
      if (!bias)
        continue;
      Location at = nameAfter(linear.getLoc(), bias);
      rewriter.replaceOp(op,
                         LinearOp::create(rewriter, at, linear.getX(), linear.getWeight(), bias));
      return success();
    }
    return failure();
  }
};

struct RaiseLinearPass : intaglio::impl::RaiseLinearPassBase<RaiseLinearPass> {
  void runOnOperation() override {
    Weights weights(getOperation());
    applyPatterns(getOperation(), [&](RewritePatternSet &patterns, SymbolicTensors &tensors) {
      patterns.add<MatMulToLinear, GemmToLinear>(patterns.getContext(), tensors, weights);
      patterns.add<AddToBias>(patterns.getContext(), tensors);
    });
    transposed += weights.transposed.size();
  }
};

} // namespace
