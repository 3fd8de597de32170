//===- Accuracy.cpp - how near a program comes to another
//---------------------------------------===//

#include "intaglio/Calibration/Accuracy.h"

#include "SampleRunner.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/Target/JIT.h"

#include "llvm/Support/Format.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;

namespace {

/// What is summed over the rows of an output.
struct Sums {
  int64_t rows = 0;
  double cosines = 0, minCosine = 1, signal = 0, noise = 0, maxError = 0;

  void addRow(const float *expected, const float *actual, int64_t channels);
  void merge(const Sums &other);
};

/// Compares the outputs of two programs.
class Comparer {
public:
  Comparer(ModuleOp expected, ModuleOp actual, const CollectOptions &options)
      : expected(expected), actual(actual), options(options) {}
  FailureOr<Accuracy> run(ArrayRef<std::string> paths);

private:
  LogicalResult compile();
  void findMask();
  std::optional<SampleFailure> runSample(MutableArrayRef<Sums> sums, ArrayRef<Array> sample,
                                         int64_t number);
  void compare(Sums &sums, const Array &expectedOutput, const Array &actualOutput,
               ArrayRef<int64_t> mask);

  ModuleOp expected, actual;
  const CollectOptions &options;
  std::unique_ptr<JitModel> expectedModel, actualModel;
  std::string maskName;
};

} // namespace

void Sums::addRow(const float *x, const float *y, int64_t channels) {
  double xx = 0, yy = 0, xy = 0, error = 0;
  for (int64_t c = 0; c < channels; ++c) {
    double a = x[c], b = y[c];
    xx += a * a;
    yy += b * b;
    xy += a * b;
    error += (a - b) * (a - b);
    maxError = std::max(maxError, std::abs(a - b));
  }
  double cosine = xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : (xx == yy ? 1 : 0);
  ++rows;
  cosines += cosine;
  minCosine = std::min(minCosine, cosine);
  signal += xx;
  noise += error;
}

void Sums::merge(const Sums &other) {
  rows += other.rows;
  cosines += other.cosines;
  minCosine = std::min(minCosine, other.minCosine);
  signal += other.signal;
  noise += other.noise;
  maxError = std::max(maxError, other.maxError);
}

