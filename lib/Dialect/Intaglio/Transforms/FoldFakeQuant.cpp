//===- FoldFakeQuant.cpp - fake_quant becomes integers and quantized types -----------------===//
//
//   %x16 = intaglio.fake_quant %x as !quant.uniform<i16:f32, 1.0e-4>
//   %x8 = intaglio.fake_quant %x16 as !quant.uniform<i8:f32, 2.0e-2:3>
//   %w8 = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32:0, {...}>
//   %y = intaglio.linear %x8, %w8, %b : (... f32) -> tensor<?x?x384xf32>
// becomes, %x being of the i16 type already,
//   %x8 = intaglio.requantize %x : tensor<... i16 ...> -> tensor<... i8 ...>
//   %w8 = quant.scast %codes : tensor<384x384xi8> to tensor<384x384x!quant.uniform<...>>
//   %y = intaglio.linear %x8, %w8, %b32 -> tensor<?x?x384x!quant.uniform<i32:f32:2, {...}>>
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Analysis/Constants.h"
#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "intaglio/IntMath/Affine.h"
#include "intaglio/IntMath/Product.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

namespace intaglio {
#define GEN_PASS_DEF_FOLDFAKEQUANTPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;
using quant::QuantizedType;
using quant::UniformQuantizedPerAxisType;
using quant::UniformQuantizedType;

static RankedTensorType withElement(Value value, Type element) {
  return cast<RankedTensorType>(value.getType()).clone(element);
}

static QuantizedType quantizedElement(Value value) {
  return dyn_cast_or_null<QuantizedType>(getElementTypeOrSelf(value.getType()));
}

/// Codes of a constant: the channel of element i is `i / inner % scales`.
template <typename T>
static std::vector<T> quantizeElements(ArrayRef<float> elements, QuantizedType type,
                                       ArrayRef<int64_t> shape) {
  SmallVector<double> scales;
  int64_t inner = 1, zeroPoint = 0;
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(type)) {
    scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
    for (int64_t size : shape.drop_front(perAxis.getQuantizedDimension() + 1))
      inner *= size;
  } else {
    scales.push_back(cast<UniformQuantizedType>(type).getScale());
    zeroPoint = cast<UniformQuantizedType>(type).getZeroPoint();
  }
  intmath::Storage storage{type.getStorageTypeMin(), type.getStorageTypeMax(), false};
  std::vector<T> codes;
  codes.reserve(elements.size());
  for (size_t i = 0; i < elements.size(); ++i)
    codes.push_back(static_cast<T>(
        intmath::quantize(elements[i], {scales[i / inner % scales.size()], zeroPoint}, storage)));
  return codes;
}

namespace {

/// Rebuilds the entry's ops on quantized types, in order.
class Folder {
public:
  explicit Folder(func::FuncOp entry) : entry(entry), builder(entry.getContext()) {}
  LogicalResult run();

private:
  LogicalResult fold(Operation *op);
  LogicalResult foldFakeQuant(FakeQuantOp op);
  LogicalResult foldGraphOp(QuantizableOpInterface op);
  FailureOr<Value> foldOperand(QuantizableOpInterface op, OpOperand &use);
  FailureOr<Value> foldBias(QuantizableOpInterface op, OpOperand &use, QuantizedType accumulator);
  FailureOr<Value> quantizeConstant(Value constant, QuantizedType type);
  FailureOr<QuantizedType> resultType(QuantizableOpInterface op, ArrayRef<Value> operands);
  Value dequantize(Value value, Location location);

  func::FuncOp entry;
  OpBuilder builder;
  /// The quantized value of a float one.
  DenseMap<Value, Value> folded;
};

} // namespace

LogicalResult Folder::run() {
  Block &body = entry.getBody().front();
  SmallVector<Operation *> ops = llvm::map_to_vector(body, [](Operation &op) { return &op; });
  for (Operation *op : ops)
    if (failed(fold(op)))
      return failure();
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
  return success();
}

LogicalResult Folder::fold(Operation *op) {
  builder.setInsertionPoint(op);
  if (op->hasTrait<OpTrait::ConstantLike>() || isOpTriviallyDead(op))
    return success();
  if (auto fake = dyn_cast<FakeQuantOp>(op))
    return foldFakeQuant(fake);
  if (QuantizableOpInterface quantizable = getQuantizable(op))
    return foldGraphOp(quantizable);
  // A float op, or the return: what has become integers is float here again.
  for (OpOperand &use : op->getOpOperands())
    if (Value value = folded.lookup(use.get()))
      use.set(dequantize(value, op->getLoc()));
  return success();
}

LogicalResult Folder::foldFakeQuant(FakeQuantOp op) {
  auto type = cast<QuantizedType>(op.getQuantized());
  Value x = folded.lookup(op.getX()), &result = folded[op.getResult()];
  if (x && quantizedElement(x) == type) {
    result = x;
  } else if (x) {
    result = RequantizeOp::create(builder, op.getLoc(), withElement(op.getX(), type), x);
  } else if (matchPattern(op.getX(), m_Constant())) {
    FailureOr<Value> constant = quantizeConstant(op.getX(), type);
    if (failed(constant))
      return failure();
    result = *constant;
  } else {
    result = QuantizeOp::create(builder, op.getLoc(), withElement(op.getX(), type), op.getX(),
                                TypeAttr());
  }
  return success();
}

