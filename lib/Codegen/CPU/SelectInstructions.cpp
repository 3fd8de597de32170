//===- SelectInstructions.cpp - vector ops to the instructions that LLVM does not find ------===//
//
//   vector.contract on vector<1x1x4xi8>, vector<1x1x16x4xi8> into vector<1x1x16xi32>
// becomes
//   broadcast of four activations, llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// One pattern for each dot product. A contraction that no pattern takes is lowered by upstream,
// slowly and correctly.
//
//===----------------------------------------------------------------------------------------===//

#include "Epilogue.h"
#include "Narrow.h"
#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorTransforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_SELECTINSTRUCTIONSPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio::cpu;

namespace {

/// `lanes` sums of `innerK` products each, as VectorizeTiles leaves them.
struct RegisterDot {
  Value lhs, rhs; ///< before extension: innerK and lanes x innerK elements
  bool lhsSigned;
  VectorType accType;
  int64_t lanes, innerK;
};

int64_t elementCount(Value value) {
  auto type = dyn_cast<VectorType>(value.getType());
  return type ? type.getNumElements() : 1;
}

/// Sees through ops that only add or drop unit dimensions: canonicalization leaves them between an
/// extension and its use.
Value stripUnitDims(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<vector::ShapeCastOp, vector::ExtractOp, vector::BroadcastOp>(op) ||
        !isa<VectorType>(op->getOperand(0).getType()) ||
        elementCount(op->getOperand(0)) != elementCount(value))
      break;
    value = op->getOperand(0);
  }
  return value;
}

/// Matches a contraction into one register, `lanes` at least 4, the innermost dimension the
/// reduction's.
FailureOr<RegisterDot> matchDot(vector::ContractionOp op) {
  auto accType = dyn_cast<VectorType>(op.getAccType());
  if (!accType || op.getKind() != vector::CombiningKind::ADD)
    return failure();
  int64_t lanes = accType.getNumElements(), innerK = op.getLhsType().getNumElements();
  if (lanes < 4 || op.getRhsType().getNumElements() != lanes * innerK)
    return failure();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  AffineExpr inner = getAffineDimExpr(op.getIteratorTypes().size() - 1, op.getContext());
  if (maps[0].getResults().back() != inner || maps[1].getResults().back() != inner)
    return failure();
  return RegisterDot{op.getLhs(), op.getRhs(), false, accType, lanes, innerK};
}

/// The same on extended bytes.
FailureOr<RegisterDot> matchByteDot(vector::ContractionOp op) {
  auto dot = matchDot(op);
  if (failed(dot))
    return failure();
  Operation *lhs = stripUnitDims(op.getLhs()).getDefiningOp(),
            *rhs = stripUnitDims(op.getRhs()).getDefiningOp();
  if (!isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp>(lhs) ||
      !isa_and_nonnull<arith::ExtSIOp>(rhs))
    return failure();
  dot->lhs = lhs->getOperand(0), dot->rhs = rhs->getOperand(0),
  dot->lhsSigned = isa<arith::ExtSIOp>(lhs);
  if (!getElementTypeOrSelf(dot->lhs).isInteger(8) || !getElementTypeOrSelf(dot->rhs).isInteger(8))
    return failure();
  return dot;
}

Value reshape(OpBuilder &builder, Value value, int64_t size) {
  auto type = cast<VectorType>(value.getType());
  return builder.createOrFold<vector::ShapeCastOp>(
      value.getLoc(), VectorType::get({size}, type.getElementType()), value);
}

/// The bytes of one group of activations in every lane of a register.
Value broadcastGroup(OpBuilder &builder, Value group, int64_t lanes) {
  Location loc = group.getLoc();
  auto type = cast<VectorType>(group.getType());
  Type word = builder.getIntegerType(type.getNumElements() * 8);
  Value packed = vector::BitCastOp::create(builder, loc, VectorType::get({1}, word), group);
  Value words = vector::BroadcastOp::create(builder, loc, VectorType::get({lanes}, word), packed);
  return vector::BitCastOp::create(
      builder, loc, VectorType::get({lanes * type.getNumElements()}, builder.getI8Type()), words);
}

Value callIntrinsic(OpBuilder &builder, Location loc, StringRef name, Type result,
                    ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, result, builder.getStringAttr(name), operands)
      .getResult(0);
}

