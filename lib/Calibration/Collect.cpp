//===- Collect.cpp - statistics of a float program on data -----------------------------------===//

#include "intaglio/Calibration/Collect.h"

#include "SampleRunner.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/Target/Inputs.h"
#include "intaglio/Target/JIT.h"

using namespace mlir;
using namespace intaglio;

namespace {

/// What one thread has seen.
struct Worker {
  std::vector<EdgeStatistics> edges;
  std::vector<int64_t> allPadding; ///< samples of the file that have only padding
};

/// Collects the statistics of one program.
class Collector {
public:
  Collector(ModuleOp program, const CollectOptions &options) : program(program), options(options) {
    statistics.model = fingerprint(program);
  }

  LogicalResult run(ArrayRef<std::string> paths);
  Statistics take() { return std::move(statistics); }

private:
  LogicalResult findEdges();
  LogicalResult runFiles(SampleRunner &runner, ArrayRef<std::string> paths, int64_t total);
  std::optional<SampleFailure> runSample(Worker &worker, StringRef path, ArrayRef<Array> sample,
                                         int64_t number);
  void warnOfPadding(Location file);
  void warnOfDeadChannels();

  ModuleOp program;
  const CollectOptions &options;
  Statistics statistics;
  std::vector<ObserveOp> observes; ///< by edge number
  ModelInfo info;
  std::unique_ptr<JitModel> model;
  std::vector<Worker> workers;
};

} // namespace

/// "3, 17, 40", or only the first of them.
static std::string list(ArrayRef<int64_t> numbers) {
  constexpr size_t kMostNamed = 8;
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(numbers.take_front(kMostNamed), os);
  return text + (numbers.size() > kMostNamed ? ", ..." : "");
}

LogicalResult Collector::findEdges() {
  FailureOr<ModelInfo> described = describeModel(program);
  if (failed(described))
    return failure();
  info = std::move(*described);
  program.lookupSymbol<func::FuncOp>("main").walk([&](ObserveOp op) { observes.push_back(op); });
  for (ObserveOp op : observes) {
    auto [entry, added] = statistics.edges.try_emplace(op.getId().str());
    if (!added)
      return op.emitOpError("the id '") << op.getId() << "' is that of another edge too";
    auto mask = op.getMask() ? cast<ShapedType>(op.getMask().getType()) : ShapedType();
    if (mask && mask.getRank() + 1 != cast<ShapedType>(op.getX().getType()).getRank())
      return op.emitOpError("the mask must have the axes of the rows, found ") << mask;
    int64_t channels = cast<ShapedType>(op.getX().getType()).getShape().back();
    if (ShapedType::isDynamic(channels))
      return op.emitOpError("the number of channels is not known");
    entry->second.channelMinima.assign(channels, 0);
    entry->second.channelMaxima.assign(channels, 0);
  }
  return success();
}

std::optional<SampleFailure> Collector::runSample(Worker &worker, StringRef path,
                                                  ArrayRef<Array> sample, int64_t number) {
  int32_t notFinite = -1;
  bool padding = false;
  auto observe = [&](int32_t edge, const float *values, const int64_t *mask, int64_t rows,
                     int64_t columns) {
    if (notFinite >= 0)
      return;
    auto takesPart = [&](int64_t row) { return !mask || mask[row] != 0; };
    padding |= mask && std::none_of(mask, mask + rows, [](int64_t flag) { return flag != 0; });
    if (worker.edges[edge].addSample(values, rows, columns, takesPart) >= 0)
      notFinite = edge;
  };
  llvm::Expected<std::vector<Array>> outputs =
      model->run(sample, /*threads=*/1, ObserveFn(observe), number);
  if (!outputs)
    return SampleFailure{std::nullopt, llvm::toString(outputs.takeError())};
  if (notFinite >= 0) {
    ObserveOp op = observes[notFinite];
    return SampleFailure{op.getLoc(),
                         ("the edge '" + op.getId() + "' has NaN or infinity for sample " +
                          Twine(number) + " of " + path)
                             .str()};
  }
  if (padding)
    worker.allPadding.push_back(number);
  return std::nullopt;
}

void Collector::warnOfPadding(Location file) {
  std::vector<int64_t> padding;
  for (Worker &worker : workers)
    llvm::append_range(padding, std::exchange(worker.allPadding, {}));
  llvm::sort(padding);
  if (!padding.empty())
    emitWarning(file) << "nothing but padding in " << padding.size()
                      << " of the samples: " << list(padding);
}

/// A channel that is zero in every row takes a weight's place for nothing, or was not reached.
void Collector::warnOfDeadChannels() {
  for (ObserveOp op : observes) {
    const EdgeStatistics &edge = statistics.edges[op.getId().str()];
    std::vector<int64_t> dead = edge.getDeadChannels();
    if (dead.empty() || edge.samples == 0)
      continue;
    emitWarning(op.getLoc()) << "the edge '" << op.getId() << "' is zero in all rows of "
                             << dead.size() << " of " << edge.channelMaxima.size()
                             << " channels: " << list(dead);
  }
}

/// Compiles the program and runs all samples.
LogicalResult Collector::runFiles(SampleRunner &runner, ArrayRef<std::string> paths,
                                  int64_t total) {
  FailureOr<std::unique_ptr<JitModel>> compiled = compileInProcess(program);
  if (failed(compiled))
    return failure();
  model = std::move(*compiled);
  workers.resize(runner.getNumWorkers());
  for (Worker &worker : workers)
    worker.edges.resize(observes.size());
  Progress progress(options.progress, "calibrate", total);
  for (const std::string &path : paths) {
    FailureOr<int64_t> samples =
        runner.run(path, progress, [&](int worker, ArrayRef<Array> sample, int64_t number) {
          return runSample(workers[worker], path, sample, number);
        });
    if (failed(samples))
      return failure();
    statistics.samples += *samples;
    warnOfPadding(runner.locationOf(path));
  }
  for (const Worker &worker : workers)
    for (auto [op, edge] : llvm::zip_equal(observes, worker.edges))
      statistics.edges[op.getId().str()].merge(edge);
  return success();
}

LogicalResult Collector::run(ArrayRef<std::string> paths) {
  if (paths.empty())
    return program.emitError("no calibration data are given");
  if (failed(findEdges()))
    return failure();
  SampleRunner runner(program.getContext(), info, options);
  std::vector<std::string> data;
  for (const std::string &path : paths) {
    if (!StringRef(path).ends_with(".json")) {
      data.push_back(path);
      continue;
    }
    llvm::Expected<Statistics> saved = readStatistics(path);
    if (!saved)
      return runner.emit(path, saved.takeError());
    if (llvm::Error error = statistics.merge(*saved))
      return runner.emit(path, std::move(error));
  }
  FailureOr<int64_t> total = runner.survey(data);
  if (failed(total) || (*total > 0 && failed(runFiles(runner, data, *total))))
    return failure();
  warnOfDeadChannels();
  return success();
}

FailureOr<Statistics> intaglio::collectStatistics(ModuleOp program, ArrayRef<std::string> paths,
                                                  const CollectOptions &options) {
  Collector collector(program, options);
  if (failed(collector.run(paths)))
    return failure();
  return collector.take();
}
