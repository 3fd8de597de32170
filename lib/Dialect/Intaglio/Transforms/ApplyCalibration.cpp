//===- ApplyCalibration.cpp - statistics become fake_quant ---------------------------------===//
//
//   %o = intaglio.observe %x, %mask {id = "layer.0.norm"}
//   %y = intaglio.linear %o, %w, %b
//   %s = intaglio.add %y, %o
// becomes
//   %x16 = intaglio.fake_quant %x as !quant.uniform<i16:f32, 1.0e-4>
//   %x8 = intaglio.fake_quant %x16 as !quant.uniform<i8:f32, 2.0e-2:3>
//   %w8 = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32:0, {...}>
//   %y = intaglio.linear %x8, %w8, %b
//   %s = intaglio.add %y, %x16
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Dialect/Intaglio/Transforms/ApplyCalibration.h"

#include "intaglio/Analysis/Constants.h"
#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "intaglio/Dialect/Intaglio/Transforms/SmoothActivations.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Regex.h"

#include <cmath>

namespace intaglio {
#define GEN_PASS_DEF_APPLYCALIBRATIONPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;
using quant::QuantizedType;
using quant::UniformQuantizedPerAxisType;
using quant::UniformQuantizedType;

static QuantizedType storedAs(MLIRContext *context, unsigned width, const Storage &storage,
                              const UniformParameters &parameters) {
  return UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, IntegerType::get(context, width), Float32Type::get(context),
      parameters.scale, parameters.zeroPoint, storage.minimum, storage.maximum);
}

namespace {

/// Works through one entry function.
class Calibrator {
public:
  Calibrator(func::FuncOp entry, const Statistics &statistics, const CalibrationOptions &options)
      : entry(entry), forms(entry), statistics(statistics), options(options) {}
  LogicalResult run();

private:
  LogicalResult compileRegexes();
  LogicalResult checkIds(ArrayRef<ObserveOp> observed);
  void replace(ObserveOp op);
  LogicalResult quantizeConstants(QuantizableOpInterface op);
  QuantizedType byteType(const EdgeForm &edge, StringRef id, const EdgeStatistics &known);
  QuantizedType streamType(StringRef id, const EdgeStatistics &known);
  const Observer *findOverride(StringRef id);

  func::FuncOp entry;
  EdgeForms forms;
  const Statistics &statistics;
  const CalibrationOptions &options;
  SmallVector<std::pair<llvm::Regex, Observer>> overrides;
};

} // namespace

LogicalResult Calibrator::run() {
  auto observed = llvm::to_vector(entry.getBody().front().getOps<ObserveOp>());
  if (failed(compileRegexes()) || failed(checkIds(observed)))
    return failure();
  for (ObserveOp op : observed)
    replace(op);
  for (Operation &op : llvm::make_early_inc_range(entry.getBody().front()))
    if (QuantizableOpInterface quantizable = getQuantizable(&op))
      if (failed(quantizeConstants(quantizable)))
        return failure();
  return success();
}

LogicalResult Calibrator::compileRegexes() {
  for (const auto &[pattern, observer] : options.observerFor) {
    std::string error;
    llvm::Regex regex(pattern);
    if (!regex.isValid(error))
      return entry.emitError("observer-for: '")
             << pattern << "' is no regular expression: " << error;
    overrides.emplace_back(std::move(regex), observer);
  }
  return success();
}

LogicalResult Calibrator::checkIds(ArrayRef<ObserveOp> observed) {
  llvm::StringSet<> ids;
  bool complete = true;
  for (ObserveOp op : observed) {
    ids.insert(op.getId());
    if (statistics.edges.count(op.getId().str()))
      continue;
    op.emitOpError("edge '") << op.getId() << "' has no entry in the statistics";
    complete = false;
  }
  for (const auto &[id, known] : statistics.edges) {
    if (ids.contains(id))
      continue;
    entry.emitError("the statistics have an edge '") << id << "' that the program has not";
    complete = false;
  }
  return success(complete);
}

const Observer *Calibrator::findOverride(StringRef id) {
  for (auto &[regex, observer] : overrides)
    if (regex.match(id))
      return &observer;
  return nullptr;
}

