//===- NoiseProbe.cpp - programs that show the result of every op -----------------------------===//

#include "NoiseProbe.h"

#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace intaglio;

/// Marks what is float on purpose, as it must stay in `@main`.
static void markFloat(Operation *op) {
  op->setAttr(floatReasonAttr, StringAttr::get(op->getContext(), "measures"));
}

static void eraseDeadOps(func::FuncOp entry) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(entry.getBody().front())))
    if (isOpTriviallyDead(&op))
      op.erase();
}

static void removeFakeQuant(func::FuncOp entry) {
  for (auto op : llvm::make_early_inc_range(entry.getBody().front().getOps<FakeQuantOp>())) {
    op.replaceAllUsesWith(op.getX());
    op.erase();
  }
}

OwningOpRef<ModuleOp> intaglio::withoutFakeQuant(ModuleOp calibrated) {
  OwningOpRef<ModuleOp> copy = calibrated.clone();
  if (func::FuncOp entry = lookupEntry(*copy))
    removeFakeQuant(entry);
  return copy;
}

/// The name that the source gives; that of a layer is a NameLoc, that of a node of a file a fused
/// location.
static std::string sourceName(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName().str();
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : llvm::reverse(fused.getLocations()))
      if (std::string name = sourceName(part); !name.empty())
        return name;
  return {};
}

namespace {

/// Instruments one graph.
class Prober {
public:
  explicit Prober(NoiseProbe &probe, func::FuncOp entry) : probe(probe), entry(entry) {}

  /// Numbers the ops and shows their results.
  void observeResults();
  /// Gives each op the float op on its operands, in the function that `observeResults` has been to.
  void observeReferences();

private:
  bool isProbed(Operation *op);
  void findMask();
  Value maskFor(Value edge);
  void observe(OpBuilder &builder, Value edge, const Twine &id);

  NoiseProbe &probe;
  func::FuncOp entry;
  Value mask;
  SmallVector<Operation *> probed;
  DenseMap<Value, int64_t> numbers;
};

} // namespace

/// Whether the op computes a float tensor of data: constants and their `fake_quant` do not.
bool Prober::isProbed(Operation *op) {
  if (op->getNumResults() != 1 || !isFloatTensor(op->getResult(0)) ||
      op->hasTrait<OpTrait::ConstantLike>())
    return false;
  auto fake = dyn_cast<FakeQuantOp>(op);
  return !fake || !matchPattern(fake.getX(), m_Constant());
}

/// The first operand of role Mask stands for the padding of the whole program.
void Prober::findMask() {
  for (Operation &op : entry.getBody().front())
    if (auto quantizable = dyn_cast<QuantizableOpInterface>(&op))
      for (OpOperand &use : op.getOpOperands())
        if (!mask && quantizable.getOperandRole(use.getOperandNumber()) == OperandRole::Mask)
          mask = use.get();
}

/// The mask where the edge is `[batch, sequence, channels]` and the mask is there before it.
Value Prober::maskFor(Value edge) {
  auto type = cast<RankedTensorType>(edge.getType());
  if (!mask || type.getRank() != 3 ||
      cast<RankedTensorType>(mask.getType()).getShape() != type.getShape().take_front(2))
    return {};
  Operation *maker = mask.getDefiningOp(), *edgeMaker = edge.getDefiningOp();
  return !maker || (edgeMaker && maker->isBeforeInBlock(edgeMaker)) ? mask : Value();
}

void Prober::observe(OpBuilder &builder, Value edge, const Twine &id) {
  markFloat(ObserveOp::create(builder, edge.getLoc(), edge.getType(), edge, maskFor(edge),
                              builder.getStringAttr(id)));
}

void Prober::observeResults() {
  findMask();
  for (Operation &op : entry.getBody().front()) {
    if (!isProbed(&op))
      continue;
    numbers[op.getResult(0)] = probed.size();
    probed.push_back(&op);
    ProbedOp &facts = probe.ops.emplace_back();
    facts.facts.source = sourceName(op.getLoc());
    facts.facts.op = op.getName().getStringRef();
    if (auto reason = op.getAttrOfType<StringAttr>(floatReasonAttr))
      facts.facts.floatReason = reason.str();
    facts.adds = isa<AddOp>(op);
    for (Value operand : op.getOperands())
      if (auto it = numbers.find(operand); it != numbers.end())
        facts.makers.push_back(it->second);
  }
  for (auto [number, op] : llvm::enumerate(probed)) {
    OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    observe(builder, op->getResult(0), std::to_string(number));
  }
  for (Value output : entry.getBody().front().getTerminator()->getOperands())
    if (auto it = numbers.find(output); it != numbers.end())
      probe.outputs.push_back(it->second);
}

