//===- OutlineKernels.cpp - groups of ops to kernels ---------------------------------------===//
//
//   %a = intaglio.linear %x, %w, %b ; %y = intaglio.rescale %a, %m        : [?, ?, C]
// becomes
//   %rows = tensor.collapse_shape %x ; %dst = tensor.empty(%batch * %sequence)
//   %0 = call @linear_0(%rows, %w, %b, %m, %dst) ; %y = tensor.expand_shape %0
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Codegen/Attention.h"
#include "intaglio/Codegen/DescribeStep.h"
#include "intaglio/Codegen/Passes.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

namespace intaglio {
#define GEN_PASS_DEF_OUTLINEKERNELSPASS
#include "intaglio/Codegen/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

static bool isElementwise(Operation *op) {
  return isa<RescaleOp, IAddOp, IMulOp, LookupOp, IGeluOp, ISigmoidOp, ITanhOp, ISiluOp, ISqrtOp,
             IbertGeluOp, AddOp, MulOp, GeluOp, SiluOp, SigmoidOp, TanhOp, ReluOp>(op);
}
static bool isAttention(Operation *op) {
  return isa<AttentionOp, IAttentionOp, IbertAttentionOp>(op);
}
/// Ops that see whole sequences: their leading axes stay apart.
static bool keepsAxes(Operation *op) {
  return isAttention(op) || isa<PoolOp, IPoolOp, PositionIdsOp, RopeOp, IRopeOp, MatmulOp>(op);
}
/// Ids of 32 bits to 64.
static bool isWidening(Operation *op) {
  return isa<arith::ExtSIOp>(op) && isa<RankedTensorType>(op->getResult(0).getType());
}
static bool isConstantArray(Value value) {
  return matchPattern(value, m_Constant()) && isa<RankedTensorType>(value.getType());
}
/// Words of 32 bits: floats for a float op.
static RankedTensorType scratchType(Operation *attention) {
  MLIRContext *context = attention->getContext();
  Type word = IntegerType::get(context, 32);
  if (isa<AttentionOp>(attention))
    word = Float32Type::get(context);
  return RankedTensorType::get({ShapedType::kDynamic}, word);
}
static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

namespace {
/// Outlines the kernels of one entry.
class Outliner {
public:
  explicit Outliner(func::FuncOp entry) : entry(entry), b(entry.getLoc(), entry.getContext()) {}
  LogicalResult run();

private:
  SmallVector<Operation *> groupOf(Operation *lead);
  LogicalResult outline(ArrayRef<Operation *> group);
  SmallVector<OpFoldResult> sizesOf(Value value);
  SmallVector<OpFoldResult> resultSizes(Operation *op);
  OpFoldResult product(ArrayRef<OpFoldResult> sizes);
  Value scratchFor(Operation *attention);
  Value collapse(Value value, int64_t trailing);
  func::FuncOp kernelFor(ArrayRef<Operation *> group, ArrayRef<Value> operands,
                         ArrayRef<Value> arguments, RankedTensorType destination);