/// The type of an i8 edge.
QuantizedType Calibrator::byteType(const EdgeForm &edge, StringRef id,
                                   const EdgeStatistics &known) {
  // An op of form Byte clamps to the whole range by itself; elsewhere -128 is left out where
  // symmetry is demanded.
  Storage storage{edge.symmetric ? -127 : -128, 127, edge.symmetric};
  ObserverOptions chosen = options.observer;
  if (const Observer *other = findOverride(id))
    chosen.observer = *other;
  // A smoothed edge has no histogram, and no outliers either.
  if (known.histogram.getTotal() == 0)
    chosen.observer = Observer::MinMax;
  intaglio::Range range = chooseRange(known, storage, chosen);
  return storedAs(entry.getContext(), 8, storage, chooseParameters(range, storage));
}

/// The type of an i16 edge: the extremes with headroom, for a clipped outlier costs more than a
/// bit.
QuantizedType Calibrator::streamType(StringRef id, const EdgeStatistics &known) {
  Storage storage{-32768, 32767, true};
  ObserverOptions chosen = options.observer;
  const Observer *other = findOverride(id);
  chosen.observer = other ? *other : Observer::MinMax;
  intaglio::Range range = chooseRange(known, storage, chosen);
  range.low *= options.headroom;
  range.high *= options.headroom;
  return storedAs(entry.getContext(), 16, storage, chooseParameters(range, storage));
}

void Calibrator::replace(ObserveOp op) {
  EdgeForm edge = forms.lookup(op.getX());
  const EdgeStatistics &known = statistics.edges.find(op.getId().str())->second;
  OpBuilder builder(op);
  Value current = op.getX(), byte, wide;
  auto quantize = [&](QuantizedType type) {
    current = FakeQuantOp::create(builder, op.getLoc(), current, type);
    return current;
  };
  bool byteFirst = !edge.madeInFloat && edge.form == ResultForm::Byte;
  if (edge.byte && byteFirst)
    byte = quantize(byteType(edge, op.getId(), known));
  if (edge.wide)
    wide = quantize(streamType(op.getId(), known));
  if (edge.byte && !byteFirst)
    byte = quantize(byteType(edge, op.getId(), known));
  for (OpOperand &use : llvm::make_early_inc_range(op.getResult().getUses()))
    use.set(forms.readsByte(use) ? byte : wide);
  op.erase();
}

/// Scales of the rows of a constant: the largest magnitude is 127. A row that is nearly zero keeps
/// a scale of 2^-24 of the largest, so that a bias at the accumulator's scale fits (Spec,
/// C-SCALE-5).
static SmallVector<double> scalesOfRows(ArrayRef<float> elements, int64_t rows) {
  SmallVector<double> scales;
  size_t columns = elements.size() / rows;
  double largest = 0;
  for (int64_t row = 0; row < rows; ++row) {
    double extreme = 0;
    for (float value : elements.slice(row * columns, columns))
      extreme = std::max<double>(extreme, std::abs(value));
    scales.push_back(static_cast<float>(extreme / 127));
    largest = std::max(largest, scales.back());
  }
  double least = std::max<double>(largest * 0x1p-24, std::numeric_limits<float>::min());
  for (double &scale : scales)
    scale = largest == 0 ? 1 : std::max(scale, least);
  return scales;
}

/// Raises scales until each bias is at most 2^30 at the accumulator's scale.
static void makeRoomForBias(SmallVectorImpl<double> &scales, double inputScale, Value bias) {
  if (auto values = bias ? ConstantArray<float>::get(bias) : std::nullopt)
    for (auto [scale, value] : llvm::zip(scales, values->getElements()))
      scale = std::max(scale, static_cast<double>(std::abs(value)) / (inputScale * 0x1p30));
}

