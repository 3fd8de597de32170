//===- PackWeights.cpp - constant weights in the order in which kernels read them -----------===//
//
//   func.func private @k(%x: tensor<?x384xi8>, %w: tensor<1536x384xi8>, %b: tensor<1536xi32>, ...)
//     %acc = linalg.generic (m,n,k) ins(%x, %w) outs(broadcast %b)
//   call @k(%v, constant, constant, ...)
// becomes
//   func.func private @k(%x: tensor<?x384xi8>, %w: tensor<24x96x64x4xi8>, %b: tensor<1536xi32>,
//   ...)
//     %acc = linalg.generic (m,n0,n1,k0,k1) ins(expand %x, %w) outs(broadcast expand %b)
//   call @k(%v, packed constant, constant - 128 * column sums, ...)
// and the reshapes move outwards through the elementwise ops, so that the epilogue is in packed
// coordinates too. Activations stay row-major: their expansion is a view.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_PACKWEIGHTSPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio::cpu;

namespace {

using utils::IteratorType;

/// `acc[m, n] += ext(x[m, k]) * ext(w[n, k])` whose weights are an argument of the kernel.
struct Contraction {
  linalg::GenericOp op;
  BlockArgument weights;
  Value start;        ///< [n], or the scalar that all accumulators start with
  bool startIsScalar; ///< `start` is the operand of a linalg.fill
  int64_t n, k;
};

/// The elements of a constant tensor, one after the other; fails for what is not constant.
FailureOr<ArrayRef<char>> constantBytes(Value value, std::vector<char> &storage) {
  ElementsAttr attribute;
  if (!matchPattern(value, m_Constant(&attribute)))
    return failure();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return failure();
    return blob->getData();
  }
  auto dense = dyn_cast<DenseElementsAttr>(attribute);
  if (!dense)
    return failure();
  if (!dense.isSplat())
    return dense.getRawData();
  for (int64_t i = 0; i < dense.getNumElements(); ++i)
    llvm::append_range(storage, dense.getRawData());
  return ArrayRef<char>(storage);
}

/// A constant of `bytes` bytes that `fill` writes. Large ones are resources: raw memory that the
/// context does not hash.
TypedAttr createConstant(RankedTensorType type, int64_t bytes,
                         function_ref<void(MutableArrayRef<char>)> fill) {
  if (bytes <= 1024) {
    std::vector<char> data(bytes);
    fill(data);
    return cast<TypedAttr>(DenseElementsAttr::getFromRawBuffer(type, data));
  }
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(bytes, 64, /*dataIsMutable=*/true);
  fill(blob.getMutableData());
  return DenseResourceElementsAttr::get(type, "packed", std::move(blob));
}

/// Finds what all accumulators of a column start with.
LogicalResult matchStart(Contraction &c) {
  Operation *init = c.op.getDpsInits()[0].getDefiningOp();
  if (auto fill = dyn_cast_or_null<linalg::FillOp>(init)) {
    c.start = fill.getInputs()[0], c.startIsScalar = true;
    return success();
  }
  if (auto named = dyn_cast_or_null<linalg::BroadcastOp>(init)) {
    c.start = named.getInput(), c.startIsScalar = false;
    return success(named.getDimensions() == ArrayRef<int64_t>{0});
  }
  auto broadcast = dyn_cast_or_null<linalg::GenericOp>(init);
  AffineMap byColumn = AffineMap::get(2, 0, getAffineDimExpr(1, c.op.getContext()));
  if (!broadcast || broadcast.getNumDpsInputs() != 1 ||
      broadcast.getIndexingMapsArray()[0] != byColumn ||
      broadcast.getBody()->getTerminator()->getOperand(0) != broadcast.getBody()->getArgument(0))
    return failure();
  c.start = broadcast.getDpsInputs()[0], c.startIsScalar = false;
  return success();
}

FailureOr<Contraction> matchContraction(linalg::GenericOp op) {
  if (op.getNumLoops() != 3 || !linalg::isaContractionOpInterface(op))
    return failure();
  AffineExpr m, n, k;
  bindDims(op.getContext(), m, n, k);
  if (op.getIndexingMapsArray() !=
      AffineMap::inferFromExprList({ArrayRef{m, k}, ArrayRef{n, k}, ArrayRef{m, n}},
                                   op.getContext()))
    return failure();
  Contraction c{op, dyn_cast<BlockArgument>(op.getDpsInputs()[1]), {}, false, 0, 0};
  if (!c.weights || !c.weights.hasOneUse())
    return failure();
  auto type = cast<RankedTensorType>(c.weights.getType());
  Type x = getElementTypeOrSelf(op.getDpsInputs()[0].getType());
  if (!type.hasStaticShape() || type.getElementType() != x || failed(matchStart(c)))
    return failure();
  // Bytes are signed on both sides.
  if (x.isInteger(8) && !llvm::all_of(op.getRegionInputArgs(), [](BlockArgument argument) {
        return argument.hasOneUse() && isa<arith::ExtSIOp>(*argument.user_begin());
      }))
    return failure();
  c.n = type.getDimSize(0), c.k = type.getDimSize(1);
  return c;
}

