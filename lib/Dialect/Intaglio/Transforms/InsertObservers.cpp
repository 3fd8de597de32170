//===- InsertObservers.cpp - observe on the edges that need a range ------------------------===//
//
//   %x = intaglio.layer_norm ...
//   %y = intaglio.linear %x, %w, %b
//   %s = intaglio.add %y, %x
// becomes
//   %x = intaglio.layer_norm ...
//   %o = intaglio.observe %x, %mask {id = "layer.0.norm"}
//   %y = intaglio.linear %o, %w, %b      // an accumulator: `add` takes it as it is
//   %s = intaglio.add %y, %o
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Regex.h"

namespace intaglio {
#define GEN_PASS_DEF_INSERTOBSERVERSPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

/// The name that the source gives to what stands at `location`; empty if it has none.
static StringRef sourceName(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName().getValue();
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : llvm::reverse(fused.getLocations()))
      if (StringRef name = sourceName(part); !name.empty())
        return name;
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return sourceName(call.getCallee());
  return {};
}

/// The name of an op: that of the source, or that of its kind.
static StringRef nameOf(Operation *op) {
  StringRef name = sourceName(op->getLoc());
  return name.empty() ? op->getName().stripDialect() : name;
}

/// The name of an edge, not yet unique.
static std::string edgeName(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
    if (auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "intaglio.name"))
      return name.str();
    return "argument." + std::to_string(argument.getArgNumber());
  }
  return nameOf(value.getDefiningOp()).str();
}

/// Whether an op computes floats, and so may stay float.
static bool computesFloats(Operation *op) {
  bool isFloat = llvm::any_of(op->getOperands(), isFloatTensor) ||
                 llvm::any_of(op->getResults(), isFloatTensor);
  return isFloat && !op->hasTrait<OpTrait::ConstantLike>() &&
         !op->hasTrait<OpTrait::IsTerminator>();
}

/// Why an op has no integer form although it may be of a kind that has one; empty if it has.
static std::string reasonAgainstIntegers(Operation *op) {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!quantizable)
    return ("'" + op->getName().getStringRef() + "' has no integer form").str();
  for (OpOperand &use : op->getOpOperands()) {
    OperandRole role = quantizable.getOperandRole(use.getOperandNumber());
    bool constant = role == OperandRole::Weight || role == OperandRole::Table ||
                    role == OperandRole::Bias || role == OperandRole::Parameter;
    if (constant && !matchPattern(use.get(), m_Constant()))
      return "operand #" + std::to_string(use.getOperandNumber()) + " is no constant";
  }
  return {};
}

namespace {

class InsertObserversPass : public intaglio::impl::InsertObserversPassBase<InsertObserversPass> {
public:
  using Base::Base;
  void runOnOperation() override {
    func::FuncOp entry = lookupEntry(getOperation());
    if (!entry || failed(markFloatOps(entry)))
      return signalPassFailure();
    findMask(entry);
    if (byteActivations)
      observeActivations(entry);
    EdgeForms forms(entry);
    Block &body = entry.getBody().front();
    SmallVector<Value> edges(body.getArguments());
    for (Operation &op : body)
      llvm::append_range(edges, op.getResults());
    for (Value edge : edges)
      if (isFloatTensor(edge) && forms.lookup(edge).needsRange() && !isObserved(edge))
        observe(edge, forms);
  }

private:
  LogicalResult markFloatOps(func::FuncOp entry);
  void findMask(func::FuncOp entry);
  void observeActivations(func::FuncOp entry);
  static bool isObserved(Value edge) {
    return isa_and_nonnull<ObserveOp>(edge.getDefiningOp()) ||
           llvm::any_of(edge.getUsers(), llvm::IsaPred<ObserveOp>);
  }
  void observe(Value edge, const EdgeForms &forms);
  Value maskFor(Value edge);
  std::string uniqueId(Value edge);

  Value mask;
  llvm::StringSet<> ids;
};

} // namespace

