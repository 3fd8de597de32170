//===- QuantOps.cpp - the bridge between real numbers and integers --------------------------===//

#include "Evaluators.h"

#include "intaglio/IntMath/Dyadic.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;
using quant::QuantizedType;
using quant::UniformQuantizedPerAxisType;
using quant::UniformQuantizedType;

/// C-OBSERVE-1.
static FailureOr<Tensor> observe(ObserveOp, In<ObserveOp> in) { return in.getX(); }

/// The tensor's own type, with `quantized` for its elements where that is given.
static RankedTensorType meantType(std::optional<Type> quantized, RankedTensorType type) {
  return quantized ? type.clone(*quantized) : type;
}

/// The scale as the boundary uses it, C-SCALE-1.
static double boundaryScale(const intmath::UniformParameters &p) { return float(p.scale); }

/// `clamp(rne(x / S) + z)` in elements of the quantized `type`, C-QUANTIZE-1; z for NaN
/// (C-QUANTIZE-3).
static FailureOr<Tensor> quantizeTo(Operation *op, RankedTensorType type, const Tensor &x) {
  std::optional<Tensor> result = Tensor::zeros(type);
  if (!result)
    return op->emitOpError("cannot hold a ") << type << " in memory";
  QuantParameters parameters(type);
  auto quantized = cast<QuantizedType>(type.getElementType());
  intmath::Storage range{quantized.getStorageTypeMin(), quantized.getStorageTypeMax(), false};
  for (auto [i, value] : llvm::enumerate(x.get<float>())) {
    const intmath::UniformParameters &p = parameters[i];
    result->setInteger(i, intmath::quantize(value, {boundaryScale(p), p.zeroPoint}, range));
  }
  return *result;
}

/// `a * b` rounded once to f32: the product, of up to 57 bits, is rounded to odd in f64 first, so
/// that the second rounding sees on which side of a tie it lies.
static float roundProduct(double a, double b) {
  double product = a * b, rest = std::fma(a, b, -product);
  bool isOdd = llvm::bit_cast<uint64_t>(product) & 1;
  if (rest != 0 && !isOdd)
    product = std::nextafter(product, rest > 0 ? INFINITY : -INFINITY);
  return float(product);
}

/// `float32(S * (q - z))`, C-DEQUANTIZE-1.
static FailureOr<Tensor> dequantizeFrom(Operation *op, const Tensor &codes) {
  FailureOr<Tensor> result = makeResult(op, codes.getShape());
  if (failed(result))
    return failure();
  QuantParameters parameters(codes.getType());
  for (int64_t i = 0, e = codes.getNumElements(); i < e; ++i) {
    const intmath::UniformParameters &p = parameters[i];
    result->getMutable<float>()[i] =
        roundProduct(boundaryScale(p), double(codes.getInteger(i) - p.zeroPoint));
  }
  return result;
}

/// `dequantize(quantize(x))`, C-FAKEQUANT-1.
static FailureOr<Tensor> fakeQuant(FakeQuantOp op, In<FakeQuantOp> in) {
  RankedTensorType type = in.getX().getType().clone(op.getQuantized());
  FailureOr<Tensor> codes = quantizeTo(op, type, in.getX());
  if (failed(codes))
    return failure();
  return dequantizeFrom(op, *codes);
}

static FailureOr<Tensor> quantize(QuantizeOp op, In<QuantizeOp> in) {
  FailureOr<RankedTensorType> type = resultType(op, in.getX().getShape());
  if (failed(type))
    return failure();
  FailureOr<Tensor> codes = quantizeTo(op, meantType(op.getQuantized(), *type), in.getX());
  if (failed(codes))
    return failure();
  return *codes->reinterpret(*type);
}

static FailureOr<Tensor> dequantize(DequantizeOp op, In<DequantizeOp> in) {
  Tensor x = in.getX();
  std::optional<Tensor> codes = x.reinterpret(meantType(op.getQuantized(), x.getType()));
  if (!codes)
    return op.emitOpError("cannot read a ") << x.getType();
  return dequantizeFrom(op, *codes);
}

/// `clamp(rsh((q - z_in) * m, e) + z_out)` with the dyadics of `S_in / S_out`, which have one shift
/// (C-RESCALE-1, C-REQUANTIZE-1).
static FailureOr<Tensor> requantize(RequantizeOp op, In<RequantizeOp> in) {
  Tensor x = in.getX();
  FailureOr<Tensor> result = makeResult(op, x.getShape());
  if (failed(result))
    return failure();
  auto type = cast<UniformQuantizedType>(result->getElementType());
  QuantParameters parameters(x.getType());
  std::vector<double> ratios;
  for (const intmath::UniformParameters &p : parameters.getChannels())
    ratios.push_back(p.scale / type.getScale());
  std::optional<intmath::Dyadics> dyadics = intmath::dyadicsWithCommonShift(ratios);
  if (!dyadics)
    return op.emitOpError("has no dyadic for the ratios of its scales");
  for (int64_t i = 0, e = x.getNumElements(); i < e; ++i) {
    int64_t channel = parameters.channelOf(i);
    intmath::Dyadic ratio{dyadics->multipliers[channel], dyadics->shift};
    int64_t zero = parameters.getChannels()[channel].zeroPoint;
    result->setInteger(i, intmath::requantize(x.getInteger(i), ratio, zero, type.getZeroPoint(),
                                              type.getStorageTypeMin(), type.getStorageTypeMax()));
  }
  return result;
}

/// Code `index` of NF4 or FP4, exact float32 (Dettmers et al., QLoRA, arXiv 2305.14314).
static float codeValue(BlockCode code, unsigned index) {
  constexpr float nf4[] = {-1.0f,
                           -0.6961928009986877f,
                           -0.5250730514526367f,
                           -0.39491748809814453f,
                           -0.28444138169288635f,
                           -0.18477343022823334f,
                           -0.09105003625154495f,
                           0.0f,
                           0.07958029955625534f,
                           0.16093020141124725f,
                           0.24611230194568634f,
                           0.33791524171829224f,
                           0.44070982933044434f,
                           0.5626170039176941f,
                           0.7229568362236023f,
                           1.0f};
  constexpr float fp4[] = {0.0f, 0.005208333333f, 0.66666667f, 1.0f, 0.33333333f,
                           0.5f, 0.16666667f,     0.25f};
  if (code == BlockCode::Nf4)
    return nf4[index];
  return index < 8 ? fp4[index] : -fp4[index - 8];
}

/// Two codes a byte, C-BLOCK-1.
static FailureOr<Tensor> dequantizeBlock(DequantizeBlockOp op, In<DequantizeBlockOp> in) {
  if (op.getCode() == BlockCode::Int4)
    return op.emitOpError("has no meaning for int4 codes yet");
  FailureOr<Tensor> result = makeResult(op, op.getType().getShape());
  if (failed(result))
    return failure();
  ArrayRef<int8_t> codes = in.getCodes().get<int8_t>();
  for (int64_t i = 0, e = result->getNumElements(); i < e; ++i) {
    uint8_t byte = codes[i / 2];
    float value = codeValue(op.getCode(), i % 2 ? byte & 15 : byte >> 4);
    result->getMutable<float>()[i] = value * in.getAbsmax().get<float>()[i / op.getBlockSize()];
  }
  return result;
}

void reference::addQuantOps(Interpreter &interpreter) {
  add(interpreter, observe);
  add(interpreter, fakeQuant);
  add(interpreter, quantize);
  add(interpreter, dequantize);
  add(interpreter, requantize);
  add(interpreter, dequantizeBlock);
}
