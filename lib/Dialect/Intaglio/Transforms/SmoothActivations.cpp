//===- SmoothActivations.cpp - outlier channels move into weights --------------------------===//
//
//   %x = intaglio.layer_norm %s, %gamma, %beta
//   %o = intaglio.observe %x {id = "norm"}
//   %y = intaglio.linear %o, %w, %b
//   %z = intaglio.add %a, %o
// becomes
//   %x = intaglio.layer_norm %s, %gamma, %beta
//   %o = intaglio.observe %x {id = "norm"}
//   %x1 = intaglio.layer_norm %s, %gamma / f, %beta / f
//   %o1 = intaglio.observe %x1 {id = "norm.smooth"}
//   %y = intaglio.linear %o1, %w * f, %b
//   %z = intaglio.add %a, %o
// `convert-to-integers` sees that both norms differ by a factor for each channel and runs one.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Dialect/Intaglio/Transforms/SmoothActivations.h"

#include "intaglio/Analysis/Constants.h"
#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"

#include <cmath>

namespace intaglio {
#define GEN_PASS_DEF_SMOOTHACTIVATIONSPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

/// Magnitudes below it count as this much: a dead channel has no outliers.
constexpr double leastMagnitude = 1e-5;

/// The linear ops that read the edge, as many as have constant weights at hand.
static SmallVector<LinearOp> getReaders(ObserveOp edge) {
  SmallVector<LinearOp> readers;
  for (OpOperand &use : edge.getResult().getUses())
    if (auto linear = dyn_cast<LinearOp>(use.getOwner());
        linear && use.getOperandNumber() == 0 && getQuantizable(linear) &&
        ConstantArray<float>::get(linear.getWeight()))
      readers.push_back(linear);
  return readers;
}

/// The factor of each channel.
static std::vector<double> chooseFactors(const EdgeStatistics &edge, ArrayRef<LinearOp> readers,
                                         double alpha) {
  size_t channels = edge.channelMinima.size();
  std::vector<double> weights(channels, leastMagnitude), factors(channels);
  for (LinearOp reader : readers) {
    auto elements = ConstantArray<float>::get(reader.getWeight());
    for (size_t i = 0; i < elements->size(); ++i)
      weights[i % channels] = std::max<double>(weights[i % channels], std::abs((*elements)[i]));
  }
  double logarithms = 0;
  for (size_t c = 0; c < channels; ++c) {
    double extreme = std::max({-static_cast<double>(edge.channelMinima[c]),
                               static_cast<double>(edge.channelMaxima[c]), leastMagnitude});
    factors[c] = std::pow(extreme, alpha) / std::pow(weights[c], 1 - alpha);
    logarithms += std::log(factors[c]);
  }
  double mean = std::exp(logarithms / static_cast<double>(channels));
  for (double &factor : factors)
    factor /= mean;
  return factors;
}

/// `constant`, the channels of its last axis multiplied by `factors`.
static Value buildScaled(OpBuilder &builder, Value constant, ArrayRef<double> factors) {
  auto elements = ConstantArray<float>::get(constant);
  std::vector<float> scaled(elements->size());
  for (size_t i = 0; i < scaled.size(); ++i)
    scaled[i] = static_cast<float>((*elements)[i] * factors[i % factors.size()]);
  return buildConstant<float>(builder, constant.getLoc(), "smooth",
                              cast<RankedTensorType>(constant.getType()).getShape(),
                              std::move(scaled));
}

/// What is known of the edge divided by the factors.
static EdgeStatistics divide(const EdgeStatistics &edge, ArrayRef<double> factors) {
  EdgeStatistics smooth;
  smooth.samples = edge.samples;
  for (size_t c = 0; c < factors.size(); ++c) {
    smooth.channelMinima.push_back(static_cast<float>(edge.channelMinima[c] / factors[c]));
    smooth.channelMaxima.push_back(static_cast<float>(edge.channelMaxima[c] / factors[c]));
    smooth.minimum = std::min(smooth.minimum, smooth.channelMinima.back());
    smooth.maximum = std::max(smooth.maximum, smooth.channelMaxima.back());
  }
  return smooth;
}

/// Whether the op is a norm whose parameters are constants at hand.
static bool isConstantNorm(Operation *op) {
  return isa_and_nonnull<LayerNormOp, RMSNormOp>(op) && getQuantizable(op) &&
         llvm::all_of(op->getOperands().drop_front(), [](Value parameter) {
           return ConstantArray<float>::get(parameter).has_value();
         });
}

/// Smooths one edge.
static void smooth(ObserveOp edge, ArrayRef<LinearOp> readers, Statistics &statistics,
                   double alpha) {
  std::string id = edge.getId().str(), smoothId = id + ".smooth";
  const EdgeStatistics &known = statistics.edges[id];
  std::vector<double> factors = chooseFactors(known, readers, alpha), inverses;
  for (double factor : factors)
    inverses.push_back(1 / factor);
  OpBuilder builder(edge);
  builder.setInsertionPointAfter(edge);
  Operation *norm = builder.clone(*edge.getX().getDefiningOp());
  builder.setInsertionPoint(norm);
  for (OpOperand &parameter : norm->getOpOperands().drop_front())
    parameter.set(buildScaled(builder, parameter.get(), inverses));
  builder.setInsertionPointAfter(norm);
  auto observed = ObserveOp::create(builder, edge.getLoc(), edge.getType(), norm->getResult(0),
                                    edge.getMask(), builder.getStringAttr(smoothId));
  statistics.edges[smoothId] = divide(known, factors);
  for (LinearOp reader : readers) {
    builder.setInsertionPoint(reader);
    reader.getWeightMutable().assign(buildScaled(builder, reader.getWeight(), factors));
    reader.getXMutable().assign(observed.getResult());
  }
  if (!edge.use_empty())
    return;
  statistics.edges.erase(id);
  Operation *original = edge.getX().getDefiningOp();
  edge.erase();
  if (original->use_empty())
    original->erase();
}

LogicalResult intaglio::smoothActivations(ModuleOp module, Statistics &statistics, double alpha) {
  func::FuncOp entry = lookupEntry(module);
  if (!entry)
    return failure();
  if (!(alpha >= 0 && alpha <= 1))
    return entry.emitError("smoothing: expects a factor in 0 ... 1");
  for (ObserveOp edge : llvm::to_vector(entry.getBody().front().getOps<ObserveOp>())) {
    auto known = statistics.edges.find(edge.getId().str());
    SmallVector<LinearOp> readers = getReaders(edge);
    int64_t channels = cast<RankedTensorType>(edge.getX().getType()).getShape().back();
    // Statistics of another width, and none, are told by `apply-calibration`.
    if (readers.empty() || !isConstantNorm(edge.getX().getDefiningOp()) ||
        known == statistics.edges.end() ||
        static_cast<int64_t>(known->second.channelMinima.size()) != channels)
      continue;
    smooth(edge, readers, statistics, alpha);
  }
  return success();
}

namespace {
struct SmoothActivationsPass : intaglio::impl::SmoothActivationsPassBase<SmoothActivationsPass> {
  using Base::Base;
  void runOnOperation() override {
    auto known = readStatistics(statistics);
    if (!known) {
      getOperation().emitError() << llvm::toString(known.takeError());
      return signalPassFailure();
    }
    if (failed(smoothActivations(getOperation(), *known, alpha)))
      signalPassFailure();
  }
};
} // namespace