  func::FuncOp entry;
  ImplicitLocOpBuilder b;
  DenseSet<Operation *> taken;
  llvm::StringMap<Value> dims;
  DenseMap<Value, SmallVector<OpFoldResult>> sizes;
  DenseMap<std::pair<Value, Value>, Value> products;
  llvm::StringMap<func::FuncOp> kernels;
  llvm::StringMap<unsigned> counters;
};
} // namespace

SmallVector<Operation *> Outliner::groupOf(Operation *lead) {
  SmallVector<Operation *> group{lead};
  while ((isa<LinearOp>(lead) || isElementwise(lead)) && group.back()->hasOneUse()) {
    Operation *user = *group.back()->user_begin();
    if (!isElementwise(user) || taken.contains(user) || user->getBlock() != lead->getBlock())
      break;
    group.push_back(user);
  }
  taken.insert_range(group);
  return group;
}

SmallVector<OpFoldResult> Outliner::sizesOf(Value value) {
  if (auto known = sizes.find(value); known != sizes.end())
    return known->second;
  SmallVector<OpFoldResult> all;
  for (auto [axis, size] : llvm::enumerate(typeOf(value).getShape())) {
    if (!ShapedType::isDynamic(size)) {
      all.push_back(b.getIndexAttr(size));
      continue;
    }
    auto argument = cast<BlockArgument>(value);
    Value &dim = dims[dimName(entry, argument.getArgNumber(), axis)];
    if (!dim) {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(&entry.getBody().front());
      dim = tensor::DimOp::create(b, value, axis);
    }
    all.push_back(dim);
  }
  return sizes[value] = all;
}

SmallVector<OpFoldResult> Outliner::resultSizes(Operation *op) {
  Value lead = *llvm::find_if(op->getOperands(), [](Value v) { return !isConstantArray(v); });
  SmallVector<OpFoldResult> from = sizesOf(lead), all;
  for (auto [axis, size] : llvm::enumerate(typeOf(op->getResult(0)).getShape()))
    all.push_back(ShapedType::isDynamic(size) ? from[axis] : OpFoldResult(b.getIndexAttr(size)));
  if (auto matmul = dyn_cast<MatmulOp>(op)) {
    SmallVector<OpFoldResult> right = sizesOf(matmul.getRhs());
    all.back() = right[right.size() - (matmul.getTransposeRhs() ? 2 : 1)];
  }
  return all;
}

OpFoldResult Outliner::product(ArrayRef<OpFoldResult> factors) {
  int64_t fixed = 1;
  Value all;
  auto times = [&](Value x, Value y) {
    Value &known = products[{x, y}];
    if (!known) {
      // Sizes are the entry's dims: all products can stand at its start, after their factors.
      OpBuilder::InsertionGuard guard(b);
      Operation *def = y.getDefiningOp();
      if (x.getDefiningOp() && def && def->isBeforeInBlock(x.getDefiningOp()))
        def = x.getDefiningOp();
      b.setInsertionPointAfter(def);
      known = arith::MulIOp::create(b, x, y);
    }
    return known;
  };
  for (OpFoldResult factor : factors) {
    if (auto size = getConstantIntValue(factor))
      fixed *= *size;
    else
      all = all ? times(all, cast<Value>(factor)) : cast<Value>(factor);
  }
  if (!all)
    return b.getIndexAttr(fixed);
  if (fixed == 1)
    return all;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointAfter(all.getDefiningOp());
  return times(all, arith::ConstantIndexOp::create(b, fixed));
}

/// Memory that each thread has for itself while an attention kernel runs.
Value Outliner::scratchFor(Operation *attention) {
  Value key = attention->getOperand(1);
  int64_t heads = cast<IntegerAttr>(attention->getAttr("num_heads")).getInt();
  int64_t words = attentionWordsPerKey(typeOf(key).getDimSize(2) / heads);
  Value keys = getValueOrCreateConstantIndexOp(b, b.getLoc(), sizesOf(key)[1]);
  auto number = [&](int64_t value) { return arith::ConstantIndexOp::create(b, value); };
  Value size = arith::AddIOp::create(b, keys, number(attentionKeyBlock));
  size = arith::MulIOp::create(b, size, number(words));
  size = arith::AddIOp::create(b, size, number(attentionFixedWords));
  return tensor::EmptyOp::create(b, scratchType(attention), size);
}

/// All axes but the last `trailing` as one of dynamic size; `trailing` -1 keeps the axes.
Value Outliner::collapse(Value value, int64_t trailing) {
  auto type = typeOf(value);
  SmallVector<int64_t> shape(type.getShape());
  if (trailing >= 0) {
    int64_t leading = type.getRank() - trailing;
    SmallVector<ReassociationIndices> groups(1);
    for (int64_t axis = 0; axis < type.getRank(); ++axis) {
      if (axis >= leading)
        groups.emplace_back();
      groups.back().push_back(axis);
    }
    if (leading > 1)
      value = tensor::CollapseShapeOp::create(b, value, groups);
    shape.assign(type.getShape().take_back(trailing));
    shape.insert(shape.begin(), ShapedType::kDynamic);
  } else {
    for (int64_t axis = 0; axis < std::min<int64_t>(type.getRank(), 2); ++axis)
      if (axis + 1 < type.getRank() || type.getElementType().isInteger(64))
        shape[axis] = ShapedType::kDynamic;
  }
  auto target = RankedTensorType::get(shape, type.getElementType());
  return target == value.getType() ? value : tensor::CastOp::create(b, target, value).getResult();
}

func::FuncOp Outliner::kernelFor(ArrayRef<Operation *> group, ArrayRef<Value> operands,
                                 ArrayRef<Value> arguments, RankedTensorType destination) {
  Operation *lead = group.front();
  bool attention = isAttention(lead);
  SmallVector<Type> types = llvm::map_to_vector(arguments, [](Value v) { return v.getType(); });
  if (attention) {
    types.append(2, b.getIndexType());
    types.push_back(scratchType(lead));
  }
  types.push_back(destination);
  OwningOpRef<func::FuncOp> kernel =
      func::FuncOp::create(lead->getLoc(), "kernel", b.getFunctionType(types, destination));
  (*kernel).setPrivate();
  StringRef kind = attention ? "attention" : isa<LinearOp>(lead) ? "linear" : "loops";
  (*kernel)->setAttr("intaglio.kernel", b.getStringAttr(kind));
  Block *body = (*kernel).addEntryBlock();
  IRMapping mapping;
  for (auto [i, operand] : llvm::enumerate(operands)) {
    mapping.map(operand, body->getArgument(i));
    if (!attention && !isConstantArray(operand))
      (*kernel).setArgAttr(i, "intaglio.sliced", b.getUnitAttr());
  }
  if (attention)
    (*kernel).setArgAttr(types.size() - 2, "intaglio.scratch", b.getUnitAttr());
  else
    (*kernel).setArgAttr(types.size() - 1, "intaglio.sliced", b.getUnitAttr());
  OpBuilder inner = OpBuilder::atBlockEnd(body);
  for (Operation *op : group) {
    Operation *copy = inner.clone(*op, mapping);
    SmallVector<int64_t> shape(destination.getShape());
    auto own = typeOf(op->getResult(0));
    shape.back() = own.getShape().back();
    if (destination.getRank() == 2 && isa<PositionIdsOp>(op))
      shape = SmallVector<int64_t>(destination.getShape());
    copy->getResult(0).setType(RankedTensorType::get(shape, own.getElementType()));
  }
  func::ReturnOp::create(inner, group.back()->getLoc(), mapping.lookup(group.back()->getResult(0)));

  std::string key;
  llvm::raw_string_ostream stream(key);
  (*kernel)->print(stream, OpPrintingFlags().printGenericOpForm(false));
  func::FuncOp &known = kernels[key];
  if (known)
    return known;
  // Float may stand where the program quantizes and dequantizes, and in ops that are float on
  // purpose.
  bool boundary = isa<QuantizeOp, DequantizeOp>(lead) || lead->hasAttr(floatReasonAttr);
  std::string base = lead->getName().stripDialect().str();
  if (boundary)
    base = "intaglio_boundary_" + base;
  (*kernel).setName(base + "_" + std::to_string(counters[base]++));
  known = kernel.release();
  entry->getParentOfType<ModuleOp>().push_back(known);
  return known;
}

LogicalResult Outliner::outline(ArrayRef<Operation *> group) {
  Operation *last = group.back();
  b.setInsertionPoint(last);
  b.setLoc(group.front()->getLoc());
  bool whole = keepsAxes(group.front());
  Value result = last->getResult(0);
  auto type = typeOf(result);
  SmallVector<Value> operands, arguments;
  for (Operation *op : group)
    for (Value operand : op->getOperands()) {
      if (llvm::is_contained(group, operand.getDefiningOp()) ||
          llvm::is_contained(operands, operand))
        continue;
      operands.push_back(operand);
      if (isConstantArray(operand)) {
        arguments.push_back(operand);
        continue;
      }
      if (typeOf(operand).getRank() < 1)
        return op->emitOpError("operand without axes cannot be a kernel's");
      // Ids have one axis less than what they select.
      int64_t trailing = typeOf(operand).getRank() - type.getRank() + 1;
      arguments.push_back(collapse(operand, whole ? -1 : trailing));
    }
  for (Operation *op : group)
    sizes[op->getResult(0)] = resultSizes(op);
  SmallVector<OpFoldResult> full = sizesOf(result);
  SmallVector<OpFoldResult> stored = full;
  if (!whole)
    stored = {product(ArrayRef(full).drop_back()), full.back()};
  Value empty = tensor::EmptyOp::create(b, stored, type.getElementType());
  SmallVector<int64_t> shape(typeOf(empty).getShape());
  for (int64_t axis = 0, e = whole ? type.getRank() - 1 : 1; axis < e; ++axis)
    shape[axis] = ShapedType::kDynamic;
  if (isa<PositionIdsOp>(last))
    shape[1] = ShapedType::kDynamic;
  auto destination = RankedTensorType::get(shape, type.getElementType());
  Value into = empty;
  if (destination != empty.getType())
    into = tensor::CastOp::create(b, destination, empty);
  func::FuncOp kernel = kernelFor(group, operands, arguments, destination);
  if (isAttention(group.front())) {
    int64_t heads = cast<IntegerAttr>(group.front()->getAttr("num_heads")).getInt();
    arguments.push_back(arith::ConstantIndexOp::create(b, 0));
    arguments.push_back(getValueOrCreateConstantIndexOp(
        b, b.getLoc(), product({full.front(), b.getIndexAttr(heads)})));
    arguments.push_back(scratchFor(group.front()));
  }
  arguments.push_back(into);
  auto call = func::CallOp::create(b, kernel, arguments);
  call->setAttr(stepAttr, describeStep(group, entry, [&](Value v) { return sizesOf(v); }));
  Value made = call.getResult(0);
  if (made.getType() != empty.getType())
    made = tensor::CastOp::create(b, empty.getType(), made);
  if (!whole && type.getRank() != 2) {
    SmallVector<ReassociationIndices> groups(2);
    for (int64_t axis = 0; axis + 1 < type.getRank(); ++axis)
      groups[0].push_back(axis);
    groups[1].push_back(type.getRank() - 1);
    made = tensor::ExpandShapeOp::create(b, type, made, groups, full);
  }
  sizes[made] = full;
  result.replaceAllUsesWith(made);
  return success();
}

LogicalResult Outliner::run() {
  SmallVector<Operation *> ops;
  for (Operation &op : entry.getBody().front())
    if (isWidening(&op) || (isa<IntaglioDialect>(op.getDialect()) && !isa<ObserveOp>(op)))
      ops.push_back(&op);
  // Sizes of what `observe` passes through are those of its operand: seen when asked for.
  for (Operation *op : ops) {
    if (taken.contains(op))
      continue;
    SmallVector<Operation *> group = groupOf(op);
    for (Operation *member : group)
      for (Value operand : member->getOperands())
        if (auto observe = operand.getDefiningOp<ObserveOp>())
          sizes[operand] = sizesOf(observe.getX());
    if (failed(outline(group)))
      return failure();
  }
  for (Operation *op : llvm::reverse(ops))
    op->erase();
  return success();
}

/// Puts the bodies of the functions that the entry calls (the integer part of a program) in place.
static LogicalResult inlineCalls(func::FuncOp entry) {
  auto module = entry->getParentOfType<ModuleOp>();
  for (auto call : llvm::to_vector(entry.getOps<func::CallOp>())) {
    auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
    if (!callee || callee.isExternal() || !callee.getBody().hasOneBlock())
      return call.emitOpError("calls no function of one block");
    OpBuilder b(call);
    IRMapping mapping;
    mapping.map(callee.getArguments(), call.getOperands());
    for (Operation &op : callee.getBody().front().without_terminator())
      b.clone(op, mapping);
    for (auto [result, value] : llvm::zip_equal(
             call.getResults(), callee.getBody().front().getTerminator()->getOperands()))
      result.replaceAllUsesWith(mapping.lookup(value));
    call.erase();
    if (SymbolTable::symbolKnownUseEmpty(callee, module))
      callee.erase();
  }
  return success();
}

/// Every op of the entry is a constant, the return, a widening of ids, or an op of ours that a
/// kernel can be made of.
static LogicalResult checkOps(func::FuncOp entry) {
  for (Operation &op : entry.getBody().front().without_terminator()) {
    if (matchPattern(&op, m_Constant()) || isWidening(&op))
      continue;
    if (!isa<IntaglioDialect>(op.getDialect()))
      return op.emitOpError("is no op of a program that kernels can be made of");
    if (op.getNumResults() != 1 ||
        !llvm::all_of(op.getOperandTypes(), llvm::IsaPred<RankedTensorType>) ||
        !isa<RankedTensorType>(op.getResult(0).getType()))
      return op.emitOpError("expects ranked tensors and one result to become a kernel");
    if (llvm::all_of(op.getOperands(), isConstantArray))
      return op.emitOpError("reads constants only: it must be folded before kernels are made");
  }
  return success();
}

namespace {
struct OutlineKernelsPass : intaglio::impl::OutlineKernelsPassBase<OutlineKernelsPass> {
  void runOnOperation() override {
    auto entry = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!entry || entry.isExternal() || !entry.getBody().hasOneBlock()) {
      getOperation().emitError("the module has no function @main of one block");
      return signalPassFailure();
    }
    if (failed(inlineCalls(entry)) || failed(checkOps(entry)) || failed(Outliner(entry).run()))
      signalPassFailure();
  }
};
} // namespace