/// `[n][k]` to `[n / NR][k / KI][NR][KI]`, elements of `width` bytes.
void packBytes(ArrayRef<char> from, MutableArrayRef<char> to, const Contraction &c,
               const Tile &tile, int64_t width) {
  int64_t at = 0, columns = tile.columns(), chunk = tile.innerK * width;
  for (int64_t n0 = 0; n0 < c.n; n0 += columns)
    for (int64_t k0 = 0; k0 < c.k; k0 += tile.innerK)
      for (int64_t n1 = 0; n1 < columns; ++n1, at += chunk)
        std::memcpy(to.data() + at, from.data() + ((n0 + n1) * c.k + k0) * width, chunk);
}

/// `bias[n] - 128 * sum_k w[n, k]`, which makes up for activations read as `x + 128`.
void correctBias(ArrayRef<char> bias, MutableArrayRef<char> result, ArrayRef<char> weights,
                 const Contraction &c) {
  for (int64_t n = 0; n < c.n; ++n) {
    int32_t value, sum = 0;
    for (char weight : weights.slice(n * c.k, c.k))
      sum += static_cast<int8_t>(weight);
    std::memcpy(&value, bias.data() + 4 * n, 4);
    // Wraps as the accumulators do; the whole sum fits i32.
    value = static_cast<int32_t>(static_cast<uint32_t>(value) - 128u * static_cast<uint32_t>(sum));
    std::memcpy(result.data() + 4 * n, &value, 4);
  }
}

RankedTensorType packedType(const Contraction &c, const Tile &tile) {
  Type element = getElementTypeOrSelf(c.weights.getType());
  return RankedTensorType::get(
      {c.n / tile.columns(), c.k / tile.innerK, tile.columns(), tile.innerK}, element);
}

Value expandLast(OpBuilder &builder, Value value, int64_t inner) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  SmallVector<ReassociationIndices> groups;
  for (int64_t i = 0; i < type.getRank(); ++i)
    groups.push_back({i});
  groups.back().push_back(type.getRank());
  shape.back() /= inner;
  shape.push_back(inner);
  return tensor::ExpandShapeOp::create(builder, value.getLoc(), type.clone(shape), value, groups);
}

/// What the accumulators start with, `[m, n / NR, NR]`.
Value createStart(OpBuilder &builder, Contraction &c, const Tile &tile) {
  Location loc = c.op.getLoc();
  Type element = getElementTypeOrSelf(c.op.getResult(0).getType());
  SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(builder, loc, c.op.getDpsInputs()[0], 0),
                                     builder.getIndexAttr(c.n / tile.columns()),
                                     builder.getIndexAttr(tile.columns())};
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  AffineMap id = builder.getMultiDimIdentityMap(3);
  SmallVector<IteratorType> parallel(3, IteratorType::parallel);
  Value start = c.startIsScalar ? c.start : expandLast(builder, c.start, tile.columns());
  AffineMap from =
      c.startIsScalar ? AffineMap::get(3, 0, builder.getContext()) : id.getMinorSubMap(2);
  return linalg::GenericOp::create(builder, loc, empty.getType(), start, empty, ArrayRef{from, id},
                                   parallel,
                                   [](OpBuilder &b, Location loc, ValueRange v) {
                                     linalg::YieldOp::create(b, loc, v[0]);
                                   })
      .getResult(0);
}

/// One product of the packed contraction; `flip` reads the activation as u8 after XOR 0x80.
Value multiplyAdd(OpBuilder &b, Location loc, ValueRange v, bool flip) {
  if (v[2].getType().isF32())
    return arith::AddFOp::create(b, loc, v[2], arith::MulFOp::create(b, loc, v[0], v[1]));
  Type i32 = b.getI32Type();
  Value x;
  if (flip)
    x = arith::ExtUIOp::create(
        b, loc, i32,
        arith::XOrIOp::create(b, loc, v[0], arith::ConstantIntOp::create(b, loc, -128, 8)));
  else
    x = arith::ExtSIOp::create(b, loc, i32, v[0]);
  Value product = arith::MulIOp::create(b, loc, x, arith::ExtSIOp::create(b, loc, i32, v[1]));
  return arith::AddIOp::create(b, loc, v[2], product);
}

