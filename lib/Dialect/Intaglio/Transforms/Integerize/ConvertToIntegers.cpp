//===- ConvertToIntegers.cpp - quantized types to plain integers and integer ops -----------===//
//
//   %x8 = intaglio.requantize %x : tensor<... i16:f32, 1.0e-4 ...> -> tensor<... i8:f32, 2.0e-2:3
//   ...>
// becomes
//   %x8 = intaglio.rescale %x, %m {shift = 38, input_zp = 0, output_zp = 3, min = -128, max = 127}
//     : (tensor<?x?x384xi16>, tensor<1xi32>) -> tensor<?x?x384xi8>
//
//===----------------------------------------------------------------------------------------===//

#include "Integerize.h"

#include "intaglio/Analysis/AccumulatorWidth.h"
#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "mlir/IR/TypeUtilities.h"

namespace intaglio {
#define GEN_PASS_DEF_CONVERTTOINTEGERSPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;
using quant::QuantizedType;

namespace {

/// A constant under a storage cast is the constant.
struct StorageCastPattern : OpConversionPattern<quant::StorageCastOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(quant::StorageCastOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getInput());
    return success();
  }
};

struct ConvertToIntegersPass : intaglio::impl::ConvertToIntegersPassBase<ConvertToIntegersPass> {
  using Base::Base;
  void runOnOperation() override {
    std::optional<NonLinear> set = symbolizeNonLinear(nonlinear);
    func::FuncOp entry = lookupEntry(getOperation());
    if (!set)
      getOperation().emitError("nonlinear: expects minimax or ibert, found '") << nonlinear << "'";
    if (!set || !entry || failed(convert(entry, *set)))
      signalPassFailure();
  }

  LogicalResult convert(func::FuncOp entry, NonLinear set);
};

} // namespace

/// A tensor of quantized elements holds their storage type.
static Type convertTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return type;
  auto element = dyn_cast<QuantizedType>(tensor.getElementType());
  return element ? tensor.clone(element.getStorageType()) : type;
}

static bool isQuantized(Type type) { return isa<QuantizedType>(getElementTypeOrSelf(type)); }

/// Sequences without a limit get the one that integer ops have; the boundary then refuses longer
/// ones.
static void limitSequences(func::FuncOp entry) {
  NamedAttrList limits(entry->getAttrOfType<DictionaryAttr>("intaglio.max_dims"));
  Builder builder(entry.getContext());
  for (BlockArgument argument : entry.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    for (int64_t axis = 1; type && axis < type.getRank(); ++axis) {
      std::string name = dimName(entry, argument.getArgNumber(), axis);
      if (type.isDynamicDim(axis) && !limits.get(name))
        limits.set(name, builder.getI64IntegerAttr(largestRow));
    }
  }
  if (!limits.empty())
    entry->setAttr("intaglio.max_dims", limits.getDictionary(entry.getContext()));
}

LogicalResult ConvertToIntegersPass::convert(func::FuncOp entry, NonLinear set) {
  TypeConverter converter;
  converter.addConversion(convertTensor);
  ConversionTarget target(getContext());
  target.markUnknownOpDynamicallyLegal([](Operation *op) {
    return llvm::none_of(op->getOperandTypes(), isQuantized) &&
           llvm::none_of(op->getResultTypes(), isQuantized);
  });
  RewritePatternSet patterns(&getContext());
  patterns.add<StorageCastPattern>(converter, &getContext());
  populateIntegerizeProductPatterns(converter, patterns);
  populateIntegerizeNormPatterns(converter, patterns, set);
  populateIntegerizeElementwisePatterns(converter, patterns, set);
  populateIntegerizeAttentionPatterns(converter, patterns, set);
  populateIntegerizeSequencePatterns(converter, patterns);
  if (failed(applyFullConversion(entry, target, std::move(patterns))))
    return failure();
  limitSequences(entry);
  // Float parameters and what tables made superfluous.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(entry.getBody().front())))
    if (isOpTriviallyDead(&op))
      op.erase();
  return success();
}
