//===- OpNoise.cpp - the noise that integers add to each op -----------------------------------===//

#include "NoiseProbe.h"
#include "SampleRunner.h"

#include "intaglio/Target/JIT.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;

namespace {

/// The rows of one edge that take part.
using Rows = std::vector<float>;

/// Measures the ops of one probe.
class Meter {
public:
  Meter(NoiseProbe &probe, const CollectOptions &options) : probe(probe), options(options) {}
  FailureOr<int64_t> run(ArrayRef<std::string> paths);

private:
  LogicalResult compile();
  std::optional<SampleFailure> runSample(MutableArrayRef<NoiseSums> sums, ArrayRef<Array> sample,
                                         int64_t number);

  NoiseProbe &probe;
  const CollectOptions &options;
  std::unique_ptr<JitModel> floatModel, integerModel;
};

} // namespace

/// Adds a sample. There is no z for an op that is float in both programs.
static void add(NoiseSums &sums, const Rows &x, const Rows &y, const Rows *z) {
  for (size_t i = 0, e = std::min(x.size(), y.size()); i < e; ++i) {
    double a = x[i], b = y[i], c = z ? (*z)[i] : b;
    sums.signal += a * a;
    sums.noise += (b - a) * (b - a);
    sums.own += (b - c) * (b - c);
    sums.inherited += (c - a) * (c - a);
  }
}

static void merge(NoiseSums &sums, const NoiseSums &other) {
  sums.signal += other.signal;
  sums.noise += other.noise;
  sums.own += other.own;
  sums.inherited += other.inherited;
}

//===----------------------------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------------------------===//

LogicalResult Meter::compile() {
  auto compiled = compileInProcess(*probe.floatProgram);
  if (failed(compiled))
    return failure();
  floatModel = std::move(*compiled);
  compiled = compileInProcess(*probe.integerProgram);
  if (failed(compiled))
    return failure();
  integerModel = std::move(*compiled);
  return success();
}

/// Runs a model and keeps what its `observe` ops see, by op: results, and those of float ops.
static llvm::Error runObserved(const JitModel &model, ArrayRef<Array> sample, int64_t number,
                               std::vector<Rows> &results, std::vector<Rows> &references) {
  auto observe = [&](int32_t edge, const float *values, const int64_t *mask, int64_t rows,
                     int64_t columns) {
    auto [op, own] = NoiseProbe::parseId(model.getInfo().observed[edge]);
    Rows &seen = (own ? references : results)[op];
    for (int64_t row = 0; row < rows; ++row)
      if (!mask || mask[row] != 0)
        seen.insert(seen.end(), values + row * columns, values + (row + 1) * columns);
  };
  return model.run(sample, /*threads=*/1, ObserveFn(observe), number).takeError();
}

std::optional<SampleFailure> Meter::runSample(MutableArrayRef<NoiseSums> sums,
                                              ArrayRef<Array> sample, int64_t number) {
  size_t count = probe.ops.size();
  std::vector<Rows> x(count), y(count), z(count), none(count);
  if (llvm::Error error = runObserved(*floatModel, sample, number, x, none))
    return SampleFailure{std::nullopt, llvm::toString(std::move(error))};
  if (llvm::Error error = runObserved(*integerModel, sample, number, y, z))
    return SampleFailure{std::nullopt, llvm::toString(std::move(error))};
  for (size_t op = 0; op < count; ++op) {
    bool isFloat = !probe.ops[op].facts.floatReason.empty();
    NoiseSums &sum = sums[op];
    add(sum, x[op], y[op], isFloat ? nullptr : &z[op]);
    if (!std::isfinite(sum.signal + sum.noise + sum.own + sum.inherited))
      return SampleFailure{std::nullopt, "the result of '" + probe.ops[op].facts.name +
                                             "' has NaN or infinity for sample " +
                                             std::to_string(number)};
  }
  return std::nullopt;
}

