//===- Work.cpp - what a run of a program has to do -----------------------------------------===//

#include "intaglio/Report/Work.h"

#include "intaglio/Codegen/Attention.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace intaglio;

using Sizes = SmallVector<int64_t, 4>;

namespace {

/// Walks a program with the sizes of all values at hand.
class Counter {
public:
  Counter(ModuleOp program, const cpu::TargetInfo &target) : program(program), target(target) {}

  /// Counts a function whose arguments have sizes already; gives its results'.
  SmallVector<Sizes> count(func::FuncOp function);
  void setSizes(Value value, Sizes known) { sizes[value] = std::move(known); }

  Work work;

private:
  Sizes sizesOf(Value value);
  Sizes resultSizes(Operation *op);
  void count(Operation *op);
  void countAttention(Operation *op, const Sizes &query, const Sizes &key);
  void countTraffic(Operation *op);

  ModuleOp program;
  const cpu::TargetInfo &target;
  DenseMap<Value, Sizes> sizes;
};

} // namespace

static int64_t product(ArrayRef<int64_t> factors) {
  int64_t result = 1;
  for (int64_t factor : factors)
    result *= factor;
  return result;
}

static int64_t elementBytes(Value value) {
  return llvm::divideCeil(cast<ShapedType>(value.getType()).getElementTypeBitWidth(), 8);
}

Sizes Counter::sizesOf(Value value) {
  if (auto known = sizes.find(value); known != sizes.end())
    return known->second;
  return Sizes(cast<ShapedType>(value.getType()).getShape());
}

/// A dynamic axis of a result is that of the first operand which is no constant; the columns of a
/// `matmul` are those of its other operand.
Sizes Counter::resultSizes(Operation *op) {
  Sizes result(cast<ShapedType>(op->getResult(0).getType()).getShape());
  Value lead;
  for (Value operand : llvm::reverse(op->getOperands()))
    if (!matchPattern(operand, m_Constant()))
      lead = operand;
  Sizes from = lead ? sizesOf(lead) : Sizes();
  for (auto [axis, size] : llvm::enumerate(result))
    if (ShapedType::isDynamic(size))
      size = axis < from.size() ? from[axis] : 1;
  if (auto matmul = dyn_cast<MatmulOp>(op)) {
    Sizes right = sizesOf(matmul.getRhs());
    result.back() = right[right.size() - (matmul.getTransposeRhs() ? 2 : 1)];
  }
  return result;
}

/// Two products of `queries x keys` with the channels of all heads.
void Counter::countAttention(Operation *op, const Sizes &query, const Sizes &key) {
  int64_t batch = query[0], queries = query[1], keys = key[1], channels = query.back();
  work.multiplyAdds += 2 * batch * queries * keys * channels;
  if (target.level == cpu::Level::Generic) {
    work.executedMultiplyAdds += 2 * batch * queries * keys * channels;
    return;
  }
  // Scores are made for two registers of keys at a time, outputs for four keys.
  int64_t rows = llvm::alignTo(queries, attentionQueries);
  int64_t scores = llvm::alignTo(keys, 2 * target.vectorBits() / 32);
  int64_t values = isa<AttentionOp>(op) ? keys : llvm::alignTo(keys, 4);
  work.executedMultiplyAdds += batch * rows * (scores + values) * channels;
}

void Counter::countTraffic(Operation *op) {
  bool looksUp = isa<EmbeddingOp, IEmbeddingOp>(op);
  for (Value operand : op->getOperands())
    if (!looksUp && isa<ShapedType>(operand.getType()) && matchPattern(operand, m_Constant()))
      work.weightBytes += product(sizesOf(operand)) * elementBytes(operand);
  Value result = op->getResult(0);
  int64_t bytes = product(sizesOf(result)) * elementBytes(result);
  if (looksUp)
    work.weightBytes += bytes;
  Type element = getElementTypeOrSelf(result.getType());
  if (element.isF32() || element.getIntOrFloatBitWidth() <= 16)
    work.activationBytes += bytes * (1 + llvm::range_size(result.getUses()));
}

void Counter::count(Operation *op) {
  sizes[op->getResult(0)] = resultSizes(op);
  int64_t elements = product(sizes[op->getResult(0)]), depth = 0;
  if (auto linear = dyn_cast<LinearOp>(op))
    depth = sizesOf(linear->getOperand(1)).back();
  else if (auto matmul = dyn_cast<MatmulOp>(op))
    depth = sizesOf(matmul.getLhs()).back();
  else if (isa<AttentionOp, IAttentionOp, IbertAttentionOp>(op))
    countAttention(op, sizesOf(op->getOperand(0)), sizesOf(op->getOperand(1)));
  work.multiplyAdds += elements * depth;
  work.executedMultiplyAdds += elements * depth;
  countTraffic(op);
}

SmallVector<Sizes> Counter::count(func::FuncOp function) {
  for (Operation &op : function.getBody().front()) {
    if (auto call = dyn_cast<func::CallOp>(op)) {
      auto callee = program.lookupSymbol<func::FuncOp>(call.getCallee());
      for (auto [argument, operand] : llvm::zip_equal(callee.getArguments(), call.getOperands()))
        setSizes(argument, sizesOf(operand));
      for (auto [result, known] : llvm::zip_equal(call.getResults(), count(callee)))
        setSizes(result, std::move(known));
    } else if (!op.hasTrait<OpTrait::ConstantLike>() && op.getNumResults() == 1) {
      count(&op);
    }
  }
  SmallVector<Sizes> results;
  for (Value result : function.getBody().front().getTerminator()->getOperands())
    results.push_back(sizesOf(result));
  return results;
}

Work intaglio::countWork(ModuleOp program, const ModelInfo &info, ArrayRef<int64_t> dims,
                         const cpu::TargetInfo &target) {
  auto entry = program.lookupSymbol<func::FuncOp>("main");
  Counter counter(program, target);
  for (auto [argument, input] : llvm::zip_equal(entry.getArguments(), info.inputs)) {
    Sizes sizes;
    for (const DimInfo &dim : input.dims)
      sizes.push_back(dim.size >= 0 ? dim.size
                                    : dims[llvm::find(info.dims, dim.name) - info.dims.begin()]);
    counter.setSizes(argument, std::move(sizes));
  }
  counter.count(entry);
  return counter.work;
}
