//===- Epilogue.cpp - what happens to accumulators before they are written ------------------===//

#include "Epilogue.h"
#include "IntegerConstants.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace intaglio::cpu;

namespace {

/// `trunc((ext(a) * ext(b) + bias) >> shift)`, a and the result vectors of i32, b too or an i32 for
/// all lanes.
struct MultiplyShift {
  Value a, b;
  int64_t bias = 0, shift = 0;
};

FailureOr<MultiplyShift> matchMultiplyShift(arith::TruncIOp op) {
  MultiplyShift match;
  auto type = dyn_cast<VectorType>(op.getType());
  if (!type || type.getRank() != 1 || !type.getElementType().isInteger(32) ||
      type.getNumElements() % 4)
    return failure();
  auto shift = op.getIn().getDefiningOp<arith::ShRSIOp>();
  auto amount = shift ? splatOf(shift.getRhs()) : std::nullopt;
  if (!amount || *amount < 1)
    return failure();
  match.shift = *amount;
  Value sum = shift.getLhs();
  if (auto add = sum.getDefiningOp<arith::AddIOp>()) {
    auto bias = splatOf(add.getRhs());
    if (!bias)
      return failure();
    match.bias = *bias;
    sum = add.getLhs();
  }
  auto product = sum.getDefiningOp<arith::MulIOp>();
  if (!product)
    return failure();
  auto source = [&](Value factor, Type wanted) -> Value {
    auto extend = factor.getDefiningOp<arith::ExtSIOp>();
    return extend && extend.getIn().getType() == wanted ? extend.getIn() : Value();
  };
  match.a = source(product.getLhs(), type), match.b = source(product.getRhs(), type);
  if (auto broadcast = product.getRhs().getDefiningOp<vector::BroadcastOp>())
    match.b = source(broadcast.getSource(), type.getElementType());
  if (!match.a || !match.b)
    return failure();
  return match;
}

/// The 64-bit products by even and odd lanes, where one instruction makes them from 32-bit numbers;
/// their wanted halves are put together again.
struct SelectMultiplyShift : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::TruncIOp op, PatternRewriter &rewriter) const override {
    auto match = matchMultiplyShift(op);
    if (failed(match))
      return rewriter.notifyMatchFailure(op, "no shifted product of 32-bit numbers");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto narrow = cast<VectorType>(op.getType());
    int64_t lanes = narrow.getNumElements();
    auto wide = VectorType::get({lanes / 2}, b.getI64Type());
    Value half = integerConstant(b, wide, 32);
    auto odd = [&](Value x) -> Value {
      return arith::ShRSIOp::create(b, vector::BitCastOp::create(b, wide, x), half);
    };
    auto even = [&](Value x) -> Value {
      Value all = vector::BitCastOp::create(b, wide, x);
      return arith::ShRSIOp::create(b, arith::ShLIOp::create(b, all, half), half);
    };
    auto product = [&](Value x, Value y) -> Value {
      Value sum = arith::MulIOp::create(b, x, y);
      return match->bias ? arith::AddIOp::create(b, sum, integerConstant(b, wide, match->bias))
                         : sum;
    };
    Value factor = match->b;
    if (!isa<VectorType>(factor.getType()))
      factor = vector::BroadcastOp::create(b, narrow, factor);
    Value low = product(even(match->a), even(factor));
    Value high = product(odd(match->a), odd(factor));
    // The word at `shift` to the low half of the even products and the high half of the odd ones.
    int64_t shift = std::min<int64_t>(match->shift, 32);
    low = arith::ShRUIOp::create(b, low, integerConstant(b, wide, shift));
    if (shift < 32)
      high = arith::ShLIOp::create(b, high, integerConstant(b, wide, 32 - shift));
    SmallVector<int64_t> order;
    for (int64_t i = 0; i < lanes; ++i)
      order.push_back(i % 2 ? lanes + i : i);
    Value words = vector::ShuffleOp::create(b, vector::BitCastOp::create(b, narrow, low),
                                            vector::BitCastOp::create(b, narrow, high), order);
    if (match->shift > 32)
      words = arith::ShRSIOp::create(b, words, integerConstant(b, narrow, match->shift - 32));
    rewriter.replaceOp(op, words);
    return success();
  }
};

/// Whether `op` may go past the writes between its place and its reader: it touches no memory, or
/// reads an argument that nothing in the kernel writes.
bool isMovable(Operation *op, const DenseSet<Value> &written) {
  if (isPure(op) && op->getNumRegions() == 0)
    return true;
  auto read = dyn_cast<vector::TransferReadOp>(op);
  if (!read)
    return false;
  Value memory = read.getBase();
  while (auto view = memory.getDefiningOp<ViewLikeOpInterface>())
    memory = view.getViewSource();
  return isa<BlockArgument>(memory) && !written.contains(memory);
}

/// The ops of a block that serve its writes and nothing else: they may stand just before the first
/// write that they serve, and all that reads them goes with them.
DenseSet<Operation *> servantsOfWrites(Block &block, const DenseSet<Value> &written) {
  DenseSet<Operation *> servants;
  for (Operation &op : llvm::reverse(block)) {
    bool servesOnlyWrites = llvm::all_of(op.getUsers(), [&](Operation *user) {
      Operation *reader = block.findAncestorOpInBlock(*user);
      return isa<vector::TransferWriteOp>(reader) || servants.contains(reader);
    });
    if (!op.use_empty() && servesOnlyWrites && isMovable(&op, written))
      servants.insert(&op);
  }
  return servants;
}

void orderBlock(Block &block, const DenseSet<Value> &written) {
  DenseSet<Operation *> servants = servantsOfWrites(block, written);
  SmallVector<Operation *> ops;
  for (Operation &op : block)
    ops.push_back(&op);
  // Puts the operands' producers, depth first, before `anchor`.
  std::function<void(Operation *, Operation *)> pull = [&](Operation *op, Operation *anchor) {
    for (Value operand : op->getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (!def || !servants.erase(def))
        continue;
      pull(def, anchor);
      def->moveBefore(anchor);
    }
  };
  for (Operation *op : ops)
    if (isa<vector::TransferWriteOp>(op))
      pull(op, op);
}

} // namespace

void intaglio::cpu::populateEpiloguePatterns(RewritePatternSet &patterns) {
  patterns.add<SelectMultiplyShift>(patterns.getContext());
}

void intaglio::cpu::orderByWrites(func::FuncOp kernel) {
  DenseSet<Value> written;
  kernel.walk([&](vector::TransferWriteOp op) {
    Value memory = op.getBase();
    while (auto view = memory.getDefiningOp<ViewLikeOpInterface>())
      memory = view.getViewSource();
    written.insert(memory);
  });
  kernel.walk([&](Block *block) { orderBlock(*block, written); });
}
