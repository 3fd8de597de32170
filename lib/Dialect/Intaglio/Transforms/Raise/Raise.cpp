//===- Raise.cpp - what the raise passes share ----------------------------------------------===//

#include "Raise.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include "llvm/ADT/MapVector.h"

#include <set>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;
namespace raise = intaglio::raise;

//===----------------------------------------------------------------------------------------===//
// Inputs of ids and flags
//===----------------------------------------------------------------------------------------===//

bool raise::holdsIndices(Value value) {
  Type element = getElementTypeOrSelf(value.getType());
  return element.isInteger(64) || element.isInteger(32);
}

Value raise::widenIndices(PatternRewriter &rewriter, Value input) {
  auto type = input ? cast<RankedTensorType>(input.getType()) : RankedTensorType();
  if (!type || type.getElementType().isInteger(64))
    return input;
  for (Operation *user : input.getUsers())
    if (isa<arith::ExtSIOp>(user))
      return user->getResult(0);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(input.getParentBlock());
  return arith::ExtSIOp::create(rewriter, input.getLoc(), type.clone(rewriter.getI64Type()), input);
}

BlockArgument raise::getInput(Value indices) {
  if (auto widened = indices.getDefiningOp<arith::ExtSIOp>())
    indices = widened.getIn();
  return dyn_cast<BlockArgument>(indices);
}

//===----------------------------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------------------------===//

SymbolicExpr SourcePattern::elementOf(Value value) const {
  return tensors.getBody(value).value_or(context.opaque());
}

bool SourcePattern::haveSameShape(Value a, Value b) const {
  std::optional<Exprs> first = tensors.getShape(a);
  return first && first == tensors.getShape(b);
}

Value SourcePattern::getLoaded(const SymbolicExpr &body) const {
  const SymbolicAtom *atom = body.getAtom();
  return atom ? tensors.getLoaded(*atom) : Value();
}

Value SourcePattern::getWhole(const SymbolicExpr &body, const Exprs &shape) const {
  Value value = getLoaded(body);
  if (!value || tensors.getShape(value) != shape)
    return nullptr;
  return ArrayRef(body.getAtom()->args) == ArrayRef(identity(shape)) ? value : Value();
}

SourceOp SourcePattern::getSource(Value value, StringRef opType) const {
  auto source = value ? value.getDefiningOp<SourceOp>() : SourceOp();
  return source && source.getOpType() == opType ? source : SourceOp();
}

RankedTensorType SourcePattern::getFloatType(Value value) const {
  auto type = dyn_cast_if_present<RankedTensorType>(value ? value.getType() : Type());
  return type && type.getElementType().isF32() ? type : RankedTensorType();
}

Value SourcePattern::getChannels(PatternRewriter &rewriter, Value value, Value result) const {
  RankedTensorType type = getFloatType(result);
  std::optional<Exprs> shape = tensors.getShape(result);
  if (!type || !shape || type.getRank() == 0 || type.isDynamicDim(type.getRank() - 1))
    return nullptr;
  std::optional<SymbolicExpr> body = tensors.getBodyIn(value, *shape);
  auto vector = RankedTensorType::get({type.getShape().back()}, type.getElementType());
  if (!body)
    return nullptr;
  if (std::optional<double> splat = body->getConstant())
    return arith::ConstantOp::create(rewriter, value.getLoc(),
                                     DenseElementsAttr::get(vector, static_cast<float>(*splat)));
  Value constant = getLoaded(*body);
  if (!constant)
    return nullptr;
  ArrayRef<SymbolicExpr> indices = body->getAtom()->args;
  if (indices.empty() || indices.back() != identity(*shape).back() ||
      llvm::any_of(indices.drop_back(), [](const SymbolicExpr &index) { return index != 0; }))
    return nullptr;
  if (constant.getType() == vector && constant.getDefiningOp<arith::ConstantOp>())
    return constant;
  TypedAttr attribute = reshapeConstant(constant, vector);
  return attribute ? arith::ConstantOp::create(rewriter, constant.getLoc(), attribute) : Value();
}

namespace {

/// Keeps the symbolic facts true while ops are replaced, and collects the reasons of near misses.
class RaiseListener : public RewriterBase::Listener {
public:
  explicit RaiseListener(SymbolicTensors &tensors) : tensors(tensors) {}

