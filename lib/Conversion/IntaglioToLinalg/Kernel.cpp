//===- Kernel.cpp - loops around scalar formulas -------------------------------------------===//

#include "Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace intaglio;

using utils::IteratorType;

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

static OpFoldResult sizeOf(ImplicitLocOpBuilder &b, Value tensor, int64_t axis) {
  return tensor::getMixedSize(b, b.getLoc(), tensor, axis);
}

Value intaglio::destination(ImplicitLocOpBuilder &b, Operation *op, Value lead) {
  Value result = op->getResult(0);
  if (llvm::all_of(result.getUsers(), llvm::IsaPred<func::ReturnOp>))
    if (auto function = op->getParentOfType<func::FuncOp>())
      return function.getArguments().back();
  auto type = typeOf(result);
  SmallVector<OpFoldResult> sizes;
  for (auto [axis, size] : llvm::enumerate(type.getShape()))
    sizes.push_back(ShapedType::isDynamic(size) ? sizeOf(b, lead, axis)
                                                : OpFoldResult(b.getIndexAttr(size)));
  return tensor::EmptyOp::create(b, sizes, type.getElementType());
}

/// One generic op; `body` gets the terms of the operands and the result is brought to the
/// result's element type.
static Value generic(ImplicitLocOpBuilder &b, ValueRange inputs, Value into,
                     ArrayRef<AffineMap> maps, ArrayRef<IteratorType> iterators, TermFn body) {
  auto op = linalg::GenericOp::create(b, into.getType(), inputs, into, maps, iterators,
                                      [&](OpBuilder &nested, Location loc, ValueRange args) {
                                        ImplicitLocOpBuilder inner(loc, nested);
                                        SmallVector<Term> terms;
                                        for (Value arg : args)
                                          terms.emplace_back(inner, arg);
                                        Term result = body(terms);
                                        Type target = args.back().getType();
                                        if (auto integer = dyn_cast<IntegerType>(target);
                                            integer && target != result.type())
                                          result = result.toInteger(integer.getWidth());
                                        linalg::YieldOp::create(inner, result.get());
                                      });
  return op.getResult(0);
}

LogicalResult intaglio::mapElements(PatternRewriter &rewriter, Operation *op,
                                    ValueRange activations, ValueRange channels, TermFn body) {
  ImplicitLocOpBuilder b(op->getLoc(), rewriter);
  int64_t rank = typeOf(op->getResult(0)).getRank();
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  SmallVector<Value> inputs(activations);
  SmallVector<AffineMap> maps(activations.size(), identity);
  SmallVector<Value> scalars(channels.size());
  for (auto [i, channel] : llvm::enumerate(channels)) {
    if (typeOf(channel).getNumElements() == 1) {
      scalars[i] =
          tensor::ExtractOp::create(b, channel, ValueRange{arith::ConstantIndexOp::create(b, 0)});
      continue;
    }
    inputs.push_back(channel);
    maps.push_back(AffineMap::get(rank, 0, b.getAffineDimExpr(rank - 1)));
  }
  maps.push_back(identity);
  SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
  Value into = destination(b, op, activations.front());
  Value result = generic(b, inputs, into, maps, iterators, [&](ArrayRef<Term> terms) {
    SmallVector<Term> all(terms.take_front(activations.size()));
    size_t next = activations.size();
    for (Value scalar : scalars)
      all.push_back(scalar ? terms.front().wrap(scalar) : terms[next++]);
    return body(all);
  });
  rewriter.replaceOp(op, result);
  return success();
}

Value intaglio::mapRow(ImplicitLocOpBuilder &b, ValueRange rows, Value into, TermFn body) {
  SmallVector<AffineMap> maps(rows.size() + 1, b.getMultiDimIdentityMap(1));
  return generic(b, rows, into, maps, {IteratorType::parallel}, body);
}

Term intaglio::reduceRow(ImplicitLocOpBuilder &b, ValueRange rows, Term init, TermFn body) {
  SmallVector<AffineMap> maps(rows.size(), b.getMultiDimIdentityMap(1));
  maps.push_back(AffineMap::get(1, 0, b.getContext()));
  Value empty = tensor::EmptyOp::create(b, ArrayRef<int64_t>{}, init.type());
  Value start = linalg::FillOp::create(b, init.get(), empty).getResult(0);
  Value sum = generic(b, rows, start, maps, {IteratorType::reduction}, [&](ArrayRef<Term> terms) {
    SmallVector<Term> all{terms.back()};
    llvm::append_range(all, terms.drop_back());
    return body(all);
  });
  return Term(b, tensor::ExtractOp::create(b, sum, ValueRange{}));
}

