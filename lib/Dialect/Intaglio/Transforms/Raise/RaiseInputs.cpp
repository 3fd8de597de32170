//===- RaiseInputs.cpp - what the inputs may hold -------------------------------------------===//
//
//   embedding(%table: tensor<30522x384xf32>, %ids)   ->   %ids {intaglio.range = [0, 30521]}
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

namespace intaglio {
#define GEN_PASS_DEF_RAISEINPUTSPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

/// The largest value that every reader of the input takes; none where nothing limits it.
std::optional<int64_t> findLargest(Value input) {
  std::optional<int64_t> largest;
  auto atMost = [&](int64_t value) { largest = std::min(largest.value_or(value), value); };
  for (OpOperand &use : input.getUses()) {
    if (auto widened = dyn_cast<arith::ExtSIOp>(use.getOwner()))
      largest = findLargest(widened.getOut());
    else if (auto embedding = dyn_cast<EmbeddingOp>(use.getOwner()))
      atMost(cast<ShapedType>(embedding.getTable().getType()).getDimSize(0) - 1);
    else if (auto attention = dyn_cast<AttentionOp>(use.getOwner());
             attention && attention.getMask() == input)
      atMost(1);
    else if (auto pool = dyn_cast<PoolOp>(use.getOwner()); pool && pool.getMask() == input)
      atMost(1);
  }
  return largest;
}

/// The longest sequence for which a table of positions has rows.
std::optional<int64_t> findLongest(PositionIdsOp positions) {
  std::optional<int64_t> longest;
  for (Operation *user : positions.getResult().getUsers())
    if (auto embedding = dyn_cast<EmbeddingOp>(user)) {
      int64_t rows = cast<ShapedType>(embedding.getTable().getType()).getDimSize(0);
      rows -= positions.getPaddingId() ? *positions.getPaddingId() + 1 : 0;
      longest = std::min(longest.value_or(rows), rows);
    }
  return longest;
}

struct RaiseInputsPass : intaglio::impl::RaiseInputsPassBase<RaiseInputsPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    Builder builder(&getContext());
    for (BlockArgument input : function.getArguments()) {
      std::optional<int64_t> largest = findLargest(input);
      if (largest && !function.getArgAttr(input.getArgNumber(), "intaglio.range"))
        function.setArgAttr(input.getArgNumber(), "intaglio.range",
                            builder.getDenseI64ArrayAttr({0, *largest}));
    }
    NamedAttrList longest(function->getAttrOfType<DictionaryAttr>("intaglio.max_dims"));
    bool isNew = longest.empty();
    function.walk([&](PositionIdsOp op) {
      std::optional<int64_t> size = findLongest(op);
      BlockArgument input = getInput(op.getIds());
      auto dims = input
                      ? function.getArgAttrOfType<ArrayAttr>(input.getArgNumber(), "intaglio.dims")
                      : ArrayAttr();
      auto name = dims && dims.size() == 2 ? dyn_cast<StringAttr>(dims[1]) : StringAttr();
      if (!size || !name || !isNew || !cast<ShapedType>(op.getIds().getType()).isDynamicDim(1))
        return;
      auto known = dyn_cast_or_null<IntegerAttr>(longest.get(name));
      if (!known || known.getInt() > *size)
        longest.set(name, builder.getI64IntegerAttr(*size));
    });
    if (isNew && !longest.empty())
      function->setAttr("intaglio.max_dims", longest.getDictionary(&getContext()));
    function.setType(
        builder.getFunctionType(function.getArgumentTypes(),
                                function.getBody().front().getTerminator()->getOperandTypes()));
  }
};

} // namespace
