//===- Describe.cpp - parts of a report -----------------------------------------------------===//

#include "intaglio/Report/Describe.h"

#include "intaglio/Analysis/AccumulatorWidth.h"
#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;
namespace json = llvm::json;

static std::string nameOf(Operation *op) {
  auto name = dyn_cast<NameLoc>(op->getLoc());
  return name ? name.getName().str() : "";
}

static bool isFloat(Operation *op) {
  return llvm::any_of(op->getResultTypes(),
                      [](Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); });
}

/// Multiply-adds with a weight, for each row.
static int64_t multiplyAdds(Operation *op) {
  auto linear = dyn_cast<LinearOp>(op);
  auto weight = linear ? dyn_cast<ShapedType>(linear->getOperand(1).getType()) : ShapedType();
  return weight && weight.hasStaticShape() ? weight.getNumElements() : 0;
}

/// Calls `visit` on the ops that compute: not on the boundary.
static void forEachOp(ModuleOp program, llvm::function_ref<void(Operation *)> visit) {
  program.walk([&](Operation *op) {
    if (isa_and_nonnull<IntaglioDialect>(op->getDialect()) && !isa<QuantizeOp, DequantizeOp>(op))
      visit(op);
  });
}

static double share(int64_t part, int64_t whole) {
  return whole ? double(part) / double(whole) : 1;
}

json::Array intaglio::describeFloatOps(ModuleOp program) {
  json::Array left;
  forEachOp(program, [&](Operation *op) {
    if (!isFloat(op))
      return;
    auto reason = op->getAttrOfType<StringAttr>(floatReasonAttr);
    left.push_back(json::Object{{"name", nameOf(op)},
                                {"op", op->getName().getStringRef()},
                                {"reason", reason ? reason.getValue() : "the program is float"}});
  });
  return left;
}

json::Object intaglio::describeShares(ModuleOp program) {
  int64_t ops = 0, integerOps = 0, products = 0, integerProducts = 0;
  forEachOp(program, [&](Operation *op) {
    bool integer = !isFloat(op);
    ++ops;
    integerOps += integer;
    products += multiplyAdds(op);
    integerProducts += integer ? multiplyAdds(op) : 0;
  });
  return json::Object{{"ops", ops},
                      {"integer_ops", integerOps},
                      {"share_of_ops", share(integerOps, ops)},
                      {"weight_multiply_adds_per_token", products},
                      {"share_of_multiply_adds", share(integerProducts, products)},
                      {"float_ops", describeFloatOps(program)}};
}

json::Array intaglio::describeOps(ModuleOp program) {
  json::Array all;
  forEachOp(program, [&](Operation *op) {
    if (op->getNumResults() == 0)
      return;
    Type element = getElementTypeOrSelf(op->getResult(0).getType());
    json::Object entry{{"name", nameOf(op)},
                       {"source", nameOf(op)},
                       {"op", op->getName().getStringRef()},
                       {"float", isFloat(op)}};
    if (element.isIntOrFloat())
      entry["bits"] = int64_t(element.getIntOrFloatBitWidth());
    all.push_back(std::move(entry));
  });
  return all;
}

/// Bits, scale and zero point; the smallest and the largest of scales by channel.
static void describeElement(json::Object &entry, Type element) {
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  entry["float"] = !quantized;
  if (!quantized) {
    entry["bits"] = int64_t(element.getIntOrFloatBitWidth());
    return;
  }
  entry["bits"] = int64_t(quantized.getStorageTypeIntegralWidth());
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    entry["scale"] = uniform.getScale();
    entry["zero_point"] = uniform.getZeroPoint();
  } else if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
    entry["scale"] = *llvm::min_element(perAxis.getScales());
    entry["largest_scale"] = *llvm::max_element(perAxis.getScales());
    entry["zero_point"] = 0;
  }
}

/// 10 log10(signal / noise); nothing where JSON has no number for it.
static std::optional<double> decibels(double signal, double noise) {
  if (signal <= 0 || noise <= 0)
    return std::nullopt;
  return 10 * std::log10(signal / noise);
}

json::Array intaglio::describeOps(const NoiseReport &noise) {
  json::Array all;
  for (const OpNoise &op : noise.ops) {
    json::Object entry{{"name", op.name}, {"source", op.source}, {"op", op.op}};
    describeElement(entry, op.element);
    if (!op.floatReason.empty())
      entry["reason"] = op.floatReason;
    if (noise.samples > 0) {
      entry["exact"] = op.sums.noise == 0;
      if (std::optional<double> sqnr = decibels(op.sums.signal, op.sums.noise))
        entry["sqnr_db"] = *sqnr;
      if (std::optional<double> sqnr = decibels(op.sums.signal, op.sums.own))
        entry["own_sqnr_db"] = *sqnr;
      entry["error_budget"] = op.budget;
    }
    all.push_back(std::move(entry));
  }
  return all;
}

json::Object intaglio::describeAccuracy(const Accuracy &accuracy, StringRef data) {
  json::Array outputs;
  for (const OutputAccuracy &output : accuracy.outputs) {
    json::Object entry{{"name", output.name},
                       {"rows", output.rows},
                       {"mean_cosine", output.meanCosine},
                       {"min_cosine", output.minCosine},
                       {"max_error", output.maxError}};
    // JSON has no infinity: an output without any error has no ratio.
    if (std::isfinite(output.sqnr))
      entry["sqnr_db"] = output.sqnr;
    outputs.push_back(std::move(entry));
  }
  return json::Object{
      {"data", data}, {"samples", accuracy.samples}, {"outputs", std::move(outputs)}};
}

std::optional<json::Object> intaglio::describeRanges(ModuleOp program) {
  ScopedDiagnosticHandler quiet(program.getContext(), [](Diagnostic &) { return success(); });
  FailureOr<AccumulatorWidths> widths = AccumulatorWidths::compute(program);
  const WidthProof *tightest = succeeded(widths) ? widths->getTightest() : nullptr;
  if (!tightest)
    return std::nullopt;
  return json::Object{{"holds", tightest->getSpareBits() >= 0},
                      {"widths", int64_t(widths->getProofs().size())},
                      {"smallest_spare_bits", tightest->getSpareBits()},
                      {"of_bits", int64_t(tightest->bits)},
                      {"quantity", tightest->quantity},
                      {"constraint", tightest->constraint},
                      {"where", nameOf(tightest->op)}};
}

int64_t intaglio::floatBytes(ModuleOp program) {
  int64_t bytes = 0;
  program.walk([&](arith::ConstantOp constant) {
    auto type = dyn_cast<ShapedType>(constant.getType());
    if (type && type.hasStaticShape() && type.getElementType().isF32())
      bytes += type.getNumElements() * int64_t(sizeof(float));
  });
  return bytes;
}