  void notifyMatchFailure(Location location, function_ref<void(Diagnostic &)> reason) override {
    Diagnostic diagnostic(location, DiagnosticSeverity::Remark);
    reason(diagnostic);
    misses[location].insert(diagnostic.str());
  }

  void notifyOperationReplaced(Operation *op, ValueRange replacement) override {
    for (auto [value, other] : llvm::zip(op->getResults(), replacement))
      tensors.replace(value, other);
  }

  void notifyOperationErased(Operation *op) override {
    for (Value value : op->getResults())
      tensors.forget(value);
  }

  llvm::MapVector<Location, std::set<std::string>> misses;

private:
  SymbolicTensors &tensors;
};

} // namespace

void intaglio::raise::applyPatterns(
    func::FuncOp function, function_ref<void(RewritePatternSet &, SymbolicTensors &)> populate) {
  if (function.isExternal() || function.getOps<SourceOp>().empty())
    return;
  SymbolicTensors tensors(function);
  RewritePatternSet patterns(function.getContext());
  populate(patterns, tensors);
  RaiseListener listener(tensors);
  walkAndApplyPatterns(function, std::move(patterns), &listener);
  eraseDeadOps(function);
  DenseSet<Location> left;
  for (SourceOp op : function.getOps<SourceOp>())
    left.insert(op.getLoc());
  for (auto &[location, reasons] : listener.misses)
    for (const std::string &reason : reasons)
      if (left.contains(location))
        emitRemark(location) << reason;
}

void intaglio::raise::eraseDeadOps(func::FuncOp function) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(function.getBody().front())))
    if (isOpTriviallyDead(&op))
      op.erase();
}

//===----------------------------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------------------------===//

std::optional<ArrayRef<float>> intaglio::raise::readFloats(Value constant) {
  ElementsAttr attribute;
  if (!constant || !matchPattern(constant, m_Constant(&attribute)) ||
      !attribute.getElementType().isF32())
    return std::nullopt;
  size_t count = attribute.getNumElements();
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute)) {
    ArrayRef<char> raw = dense.getRawData();
    return ArrayRef(reinterpret_cast<const float *>(raw.data()), raw.size() / sizeof(float));
  }
  auto resource = dyn_cast<DenseF32ResourceElementsAttr>(attribute);
  std::optional<ArrayRef<float>> data = resource ? resource.tryGetAsArrayRef() : std::nullopt;
  return data && data->size() == count ? data : std::nullopt;
}

std::optional<SmallVector<float>> intaglio::raise::readVector(Value constant) {
  std::optional<ArrayRef<float>> data = readFloats(constant);
  if (!data || data->empty())
    return std::nullopt;
  size_t count = cast<ShapedType>(constant.getType()).getNumElements();
  return data->size() == count ? SmallVector<float>(*data)
                               : SmallVector<float>(count, data->front());
}

TypedAttr intaglio::raise::makeConstant(RankedTensorType type, ArrayRef<float> values,
                                        StringRef name) {
  constexpr size_t largestDense = 1024;
  if (values.size() <= largestDense)
    return DenseElementsAttr::get(type, values);
  ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                       values.size() * sizeof(float));
  return DenseResourceElementsAttr::get(
      type, name, HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, alignof(float)));
}

TypedAttr intaglio::raise::reshapeConstant(Value constant, RankedTensorType type) {
  ElementsAttr attribute;
  if (!matchPattern(constant, m_Constant(&attribute)) ||
      attribute.getNumElements() != type.getNumElements() ||
      attribute.getElementType() != type.getElementType())
    return nullptr;
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute))
    return dense.reshape(type);
  auto resource = dyn_cast<DenseResourceElementsAttr>(attribute);
  return resource ? DenseResourceElementsAttr::get(type, resource.getRawHandle()) : TypedAttr();
}

Location intaglio::raise::nameAfter(Location location, Value parameter, bool always) {
  auto node = dyn_cast<NameLoc>(location);
  auto name = parameter ? dyn_cast<NameLoc>(parameter.getLoc()) : NameLoc();
  if (!node || !name || (!always && node.getName().getValue().contains('/')))
    return location;
  auto [module, leaf] = name.getName().getValue().rsplit('.');
  if (leaf != "bias" && leaf != "weight")
    return location;
  return NameLoc::get(StringAttr::get(location.getContext(), module), node.getChildLoc());
}
