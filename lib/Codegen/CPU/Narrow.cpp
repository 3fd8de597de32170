//===- Narrow.cpp - 32-bit lanes to 16-bit and 8-bit ones -----------------------------------===//
//
//   trunci(minsi(maxsi(%x, -128), 127)) : vector<64xi32> to vector<64xi8>
// becomes vpackssdw, vpackssdw, vpacksswb on its four registers and one permutation, and
//   trunci(shrsi(addi(muli(extsi %a, extsi %b), 1 << 14), 15)) : vector<32xi32> to vector<32xi16>
// becomes vpmulhrsw; from a shift of 17 on, vpmulhw and a shift of 16-bit lanes.
//
//===----------------------------------------------------------------------------------------===//

#include "Narrow.h"
#include "IntegerConstants.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace intaglio::cpu;

namespace {

constexpr int64_t registerBits = 512;

unsigned widthOf(Value value) {
  return getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth();
}

/// `trunc(clamp(x, low, high))` with bounds that the narrow type holds.
struct ClampedTruncation {
  Value x;
  int64_t low, high;
  SmallVector<Operation *> ops;
};

FailureOr<ClampedTruncation> matchClamped(arith::TruncIOp op) {
  unsigned from = widthOf(op.getIn()), to = widthOf(op);
  if (!((from == 32 && (to == 8 || to == 16)) || (from == 16 && to == 8)))
    return failure();
  int64_t limit = int64_t(1) << (to - 1);
  ClampedTruncation match{
      op.getIn(), -(int64_t(1) << (from - 1)), (int64_t(1) << (from - 1)) - 1, {op}};
  while (Operation *def = match.x.getDefiningOp()) {
    if (!isa<arith::MaxSIOp, arith::MinSIOp>(def) || !def->hasOneUse())
      break;
    auto bound = splatOf(def->getOperand(1));
    if (!bound)
      break;
    // From the outside inwards: an inner bound counts only within the outer ones.
    if (isa<arith::MaxSIOp>(def))
      match.low = std::clamp(*bound, match.low, match.high);
    else
      match.high = std::clamp(*bound, match.low, match.high);
    match.ops.push_back(def);
    match.x = def->getOperand(0);
  }
  if (match.low < -limit || match.high >= limit)
    return failure();
  return match;
}

/// `trunc((ext(a) * ext(b) + constant) >> shift)` from 32 to 16 bits, `b` 16-bit numbers or one of
/// them.
struct HighProduct {
  Value a, b; ///< `b` null: `factor` in every lane
  int64_t factor = 0, constant = 0, shift = 0;
  SmallVector<Operation *> ops;
};

FailureOr<HighProduct> matchHighProduct(arith::TruncIOp op) {
  auto shift = op.getIn().getDefiningOp<arith::ShRSIOp>();
  auto sum = shift ? shift.getLhs().getDefiningOp<arith::AddIOp>() : arith::AddIOp();
  auto product = sum ? sum.getLhs().getDefiningOp<arith::MulIOp>() : arith::MulIOp();
  if (widthOf(op.getIn()) != 32 || widthOf(op) != 16 || !product)
    return failure();
  auto amount = splatOf(shift.getRhs()), constant = splatOf(sum.getRhs());
  auto a = product.getLhs().getDefiningOp<arith::ExtSIOp>();
  if (!amount || !constant || !a || widthOf(a.getIn()) != 16)
    return failure();
  HighProduct match{a.getIn(), {}, 0, *constant, *amount, {op, shift, sum, product, a}};
  // Rounding in 16-bit lanes: exact where the constant has no lower half and the sum stays in them.
  bool isRounded = match.shift == 15 && match.constant == 1 << 14;
  bool isHigh = match.shift >= 17 && match.shift <= 31 && match.constant % (1 << 16) == 0 &&
                std::abs(match.constant >> 16) < 1 << 14;
  if (!isRounded && !isHigh)
    return failure();
  if (auto factor = splatOf(product.getRhs())) {
    match.factor = *factor;
    if (match.factor < INT16_MIN || match.factor > INT16_MAX)
      return failure();
    return match;
  }
  Value factor = product.getRhs();
  if (auto broadcast = factor.getDefiningOp<vector::BroadcastOp>()) {
    match.ops.push_back(broadcast);
    factor = broadcast.getSource();
  }
  auto b = factor.getDefiningOp<arith::ExtSIOp>();
  bool isScalar = factor != product.getRhs();
  if (!b || widthOf(b.getIn()) != 16 || isScalar == isa<VectorType>(factor.getType()))
    return failure();
  match.b = b.getIn();
  if (!isScalar)
    match.ops.push_back(b);
  return match;
}

/// Register `i` of `value`.
Value registerOf(ImplicitLocOpBuilder &b, Value value, int64_t i, int64_t lanes) {
  return vector::ExtractStridedSliceOp::create(b, value, ArrayRef<int64_t>{i * lanes},
                                               ArrayRef<int64_t>{lanes}, ArrayRef<int64_t>{1});
}

Value call(ImplicitLocOpBuilder &b, StringRef name, VectorType type, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(b, type, b.getStringAttr(name), operands).getResult(0);
}

bool fillsRegister(VectorType type) {
  return type && type.getRank() == 1 &&
         type.getNumElements() * type.getElementTypeBitWidth() == registerBits;
}

/// Packs interleave the 128-bit lanes of their operands; the permutation puts elements in order.
struct SelectPack : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::TruncIOp op, PatternRewriter &rewriter) const override {
    auto type = dyn_cast<VectorType>(op.getType());
    auto match = matchClamped(op);
    if (failed(match) || !fillsRegister(type))
      return rewriter.notifyMatchFailure(op, "no register of clamped numbers");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    int64_t width = widthOf(op), from = widthOf(match->x), sources = from / width;
    SmallVector<Value> registers;
    for (int64_t i = 0; i < sources; ++i)
      registers.push_back(registerOf(b, match->x, i, registerBits / from));
    for (; from > width; from /= 2) {
      StringRef name = from == 32 ? "llvm.x86.avx512.packssdw.512" : "llvm.x86.avx512.packsswb.512";
      auto packed = VectorType::get({registerBits * 2 / from}, b.getIntegerType(from / 2));
      for (size_t i = 0; i < registers.size(); i += 2)
        registers[i / 2] = call(b, name, packed, {registers[i], registers[i + 1]});
      registers.resize(registers.size() / 2);
    }
    // Each source left 128 / sources bits in each of the four lanes.
    auto words = VectorType::get({4 * sources}, b.getIntegerType(128 / sources));
    SmallVector<int64_t> order;
    for (int64_t source = 0; source < sources; ++source)
      for (int64_t lane = 0; lane < 4; ++lane)
        order.push_back(lane * sources + source);
    Value mixed = vector::BitCastOp::create(b, words, registers.front());
    Value result = vector::BitCastOp::create(
        b, type, vector::ShuffleOp::create(b, mixed, mixed, order).getResult());
    int64_t limit = int64_t(1) << (width - 1);
    if (match->low > -limit)
      result = arith::MaxSIOp::create(b, result, integerConstant(b, type, match->low));
    if (match->high < limit - 1)
      result = arith::MinSIOp::create(b, result, integerConstant(b, type, match->high));
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct SelectHighProduct : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::TruncIOp op, PatternRewriter &rewriter) const override {
    auto type = dyn_cast<VectorType>(op.getType());
    auto match = matchHighProduct(op);
    if (failed(match) || !fillsRegister(type))
      return rewriter.notifyMatchFailure(op, "no register of high halves");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value factor = match->b ? match->b : integerConstant(b, type, match->factor);
    if (!isa<VectorType>(factor.getType()))
      factor = vector::BroadcastOp::create(b, type, factor);
    if (match->shift == 15) {
      rewriter.replaceOp(op, call(b, "llvm.x86.avx512.pmul.hr.sw.512", type, {match->a, factor}));
      return success();
    }
    Value high = call(b, "llvm.x86.avx512.pmulh.w.512", type, {match->a, factor});
    if (match->constant)
      high = arith::AddIOp::create(b, high, integerConstant(b, type, match->constant >> 16));
    rewriter.replaceOpWithNewOp<arith::ShRSIOp>(op, high,
                                                integerConstant(b, type, match->shift - 16));
    return success();
  }
};

} // namespace

SmallVector<Operation *> intaglio::cpu::opsOfNarrowing(arith::TruncIOp op) {
  if (auto product = matchHighProduct(op); succeeded(product))
    return product->ops;
  if (auto clamped = matchClamped(op); succeeded(clamped))
    return clamped->ops;
  return {};
}

void intaglio::cpu::populateNarrowingPatterns(RewritePatternSet &patterns) {
  patterns.add<SelectPack, SelectHighProduct>(patterns.getContext());
}