/// u8 x s8, four products into each i32 lane, in registers of 512, 256 or 128 bits.
struct SelectVpdpbusd : OpRewritePattern<vector::ContractionOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(vector::ContractionOp op,
                                PatternRewriter &rewriter) const override {
    auto dot = matchByteDot(op);
    if (failed(dot) || dot->lhsSigned || dot->innerK != 4 ||
        !llvm::is_contained({4, 8, 16}, dot->lanes))
      return rewriter.notifyMatchFailure(op, "not a register of u8 x s8 groups");
    Location loc = op.getLoc();
    int64_t lanes = dot->lanes;
    // XOR 0x80 comes after the broadcast, where it costs no round trip through a scalar register.
    Value lhs = stripUnitDims(dot->lhs);
    auto flip = lhs.getDefiningOp<arith::XOrIOp>();
    Value group = broadcastGroup(
        rewriter, reshape(rewriter, flip ? stripUnitDims(flip.getLhs()) : lhs, 4), lanes);
    if (flip) {
      auto mask = DenseElementsAttr::get(cast<VectorType>(group.getType()), int8_t(-128));
      group = arith::XOrIOp::create(rewriter, loc, group,
                                    arith::ConstantOp::create(rewriter, loc, mask));
    }
    std::string name = "llvm.x86.avx512.vpdpbusd." + std::to_string(32 * lanes);
    Value acc = reshape(rewriter, op.getAcc(), lanes);
    Value sum = callIntrinsic(rewriter, loc, name, acc.getType(),
                              {acc, group, reshape(rewriter, dot->rhs, 4 * lanes)});
    rewriter.replaceOpWithNewOp<vector::ShapeCastOp>(op, dot->accType, sum);
    return success();
  }
};

/// s16 x s16, two products into each i32 lane: exact for all bytes, which `vpmaddubsw` is not.
struct SelectVpmaddwd : OpRewritePattern<vector::ContractionOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(vector::ContractionOp op,
                                PatternRewriter &rewriter) const override {
    auto dot = matchByteDot(op);
    if (failed(dot) || !dot->lhsSigned || dot->innerK != 2 ||
        !llvm::is_contained({4, 8}, dot->lanes))
      return rewriter.notifyMatchFailure(op, "not a register of s8 x s8 pairs");
    Location loc = op.getLoc();
    int64_t lanes = dot->lanes;
    auto words = VectorType::get({2 * lanes}, rewriter.getI16Type());
    Value pairs = broadcastGroup(rewriter, reshape(rewriter, stripUnitDims(dot->lhs), 2), lanes);
    Value activations = arith::ExtSIOp::create(rewriter, loc, words, pairs);
    Value weights =
        arith::ExtSIOp::create(rewriter, loc, words, reshape(rewriter, dot->rhs, 2 * lanes));
    Value acc = reshape(rewriter, op.getAcc(), lanes);
    StringRef name = lanes == 8 ? "llvm.x86.avx2.pmadd.wd" : "llvm.x86.sse2.pmadd.wd";
    Value products = callIntrinsic(rewriter, loc, name, acc.getType(), {activations, weights});
    rewriter.replaceOpWithNewOp<vector::ShapeCastOp>(
        op, dot->accType, arith::AddIOp::create(rewriter, loc, acc, products));
    return success();
  }
};

/// One f32 activation by a register of weights.
struct SelectFma : OpRewritePattern<vector::ContractionOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(vector::ContractionOp op,
                                PatternRewriter &rewriter) const override {
    auto dot = matchDot(op);
    if (failed(dot) || dot->innerK != 1 || !dot->accType.getElementType().isF32() ||
        !getElementTypeOrSelf(dot->lhs).isF32() || !getElementTypeOrSelf(dot->rhs).isF32())
      return rewriter.notifyMatchFailure(op, "not a register of f32");
    Location loc = op.getLoc();
    Value acc = reshape(rewriter, op.getAcc(), dot->lanes);
    Value one = reshape(rewriter, stripUnitDims(dot->lhs), 1);
    Value lhs = vector::BroadcastOp::create(rewriter, loc, acc.getType(), one);
    Value sum =
        vector::FMAOp::create(rewriter, loc, lhs, reshape(rewriter, dot->rhs, dot->lanes), acc);
    rewriter.replaceOpWithNewOp<vector::ShapeCastOp>(op, dot->accType, sum);
    return success();
  }
};

struct SelectInstructionsPass
    : intaglio::cpu::impl::SelectInstructionsPassBase<SelectInstructionsPass> {
  using SelectInstructionsPassBase::SelectInstructionsPassBase;

  void runOnOperation() override {
    auto info = TargetInfo::parse(target);
    if (failed(info)) {
      getOperation().emitError("unknown target level '") << target << "'";
      return signalPassFailure();
    }
    if (failed(tileOf(getOperation())))
      return;
    RewritePatternSet patterns(&getContext());
    if (info->unsignedActivations())
      patterns.add<SelectVpdpbusd>(&getContext());
    if (info->level == Level::AVX2)
      patterns.add<SelectVpmaddwd>(&getContext());
    patterns.add<SelectFma>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    // Only now, because this separates contractions from their extensions: values that loops carry
    // lose their unit dimensions, so that they are LLVM vectors and not arrays of them.
    RewritePatternSet flat(&getContext());
    vector::populateDropUnitDimWithShapeCastPatterns(flat);
    vector::ShapeCastOp::getCanonicalizationPatterns(flat, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(flat))))
      return signalPassFailure();
    RewritePatternSet epilogue(&getContext());
    populateEpiloguePatterns(epilogue);
    if (info->level == Level::AVX512VNNI)
      populateNarrowingPatterns(epilogue);
    if (failed(applyPatternsGreedily(getOperation(), std::move(epilogue))))
      return signalPassFailure();
    orderByWrites(getOperation());
  }
};

} // namespace