FailureOr<int64_t> Meter::run(ArrayRef<std::string> paths) {
  FailureOr<ModelInfo> info = describeModel(*probe.floatProgram);
  if (failed(info))
    return failure();
  SampleRunner runner(probe.floatProgram->getContext(), *info, options);
  FailureOr<int64_t> total = runner.survey(paths);
  if (failed(total) || failed(compile()))
    return failure();
  int64_t samples = std::min(*total, mostNoiseSamples), done = 0;
  size_t count = probe.ops.size();
  // Sums of each sample, added in the order of the samples: the threads' order does not show.
  std::vector<NoiseSums> all(samples * count);
  Progress progress(options.progress, "measure ops", *total);
  for (const std::string &path : paths) {
    if (done >= samples)
      break;
    FailureOr<int64_t> found = runner.run(
        path, progress,
        [&](int, ArrayRef<Array> sample, int64_t number) -> std::optional<SampleFailure> {
          if (done + number >= samples)
            return std::nullopt;
          auto sums = MutableArrayRef(all).slice((done + number) * count, count);
          return runSample(sums, sample, number);
        });
    if (failed(found))
      return failure();
    done += *found;
  }
  for (int64_t sample = 0; sample < samples; ++sample)
    for (size_t op = 0; op < count; ++op)
      merge(probe.ops[op].facts.sums, all[sample * count + op]);
  return samples;
}

//===----------------------------------------------------------------------------------------===//
// The budget
//===----------------------------------------------------------------------------------------===//

/// How much of what an op inherits comes by the operand that `maker` makes, up to a factor.
static double weightOf(const ProbedOp &reader, const ProbedOp &maker) {
  double noise = maker.facts.sums.noise;
  return reader.adds || noise == 0 ? noise : noise / maker.facts.sums.signal;
}

/// Traces the noise of the outputs back to the ops that add it.
static void attribute(NoiseProbe &probe) {
  std::vector<double> arrived(probe.ops.size());
  auto isNoisy = [&](int64_t op) { return probe.ops[op].facts.sums.noise > 0; };
  int64_t noisy = llvm::count_if(probe.outputs, isNoisy);
  for (int64_t output : probe.outputs)
    if (isNoisy(output))
      arrived[output] += 1.0 / double(noisy);
  for (int64_t number = int64_t(probe.ops.size()) - 1; number >= 0; --number) {
    ProbedOp &op = probe.ops[number];
    double total = 0, sum = op.facts.sums.own + op.facts.sums.inherited;
    for (int64_t maker : op.makers)
      total += weightOf(op, probe.ops[maker]);
    // Without a noisy operand all of it begins here.
    double own = total > 0 && sum > 0 ? op.facts.sums.own / sum : 1;
    op.facts.budget = arrived[number] * own;
    if (total > 0)
      for (int64_t maker : op.makers)
        arrived[maker] += arrived[number] * (1 - own) * weightOf(op, probe.ops[maker]) / total;
  }
}

/// The ops without what is part of another.
static NoiseReport report(NoiseProbe &probe, int64_t samples) {
  NoiseReport result{samples, {}};
  for (ProbedOp &op : probe.ops)
    if (!op.isPart)
      result.ops.push_back(std::move(op.facts));
  return result;
}

FailureOr<NoiseReport> intaglio::describeQuantizedOps(ModuleOp calibrated) {
  FailureOr<NoiseProbe> probe = NoiseProbe::create(calibrated);
  if (failed(probe))
    return failure();
  return report(*probe, 0);
}

FailureOr<NoiseReport> intaglio::measureOpNoise(ModuleOp calibrated, ArrayRef<std::string> paths,
                                                StringRef nonlinear,
                                                const CollectOptions &options) {
  if (paths.empty())
    return calibrated.emitError("no data to measure on are given");
  FailureOr<NoiseProbe> probe = NoiseProbe::create(calibrated);
  if (failed(probe) || failed(probe->integerize(nonlinear)))
    return failure();
  FailureOr<int64_t> samples = Meter(*probe, options).run(paths);
  if (failed(samples))
    return failure();
  attribute(*probe);
  return report(*probe, *samples);
}