Value intaglio::reduceColumns(ImplicitLocOpBuilder &b, Value matrix, ValueRange weights, Value init,
                              TermFn body) {
  SmallVector<Value> inputs{matrix};
  llvm::append_range(inputs, weights);
  SmallVector<AffineMap> maps{b.getMultiDimIdentityMap(2)};
  maps.append(weights.size(), AffineMap::get(2, 0, b.getAffineDimExpr(0)));
  maps.push_back(AffineMap::get(2, 0, b.getAffineDimExpr(1)));
  return generic(b, inputs, init, maps, {IteratorType::reduction, IteratorType::parallel},
                 [&](ArrayRef<Term> terms) {
                   SmallVector<Term> all{terms.back()};
                   llvm::append_range(all, terms.drop_back());
                   return body(all);
                 });
}

Value intaglio::slice(ImplicitLocOpBuilder &b, Value tensor, Value index) {
  auto type = typeOf(tensor);
  SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0)), sizes;
  SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
  offsets[0] = index;
  sizes.push_back(b.getIndexAttr(1));
  for (int64_t axis = 1; axis < type.getRank(); ++axis)
    sizes.push_back(sizeOf(b, tensor, axis));
  auto part = RankedTensorType::get(type.getShape().drop_front(), type.getElementType());
  return tensor::ExtractSliceOp::create(b, part, tensor, offsets, sizes, strides);
}

Value intaglio::slice(ImplicitLocOpBuilder &b, Value tensor, Value index, Value offset,
                      int64_t width) {
  auto type = typeOf(tensor);
  SmallVector<OpFoldResult> offsets{index, b.getIndexAttr(0), offset};
  SmallVector<OpFoldResult> sizes{b.getIndexAttr(1), sizeOf(b, tensor, 1), b.getIndexAttr(width)};
  SmallVector<OpFoldResult> strides(3, b.getIndexAttr(1));
  auto part = RankedTensorType::get({type.getDimSize(1), width}, type.getElementType());
  return tensor::ExtractSliceOp::create(b, part, tensor, offsets, sizes, strides);
}

Value intaglio::insert(ImplicitLocOpBuilder &b, Value part, Value tensor, Value index) {
  auto type = typeOf(tensor);
  SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0)), sizes;
  SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
  offsets[0] = index;
  sizes.push_back(b.getIndexAttr(1));
  for (int64_t axis = 1; axis < type.getRank(); ++axis)
    sizes.push_back(sizeOf(b, tensor, axis));
  return tensor::InsertSliceOp::create(b, part, tensor, offsets, sizes, strides);
}

LogicalResult intaglio::mapRows(PatternRewriter &rewriter, Operation *op, ValueRange activations,
                                RowFn body) {
  if (typeOf(op->getResult(0)).getRank() != 2)
    return rewriter.notifyMatchFailure(op, "the result is not a matrix of rows");
  ImplicitLocOpBuilder b(op->getLoc(), rewriter);
  Value into = destination(b, op, activations.front());
  Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1);
  Value count = tensor::DimOp::create(b, activations.front(), 0);
  auto loop = scf::ForOp::create(
      b, zero, count, one, into, [&](OpBuilder &nested, Location loc, Value i, ValueRange carried) {
        ImplicitLocOpBuilder inner(loc, nested);
        SmallVector<Value> rows;
        for (Value x : activations)
          rows.push_back(typeOf(x).getRank() == 1
                             ? tensor::ExtractOp::create(inner, x, i).getResult()
                             : slice(inner, x, i));
        Value row = body(inner, rows, slice(inner, carried.front(), i));
        scf::YieldOp::create(inner, insert(inner, row, carried.front(), i));
      });
  rewriter.replaceOp(op, loop.getResults());
  return success();
}

Value intaglio::filled(ImplicitLocOpBuilder &b, Value like, int64_t axis, Term value) {
  Value empty =
      tensor::EmptyOp::create(b, ArrayRef<OpFoldResult>{sizeOf(b, like, axis)}, value.type());
  return linalg::FillOp::create(b, value.get(), empty).getResult(0);
}

Term intaglio::element(ImplicitLocOpBuilder &b, Value tensor, Value index) {
  return Term(b, tensor::ExtractOp::create(b, tensor, index));
}

Term intaglio::integerTerm(ImplicitLocOpBuilder &b, int64_t value, unsigned bits) {
  return Term(b, arith::ConstantOp::create(b, b.getIntegerAttr(b.getIntegerType(bits), value)));
}

Term intaglio::floatTerm(ImplicitLocOpBuilder &b, double value) {
  return Term(b, arith::ConstantOp::create(b, b.getF32FloatAttr(value)));
}