/// Replaces the contraction by the packed one; the weights' argument has its new type already.
void rewriteContraction(RewriterBase &rewriter, Contraction &c, const Tile &tile, bool flip) {
  rewriter.setInsertionPoint(c.op);
  AffineExpr m, n0, n1, k0, k1;
  bindDims(rewriter.getContext(), m, n0, n1, k0, k1);
  SmallVector<AffineMap> maps = AffineMap::inferFromExprList(
      {ArrayRef{m, k0, k1}, ArrayRef{n0, k0, n1, k1}, ArrayRef{m, n0, n1}}, rewriter.getContext());
  auto p = IteratorType::parallel, r = IteratorType::reduction;
  Value init = createStart(rewriter, c, tile);
  Value x = expandLast(rewriter, c.op.getDpsInputs()[0], tile.innerK);
  auto packed = linalg::GenericOp::create(
      rewriter, c.op.getLoc(), init.getType(), ValueRange{x, c.weights}, init, maps,
      ArrayRef{p, p, p, r, r}, [&](OpBuilder &b, Location loc, ValueRange v) {
        linalg::YieldOp::create(b, loc, multiplyAdd(b, loc, v, flip));
      });
  rewriter.replaceOpWithNewOp<tensor::CollapseShapeOp>(
      c.op, c.op.getResult(0).getType(), packed.getResult(0),
      SmallVector<ReassociationIndices>{{0}, {1, 2}});
}

/// An operand of one element that a map reads at a constant index becomes a scalar: maps are then
/// projected permutations, which reshapes can pass.
struct ExtractSingleElement : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    for (OpOperand *operand : op.getDpsInputOperands()) {
      AffineMap map = op.getMatchingIndexingMap(operand);
      auto type = dyn_cast<RankedTensorType>(operand->get().getType());
      if (!type || type.getRank() == 0 || !type.hasStaticShape() || type.getNumElements() != 1 ||
          !map.isConstant())
        continue;
      Value zero = arith::ConstantIndexOp::create(rewriter, op.getLoc(), 0);
      Value scalar = tensor::ExtractOp::create(rewriter, op.getLoc(), operand->get(),
                                               SmallVector<Value>(type.getRank(), zero));
      SmallVector<AffineMap> maps = op.getIndexingMapsArray();
      maps[operand->getOperandNumber()] =
          AffineMap::get(map.getNumDims(), 0, rewriter.getContext());
      rewriter.modifyOpInPlace(op, [&] {
        operand->set(scalar);
        op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
      });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no operand of one element");
  }
};

struct PackWeightsPass : intaglio::cpu::impl::PackWeightsPassBase<PackWeightsPass> {
  using PackWeightsPassBase::PackWeightsPassBase;