LogicalResult Calibrator::quantizeConstants(QuantizableOpInterface op) {
  for (OpOperand &use : op->getOpOperands()) {
    OperandRole role = op.getOperandRole(use.getOperandNumber());
    if (role != OperandRole::Weight && role != OperandRole::Table)
      continue;
    auto elements = ConstantArray<float>::get(use.get());
    auto type = cast<RankedTensorType>(use.get().getType());
    if (!elements || type.getNumElements() == 0)
      return op.emitOpError("expects operand #")
             << use.getOperandNumber() << " to be an f32 constant with its data at hand";
    SmallVector<double> scales = scalesOfRows(elements->getElements(), type.getDimSize(0));
    if (auto linear = dyn_cast<LinearOp>(op.getOperation()))
      if (auto x = linear.getX().getDefiningOp<FakeQuantOp>())
        if (auto uniform = dyn_cast<UniformQuantizedType>(x.getQuantized()))
          makeRoomForBias(scales, uniform.getScale(), linear.getBias());
    MLIRContext *context = op->getContext();
    auto quantized = UniformQuantizedPerAxisType::get(
        quant::QuantizationFlags::Signed, IntegerType::get(context, 8), Float32Type::get(context),
        scales, SmallVector<int64_t>(scales.size(), 0), 0, -127, 127);
    OpBuilder builder(op);
    use.set(FakeQuantOp::create(builder, use.get().getLoc(), use.get(), quantized));
  }
  return success();
}

llvm::Expected<std::pair<std::string, Observer>> intaglio::parseObserverFor(llvm::StringRef text) {
  auto [pattern, name] = text.rsplit('=');
  std::optional<Observer> observer = parseObserver(name);
  if (pattern.empty() || !observer)
    return llvm::createStringError("observer-for: expects REGEX=OBSERVER with an observer of "
                                   "minmax, moving-average, percentile, entropy or mse, found '" +
                                   text + "'");
  return std::make_pair(pattern.str(), *observer);
}

LogicalResult intaglio::applyCalibration(ModuleOp module, const Statistics &statistics,
                                         const CalibrationOptions &options) {
  func::FuncOp entry = lookupEntry(module);
  if (!entry)
    return failure();
  Statistics smoothed = statistics;
  if (options.smoothing >= 0 && failed(smoothActivations(module, smoothed, options.smoothing)))
    return failure();
  return Calibrator(entry, smoothed, options).run();
}

namespace {
struct ApplyCalibrationPass : intaglio::impl::ApplyCalibrationPassBase<ApplyCalibrationPass> {
  using Base::Base;
  ApplyCalibrationPass(const ApplyCalibrationPassOptions &options,
                       std::shared_ptr<const Statistics> collected)
      : Base(options), collected(std::move(collected)) {}

  void runOnOperation() override {
    CalibrationOptions chosen;
    auto known = readOptions(chosen);
    if (!known) {
      getOperation().emitError() << llvm::toString(known.takeError());
      return signalPassFailure();
    }
    if (failed(applyCalibration(getOperation(), *known, chosen)))
      signalPassFailure();
  }

  llvm::Expected<Statistics> readOptions(CalibrationOptions &chosen) {
    std::optional<Observer> named = parseObserver(observer);
    if (!named)
      return llvm::createStringError("observer: expects minmax, moving-average, percentile, "
                                     "entropy or mse, found '" +
                                     observer + "'");
    chosen.observer.observer = *named;
    if (!(headroom >= 1 && headroom <= 256))
      return llvm::createStringError("headroom: expects a factor in 1 ... 256");
    chosen.headroom = headroom;
    chosen.smoothing = smoothing;
    for (StringRef text : observerFor) {
      auto pair = parseObserverFor(text);
      if (!pair)
        return pair.takeError();
      chosen.observerFor.push_back(*pair);
    }
    if (collected)
      return *collected;
    if (statistics.empty())
      return llvm::createStringError("statistics: expects the name of a statistics file");
    return readStatistics(statistics);
  }

  std::shared_ptr<const Statistics> collected; ///< null: read from the file `statistics`
};
} // namespace

std::unique_ptr<Pass>
intaglio::createApplyCalibrationPass(const ApplyCalibrationPassOptions &options,
                                     std::shared_ptr<const Statistics> statistics) {
  return std::make_unique<ApplyCalibrationPass>(options, std::move(statistics));
}