/// Gives ops that stay float the reason why. A pattern that keeps nothing is an error: it would be
/// a name that somebody got wrong.
LogicalResult InsertObserversPass::markFloatOps(func::FuncOp entry) {
  Builder builder(&getContext());
  auto mark = [&](Operation &op, const Twine &reason) {
    if (!op.hasAttr(floatReasonAttr))
      op.setAttr(floatReasonAttr, builder.getStringAttr(reason));
  };
  for (StringRef pattern : keepFloat) {
    llvm::Regex regex(pattern);
    std::string error;
    if (!regex.isValid(error))
      return entry.emitError("keep-float: '") << pattern << "' is no regular expression: " << error;
    bool matches = false;
    for (Operation &op : entry.getBody().front()) {
      if (!computesFloats(&op) || !regex.match(nameOf(&op)))
        continue;
      matches = true;
      mark(op, "kept by --keep-float");
    }
    if (!matches)
      return entry.emitError("keep-float: '") << pattern << "' matches the name of no float op";
  }
  for (Operation &op : entry.getBody().front())
    if (computesFloats(&op))
      if (std::string reason = reasonAgainstIntegers(&op); !reason.empty())
        mark(op, reason);
  return success();
}

/// The first operand of role Mask stands for the padding of the whole program.
void InsertObserversPass::findMask(func::FuncOp entry) {
  mask = nullptr;
  ids.clear();
  for (Operation &op : entry.getBody().front())
    if (auto quantizable = dyn_cast<QuantizableOpInterface>(&op))
      for (OpOperand &use : op.getOpOperands())
        if (!mask && quantizable.getOperandRole(use.getOperandNumber()) == OperandRole::Mask)
          mask = use.get();
}

/// Observes what goes into an activation of one operand that is read as bytes only.
void InsertObserversPass::observeActivations(func::FuncOp entry) {
  EdgeForms forms(entry);
  for (Operation &op : entry.getBody().front()) {
    QuantizableOpInterface unary = getQuantizable(&op);
    if (!unary || op.getNumOperands() != 1 || !op.getOperand(0).hasOneUse() ||
        unary.getOperandRole(0) != OperandRole::Accumulator ||
        forms.readsCalibrated(op.getOpOperand(0)))
      continue;
    EdgeForm result = forms.lookup(op.getResult(0));
    bool onlyBytes = result.byte && llvm::all_of(op.getResult(0).getUses(), [&](OpOperand &use) {
                       return forms.readsCalibrated(use) && forms.readsByte(use);
                     });
    if (!onlyBytes || result.form != ResultForm::Word)
      continue;
    Value edge = op.getOperand(0);
    OpBuilder builder(&op);
    op.setOperand(0, ObserveOp::create(builder, edge.getLoc(), edge.getType(), edge, maskFor(edge),
                                       builder.getStringAttr(uniqueId(edge))));
    ++observed;
  }
}

void InsertObserversPass::observe(Value edge, const EdgeForms &forms) {
  OpBuilder builder(&getContext());
  builder.setInsertionPointAfterValue(edge);
  Value edgeMask = maskFor(edge);
  auto op = ObserveOp::create(builder, edge.getLoc(), edge.getType(), edge, edgeMask,
                              builder.getStringAttr(uniqueId(edge)));
  edge.replaceUsesWithIf(op.getResult(), [&](OpOperand &use) {
    return use.getOwner() != op && forms.readsCalibrated(use) &&
           (!getQuantizable(use.getOwner()) ||
            isActivation(getQuantizable(use.getOwner()).getOperandRole(use.getOperandNumber())));
  });
  ++observed;
}

/// The mask where the edge is `[batch, sequence, channels]` and the mask is there before it.
Value InsertObserversPass::maskFor(Value edge) {
  if (!mask)
    return {};
  auto type = cast<RankedTensorType>(edge.getType());
  auto maskType = cast<RankedTensorType>(mask.getType());
  if (type.getRank() != 3 || maskType.getShape() != type.getShape().take_front(2))
    return {};
  Operation *definition = mask.getDefiningOp();
  if (definition && (!edge.getDefiningOp() || !definition->isBeforeInBlock(edge.getDefiningOp())))
    return {};
  return mask;
}

std::string InsertObserversPass::uniqueId(Value edge) {
  std::string name = edgeName(edge), id = name;
  for (unsigned number = 1; !ids.insert(id).second; ++number)
    id = name + "#" + std::to_string(number);
  return id;
}