  /// Moves the reshapes of packing out of the kernel's body.
  LogicalResult propagate(func::FuncOp kernel) {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExtractSingleElement>(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(patterns, [](OpOperand *use) {
      return cast<linalg::GenericOp>(use->getOwner()).getNumReductionLoops() == 0;
    });
    linalg::populateFoldReshapeOpsByExpansionPatterns(
        patterns, [](OpOperand *use) { return !isa<tensor::ExpandShapeOp>(use->getOwner()); });
    tensor::populateReassociativeReshapeFoldingPatterns(patterns);
    tensor::populateFoldTensorEmptyPatterns(patterns);
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    return applyPatternsGreedily(kernel, std::move(patterns));
  }

  /// The constant that `make` creates for `key`, once in a module.
  TypedAttr once(std::pair<Attribute, Attribute> key, Type type, function_ref<TypedAttr()> make) {
    TypedAttr &known = constants[{key.first, key.second, type}];
    return known ? known : known = make();
  }

  /// Permutes the constants of one call; false where one is not constant.
  bool packOperands(func::CallOp call, const Contraction &c, const Tile &tile, bool flip) {
    OpBuilder builder(call);
    std::vector<char> weightStorage, biasStorage;
    Attribute weights, bias;
    unsigned number = c.weights.getArgNumber();
    auto bytes = constantBytes(call.getOperand(number), weightStorage);
    if (failed(bytes) || !matchPattern(call.getOperand(number), m_Constant(&weights)))
      return false;
    auto replace = [&](unsigned operand, TypedAttr value) {
      Location loc = call.getOperand(operand).getLoc();
      call.setOperand(operand, arith::ConstantOp::create(builder, loc, value));
    };
    if (flip) {
      unsigned start = cast<BlockArgument>(c.start).getArgNumber();
      auto old = constantBytes(call.getOperand(start), biasStorage);
      if (failed(old) || !matchPattern(call.getOperand(start), m_Constant(&bias)))
        return false;
      auto type = cast<RankedTensorType>(call.getOperand(start).getType());
      replace(start, once({bias, weights}, type, [&] {
                return createConstant(type, old->size(), [&](MutableArrayRef<char> to) {
                  correctBias(*old, to, *bytes, c);
                });
              }));
    }
    RankedTensorType type = packedType(c, tile);
    replace(number, once({weights, {}}, type, [&] {
              return createConstant(type, bytes->size(), [&](MutableArrayRef<char> to) {
                packBytes(*bytes, to, c, tile, type.getElementTypeBitWidth() / 8);
              });
            }));
    return true;
  }

  /// Gives a kernel without bias an argument of zeros, so that its accumulators can start with
  /// another constant for each column.
  void addStart(func::FuncOp kernel, SmallVectorImpl<func::CallOp> &calls, Contraction &c) {
    auto type = RankedTensorType::get({c.n}, getElementTypeOrSelf(c.op.getResult(0).getType()));
    unsigned number = c.weights.getArgNumber() + 1;
    (void)kernel.insertArgument(number, type, {}, c.op.getLoc());
    for (func::CallOp &call : calls) {
      OpBuilder builder(call);
      SmallVector<Value> operands(call.getOperands());
      Value zeros =
          arith::ConstantOp::create(builder, call.getLoc(), type, builder.getZeroAttr(type));
      operands.insert(operands.begin() + number, zeros);
      auto longer = func::CallOp::create(builder, call.getLoc(), kernel, operands);
      longer->setDiscardableAttrs(call->getDiscardableAttrDictionary());
      call.replaceAllUsesWith(longer);
      call.erase();
      call = longer;
    }
    c.start = kernel.getArgument(number), c.startIsScalar = false;
  }

  /// Packs one kernel and the constants of its calls; false where it has to stay as it is.
  bool pack(func::FuncOp kernel, SmallVectorImpl<func::CallOp> &calls, const TargetInfo &info) {
    FailureOr<Contraction> c = failure();
    kernel.walk([&](linalg::GenericOp op) { c = failed(c) ? matchContraction(op) : c; });
    if (failed(c))
      return false;
    Type element = getElementTypeOrSelf(c->weights.getType());
    auto tile = info.tileFor(element, c->n, c->k);
    bool flip = element.isInteger(8) && info.unsignedActivations();
    auto isConstant = [&](func::CallOp call, Value argument) {
      unsigned number = cast<BlockArgument>(argument).getArgNumber();
      return matchPattern(call.getOperand(number), m_Constant());
    };
    bool zeroStart = c->startIsScalar && matchPattern(c->start, m_Zero());
    bool starts = zeroStart || (isa<BlockArgument>(c->start) && c->start.hasOneUse());
    if (failed(tile) || (flip && !starts) || !llvm::all_of(calls, [&](func::CallOp call) {
          return isConstant(call, c->weights) && (!flip || zeroStart || isConstant(call, c->start));
        }))
      return false;
    if (flip && zeroStart)
      addStart(kernel, calls, *c);
    for (func::CallOp call : calls)
      if (!packOperands(call, *c, *tile, flip))
        return false;
    IRRewriter rewriter(&getContext());
    c->weights.setType(packedType(*c, *tile));
    kernel.setType(FunctionType::get(&getContext(), kernel.getBody().getArgumentTypes(),
                                     kernel.getResultTypes()));
    rewriteContraction(rewriter, *c, *tile, flip);
    kernel->setAttr(kTileAttr, rewriter.getDenseI64ArrayAttr(
                                   {tile->rows, tile->vectors, tile->lanes, tile->innerK}));
    return true;
  }

  void runOnOperation() override {
    auto info = TargetInfo::parse(target);
    if (failed(info)) {
      getOperation().emitError("unknown target level '") << target << "'";
      return signalPassFailure();
    }
    llvm::StringMap<SmallVector<func::CallOp>> calls;
    getOperation().walk([&](func::CallOp call) { calls[call.getCallee()].push_back(call); });
    for (auto kernel : getOperation().getOps<func::FuncOp>()) {
      auto kind = kernel->getAttrOfType<StringAttr>(kKernelAttr);
      if (!kind || kind.getValue() != "linear" || kernel.isDeclaration())
        continue;
      if (!pack(kernel, calls[kernel.getName()], *info)) {
        ++left;
        continue;
      }
      ++packed;
      if (failed(propagate(kernel)))
        return signalPassFailure();
    }
  }

  DenseMap<std::tuple<Attribute, Attribute, Type>, TypedAttr> constants;
};

} // namespace
