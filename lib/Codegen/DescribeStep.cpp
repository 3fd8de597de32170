//===- DescribeStep.cpp - what a profile says of a kernel's call ---------------------------===//
//
//   linear on [batch, sequence, 384], weight [1536, 384], then rescale
// gives
//   {kind = "linear", source = "layer.0.dense", multiply_adds = 589824, dims = ["batch",
//   "sequence"]}
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/DescribeStep.h"
#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace intaglio;

static StringRef kindOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case<LinearOp>([](auto) { return "linear"; })
      .Case<MatmulOp>([](auto) { return "matmul"; })
      .Case<AttentionOp, IAttentionOp, IbertAttentionOp>([](auto) { return "attention"; })
      .Case<LayerNormOp, RMSNormOp, L2NormalizeOp, ILayerNormOp, IRMSNormOp, IL2NormalizeOp,
            IbertLayerNormOp>([](auto) { return "norm"; })
      .Case<SoftmaxOp, ISoftmaxOp, IbertSoftmaxOp>([](auto) { return "softmax"; })
      .Case<EmbeddingOp, IEmbeddingOp, PositionIdsOp>([](auto) { return "embedding"; })
      .Case<RopeOp, IRopeOp>([](auto) { return "rope"; })
      .Case<PoolOp, IPoolOp>([](auto) { return "pool"; })
      .Case<QuantizeOp, DequantizeOp>([](auto) { return "boundary"; })
      .Default([](auto) { return "elementwise"; });
}

/// Appends the source's names of a location that are not there yet.
static void addNames(Location location, SmallVectorImpl<StringRef> &names) {
  if (auto name = dyn_cast<NameLoc>(location)) {
    if (!llvm::is_contained(names, name.getName().getValue()))
      names.push_back(name.getName());
  } else if (auto fused = dyn_cast<FusedLoc>(location)) {
    for (Location part : fused.getLocations())
      addNames(part, names);
  } else if (auto call = dyn_cast<CallSiteLoc>(location)) {
    addNames(call.getCallee(), names);
  }
}

namespace {
/// A number times dynamic dims.
struct Product {
  func::FuncOp entry;
  int64_t factor = 1;
  SmallVector<Attribute> dims = {};

  void multiply(OpFoldResult size);
};
} // namespace

void Product::multiply(OpFoldResult size) {
  if (std::optional<int64_t> number = getConstantIntValue(size)) {
    factor *= *number;
    return;
  }
  auto value = cast<Value>(size);
  if (auto product = value.getDefiningOp<arith::MulIOp>()) {
    multiply(product.getLhs());
    multiply(product.getRhs());
    return;
  }
  auto dim = value.getDefiningOp<tensor::DimOp>();
  unsigned argument = cast<BlockArgument>(dim.getSource()).getArgNumber();
  dims.push_back(
      StringAttr::get(entry.getContext(), dimName(entry, argument, *dim.getConstantIndex())));
}

/// Whether `op` is one or more matrix products; multiplies `product` by the size of one factor of
/// each and the length of the axis that the other has more.
static bool countProducts(Operation *op, Product &product,
                          function_ref<SmallVector<OpFoldResult>(Value)> sizesOf) {
  auto count = [&](Value value) {
    for (OpFoldResult size : sizesOf(value))
      product.multiply(size);
  };
  if (auto linear = dyn_cast<LinearOp>(op)) {
    count(linear.getX());
    product.factor *= cast<ShapedType>(linear.getWeight().getType()).getDimSize(0);
    return true;
  }
  if (auto matmul = dyn_cast<MatmulOp>(op)) {
    count(matmul.getLhs());
    product.multiply(sizesOf(matmul.getResult()).back());
    return true;
  }
  if (kindOf(op) != "attention")
    return false;
  // Queries times keys, then shares times values.
  count(op->getOperand(0));
  product.multiply(sizesOf(op->getOperand(1))[1]);
  product.factor *= 2;
  return true;
}

DictionaryAttr intaglio::describeStep(ArrayRef<Operation *> group, func::FuncOp entry,
                                      function_ref<SmallVector<OpFoldResult>(Value)> sizesOf) {
  Builder b(entry.getContext());
  SmallVector<StringRef> names;
  Product product{entry};
  bool any = false;
  for (Operation *op : group) {
    addNames(op->getLoc(), names);
    any |= countProducts(op, product, sizesOf);
  }
  if (!any)
    product.factor = 0;
  return b.getDictionaryAttr({b.getNamedAttr("kind", b.getStringAttr(kindOf(group.front()))),
                              b.getNamedAttr("source", b.getStringAttr(llvm::join(names, ", "))),
                              b.getNamedAttr("multiply_adds", b.getI64IntegerAttr(product.factor)),
                              b.getNamedAttr("dims", b.getArrayAttr(product.dims))});
}