/// Finds the name of the input that tells padding.
void Comparer::findMask() {
  auto entry = expected.lookupSymbol<func::FuncOp>("main");
  entry.walk([&](QuantizableOpInterface op) {
    for (OpOperand &use : op->getOpOperands()) {
      auto argument = dyn_cast<BlockArgument>(use.get());
      if (!argument || op.getOperandRole(use.getOperandNumber()) != OperandRole::Mask)
        continue;
      maskName = expectedModel->getInfo().inputs[argument.getArgNumber()].name;
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
}

LogicalResult Comparer::compile() {
  auto compiled = compileInProcess(expected);
  if (failed(compiled))
    return failure();
  expectedModel = std::move(*compiled);
  compiled = compileInProcess(actual);
  if (failed(compiled))
    return failure();
  actualModel = std::move(*compiled);
  const ModelInfo &mine = actualModel->getInfo(), &theirs = expectedModel->getInfo();
  auto same = [](const TensorInfo &a, const TensorInfo &b) {
    return a.name == b.name && a.elementType == b.elementType && a.dims.size() == b.dims.size();
  };
  if (!std::equal(mine.outputs.begin(), mine.outputs.end(), theirs.outputs.begin(),
                  theirs.outputs.end(), same))
    return actual.emitError("the outputs are not those of the program to compare with");
  return success();
}

/// Adds the rows of an output. The mask has an element for each row, or the rows are not tokens.
void Comparer::compare(Sums &sums, const Array &x, const Array &y, ArrayRef<int64_t> mask) {
  if (x.shape.empty() || x.bytes.empty())
    return;
  int64_t channels = x.shape.back(), rows = x.bytes.size() / sizeof(float) / channels;
  bool tokens = x.shape.size() == 3 && rows == int64_t(mask.size());
  const float *expectedData = reinterpret_cast<const float *>(x.bytes.data());
  const float *actualData = reinterpret_cast<const float *>(y.bytes.data());
  for (int64_t row = 0; row < rows; ++row)
    if (!tokens || mask[row] != 0)
      sums.addRow(expectedData + row * channels, actualData + row * channels, channels);
}

std::optional<SampleFailure> Comparer::runSample(MutableArrayRef<Sums> sums, ArrayRef<Array> sample,
                                                 int64_t number) {
  auto run = [&](const JitModel &model) {
    return model.run(sample, /*threads=*/1, std::nullopt, number);
  };
  llvm::Expected<std::vector<Array>> x = run(*expectedModel), y = run(*actualModel);
  if (!x || !y) {
    std::string message = llvm::toString(llvm::joinErrors(x.takeError(), y.takeError()));
    return SampleFailure{std::nullopt, StringRef(message).split('\n').first.str()};
  }
  ArrayRef<int64_t> mask;
  for (const Array &input : sample)
    if (input.name == maskName)
      mask = ArrayRef(reinterpret_cast<const int64_t *>(input.bytes.data()),
                      input.bytes.size() / sizeof(int64_t));
  for (auto [sum, a, b] : llvm::zip_equal(sums, *x, *y))
    if (a.dtype == DType::F32)
      compare(sum, a, b, mask);
  return std::nullopt;
}

/// What the sums say.
static OutputAccuracy finish(const Sums &sums, StringRef name) {
  OutputAccuracy result{name.str(), sums.rows};
  if (sums.rows == 0)
    return result;
  result.meanCosine = sums.cosines / static_cast<double>(sums.rows);
  result.minCosine = sums.minCosine;
  result.sqnr = sums.noise == 0 ? INFINITY : 10 * std::log10(sums.signal / sums.noise);
  result.maxError = sums.maxError;
  return result;
}

FailureOr<Accuracy> Comparer::run(ArrayRef<std::string> paths) {
  FailureOr<ModelInfo> info = describeModel(expected);
  if (failed(info))
    return failure();
  SampleRunner runner(expected.getContext(), *info, options);
  FailureOr<int64_t> total = runner.survey(paths);
  if (failed(total) || *total == 0 || failed(compile()))
    return failure();
  findMask();
  // Sums of each sample, added in the order of the samples: the threads' order does not show.
  size_t count = info->outputs.size();
  std::vector<Sums> all(*total * count);
  Progress progress(options.progress, "compare", *total);
  int64_t done = 0;
  for (const std::string &path : paths) {
    FailureOr<int64_t> samples =
        runner.run(path, progress, [&](int, ArrayRef<Array> sample, int64_t number) {
          return runSample(MutableArrayRef(all).slice((done + number) * count, count), sample,
                           number);
        });
    if (failed(samples))
      return failure();
    done += *samples;
  }
  Accuracy accuracy{done, {}};
  for (auto [i, output] : llvm::enumerate(info->outputs)) {
    if (!output.elementType.isF32())
      continue;
    Sums sums;
    for (int64_t sample = 0; sample < done; ++sample)
      sums.merge(all[sample * count + i]);
    accuracy.outputs.push_back(finish(sums, output.name));
  }
  return accuracy;
}

FailureOr<Accuracy> intaglio::measureAccuracy(ModuleOp expected, ModuleOp actual,
                                              ArrayRef<std::string> paths,
                                              const CollectOptions &options) {
  if (paths.empty())
    return actual.emitError("no data to compare on are given");
  return Comparer(expected, actual, options).run(paths);
}

void intaglio::printAccuracy(const Accuracy &accuracy, raw_ostream &os) {
  for (const OutputAccuracy &output : accuracy.outputs)
    os << output.name << ": cosine mean " << llvm::format("%.5f", output.meanCosine) << " min "
       << llvm::format("%.5f", output.minCosine) << ", SQNR " << llvm::format("%.2f", output.sqnr)
       << " dB, largest error " << llvm::format("%g", output.maxError) << " (" << output.rows
       << " rows of " << accuracy.samples << " samples)\n";
}