FailureOr<Value> Folder::quantizeConstant(Value constant, QuantizedType type) {
  auto elements = ConstantArray<float>::get(constant);
  auto tensor = cast<RankedTensorType>(constant.getType());
  Operation *definition = constant.getDefiningOp();
  if (!elements)
    return definition->emitOpError("expects an f32 constant with its data at hand");
  Location location = constant.getLoc();
  std::string name = "constant";
  if (auto resource =
          dyn_cast<DenseResourceElementsAttr>(cast<arith::ConstantOp>(definition).getValue()))
    name = resource.getRawHandle().getKey().str();
  ArrayRef<int64_t> shape = tensor.getShape();
  Value codes;
  if (type.getStorageTypeIntegralWidth() == 8)
    codes = buildConstant<int8_t>(builder, location, name, shape,
                                  quantizeElements<int8_t>(elements->getElements(), type, shape));
  else
    codes = buildConstant<int16_t>(builder, location, name, shape,
                                   quantizeElements<int16_t>(elements->getElements(), type, shape));
  return quant::StorageCastOp::create(builder, location, tensor.clone(type), codes).getResult();
}

/// The quantized type of the op's result: derived, or that of the first fake_quant that reads it.
FailureOr<QuantizedType> Folder::resultType(QuantizableOpInterface op, ArrayRef<Value> operands) {
  auto types = llvm::map_to_vector(
      operands, [](Value value) { return value ? quantizedElement(value) : QuantizedType(); });
  if (QuantizedType derived = op.deriveResultType(types))
    return derived;
  for (Operation *user : op->getUsers())
    if (auto fake = dyn_cast<FakeQuantOp>(user))
      return cast<QuantizedType>(fake.getQuantized());
  op.emitOpError("has no fake_quant on its result");
  return failure();
}

LogicalResult Folder::foldGraphOp(QuantizableOpInterface op) {
  SmallVector<Value> operands;
  for (OpOperand &use : op->getOpOperands()) {
    FailureOr<Value> operand = foldOperand(op, use);
    if (failed(operand))
      return failure();
    operands.push_back(*operand);
  }
  FailureOr<QuantizedType> type = resultType(op, operands);
  if (failed(type))
    return failure();
  for (OpOperand &use : op->getOpOperands()) {
    if (op.getOperandRole(use.getOperandNumber()) != OperandRole::Bias)
      continue;
    FailureOr<Value> bias = foldBias(op, use, *type);
    if (failed(bias))
      return failure();
    operands[use.getOperandNumber()] = *bias;
  }
  Operation *clone = builder.clone(*op);
  clone->setOperands(operands);
  Value result = clone->getResult(0);
  result.setType(withElement(result, *type));
  folded[op->getResult(0)] = result;
  return success();
}

/// The quantized operand; what is no activation, weight or table stays as it is.
FailureOr<Value> Folder::foldOperand(QuantizableOpInterface op, OpOperand &use) {
  OperandRole role = op.getOperandRole(use.getOperandNumber());
  if (!isActivation(role) && role != OperandRole::Weight && role != OperandRole::Table)
    return use.get();
  if (Value value = folded.lookup(use.get()))
    return value;
  return op.emitOpError("operand #") << use.getOperandNumber() << " carries no fake_quant";
}

FailureOr<Value> Folder::foldBias(QuantizableOpInterface op, OpOperand &use,
                                  QuantizedType accumulator) {
  auto elements = ConstantArray<float>::get(use.get());
  if (!elements)
    return op.emitOpError("expects an f32 constant bias with its data at hand");
  SmallVector<double> scales;
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(accumulator))
    scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
  else
    scales.assign(elements->size(), cast<UniformQuantizedType>(accumulator).getScale());
  std::vector<int32_t> codes;
  for (size_t channel = 0; channel < elements->size(); ++channel) {
    std::optional<int32_t> code = intmath::quantizeBias((*elements)[channel], scales[channel]);
    if (!code)
      return op.emitOpError("bias ")
             << (*elements)[channel] << " of channel " << channel
             << " is beyond 2^30 at the accumulator's scale " << scales[channel] << " (C-LINEAR-6)";
    codes.push_back(*code);
  }
  int64_t count = codes.size();
  return buildConstant<int32_t>(builder, use.get().getLoc(), "bias", {count}, std::move(codes));
}

/// An accumulator with a scale for each channel first gets one scale, the largest.
Value Folder::dequantize(Value value, Location location) {
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(quantizedElement(value))) {
    auto type = UniformQuantizedType::get(perAxis.getFlags(), perAxis.getStorageType(),
                                          perAxis.getExpressedType(),
                                          *llvm::max_element(perAxis.getScales()), 0,
                                          perAxis.getStorageTypeMin(), perAxis.getStorageTypeMax());
    value = RequantizeOp::create(builder, location, withElement(value, type), value);
  }
  Type f32 = builder.getF32Type();
  return DequantizeOp::create(builder, location, withElement(value, f32), value, TypeAttr());
}

namespace {
struct FoldFakeQuantPass : intaglio::impl::FoldFakeQuantPassBase<FoldFakeQuantPass> {
  void runOnOperation() override {
    func::FuncOp entry = lookupEntry(getOperation());
    if (!entry || failed(Folder(entry).run()))
      signalPassFailure();
  }
};
} // namespace