void Prober::observeReferences() {
  for (auto [number, op] : llvm::enumerate(probed)) {
    // An op that is float adds nothing.
    if (op->hasAttr(floatReasonAttr))
      continue;
    OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    Value reference;
    if (auto fake = dyn_cast<FakeQuantOp>(op)) {
      reference = fake.getX();
    } else {
      Operation *clone = builder.clone(*op);
      markFloat(clone);
      for (OpOperand &use : clone->getOpOperands())
        if (auto fake = use.get().getDefiningOp<FakeQuantOp>())
          if (matchPattern(fake.getX(), m_Constant()))
            use.set(fake.getX());
      reference = clone->getResult(0);
    }
    observe(builder, reference, std::to_string(number) + ".own");
  }
}

std::pair<int64_t, bool> NoiseProbe::parseId(StringRef id) {
  bool own = id.consume_back(".own");
  int64_t number = 0;
  id.getAsInteger(10, number);
  return {number, own};
}

/// What the results have become, which the `observe` ops read dequantized.
static void readTypes(NoiseProbe &probe) {
  DenseMap<Value, int64_t> makers;
  for (auto observe : lookupEntry(*probe.integerProgram).getBody().front().getOps<ObserveOp>()) {
    auto [number, own] = NoiseProbe::parseId(observe.getId());
    if (own)
      continue;
    ProbedOp &op = probe.ops[number];
    auto dequantize = observe.getX().getDefiningOp<DequantizeOp>();
    Value value = dequantize ? dequantize.getX() : observe.getX();
    auto requantize = value.getDefiningOp<RequantizeOp>();
    bool isFake = op.facts.op == FakeQuantOp::getOperationName();
    // An accumulator with a scale for each channel is shown at the largest of them.
    if (requantize && !isFake)
      value = requantize.getX();
    op.facts.element = getElementTypeOrSelf(value.getType());
    if (!isFake)
      makers[value] = number;
    else if (makers.contains(value))
      op.isPart = true;
    else if (Operation *maker = value.getDefiningOp())
      op.facts.op = maker->getName().getStringRef();
  }
}

/// Gives each op the name of its source, or of its kind where it has none, and numbers those that
/// have one name.
static void nameOps(NoiseProbe &probe) {
  llvm::StringSet<> names;
  for (ProbedOp &op : probe.ops) {
    if (op.isPart)
      continue;
    std::string base = op.facts.source;
    if (base.empty())
      base = StringRef(op.facts.op).split('.').second.str();
    op.facts.name = base;
    for (unsigned number = 1; !names.insert(op.facts.name).second; ++number)
      op.facts.name = base + "#" + std::to_string(number);
  }
}

FailureOr<NoiseProbe> NoiseProbe::create(ModuleOp calibrated) {
  NoiseProbe probe;
  OwningOpRef<ModuleOp> graph = calibrated.clone();
  func::FuncOp entry = lookupEntry(*graph);
  if (!entry)
    return failure();
  eraseDeadOps(entry);
  Prober prober(probe, entry);
  prober.observeResults();
  probe.floatProgram = withoutFakeQuant(*graph);
  prober.observeReferences();
  probe.integerProgram = std::move(graph);
  PassManager pm(calibrated.getContext());
  pm.addPass(createFoldFakeQuantPass());
  if (failed(pm.run(*probe.integerProgram)))
    return failure();
  readTypes(probe);
  nameOps(probe);
  return std::move(probe);
}

LogicalResult NoiseProbe::integerize(StringRef nonlinear) {
  PassManager pm(integerProgram->getContext());
  // Each edge is dequantized once.
  pm.addPass(createCSEPass());
  ConvertToIntegersPassOptions options;
  options.nonlinear = nonlinear.str();
  pm.addPass(createConvertToIntegersPass(options));
  pm.addPass(createSplitBoundaryPass());
  return pm.run(*integerProgram);
}
