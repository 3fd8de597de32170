//===- Collect.cpp - statistics of a float program on data -----------------------------------===//

#include "intaglio/Calibration/Collect.h"

#include "Progress.h"
#include "Samples.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/Target/Inputs.h"
#include "intaglio/Target/JIT.h"

#include <atomic>
#include <thread>

using namespace mlir;
using namespace intaglio;

namespace {

/// What kept a sample from being counted.
struct SampleFailure {
  int64_t sample;
  int32_t edge;        ///< the edge that is not finite, or -1
  std::string message; ///< else what is wrong
};

/// Runs samples and counts what it sees; one for each thread.
class Worker {
public:
  explicit Worker(const JitModel &model) : model(model), edges(model.getInfo().observed.size()) {}

  /// Runs sample `index` of `batch`, which is sample `number` of its file.
  void run(ArrayRef<Array> batch, int64_t index, int64_t number);

  const JitModel &model;
  std::vector<EdgeStatistics> edges;
  std::optional<SampleFailure> failure;
  std::vector<int64_t> allPadding; ///< samples of the file that have only padding

private:
  llvm::Error runChecked(ArrayRef<Array> sample, int64_t number);
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
  LogicalResult survey(ArrayRef<std::string> paths);
  LogicalResult compile();
  LogicalResult runFile(StringRef path, Progress &progress);
  LogicalResult runBatch(StringRef path, ArrayRef<Array> batch, int64_t first, Progress &progress);
  LogicalResult report(StringRef path);
  LogicalResult addSaved(StringRef path);
  void warnOfDeadChannels();
  LogicalResult emit(StringRef path, llvm::Error error);
  Location locationOf(StringRef path) {
    return FileLineColLoc::get(program.getContext(), path, 0, 0);
  }

  ModuleOp program;
  const CollectOptions &options;
  Statistics statistics;
  std::vector<ObserveOp> observes; ///< by edge number
  ModelInfo info;
  std::unique_ptr<JitModel> model;
  std::vector<Worker> workers;
  int64_t total = 0;
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

static bool isSaved(StringRef path) { return path.ends_with(".json"); }

//===----------------------------------------------------------------------------------------===//
// One sample
//===----------------------------------------------------------------------------------------===//

llvm::Error Worker::runChecked(ArrayRef<Array> sample, int64_t number) {
  llvm::Expected<BoundInputs> bound = bindInputs(model.getInfo(), sample);
  if (!bound)
    return bound.takeError();
  SmallVector<const void *> inputs;
  for (auto [input, array] : llvm::zip_equal(model.getInfo().inputs, bound->inputs)) {
    if (llvm::Error error = checkElements(input, array, number))
      return error;
    inputs.push_back(array.bytes.data());
  }
  SmallVector<void *> data;
  llvm::Expected<std::vector<Array>> outputs = makeOutputs(model.getInfo(), bound->dims, data);
  if (!outputs)
    return outputs.takeError();
  bool padding = false;
  auto observe = [&](int32_t edge, const float *values, const int64_t *mask, int64_t rows,
                     int64_t columns) {
    if (failure)
      return;
    auto takesPart = [&](int64_t row) { return !mask || mask[row] != 0; };
    padding |= mask && std::none_of(mask, mask + rows, [](int64_t flag) { return flag != 0; });
    if (edges[edge].addSample(values, rows, columns, takesPart) >= 0)
      failure = SampleFailure{number, edge, ""};
  };
  if (llvm::Error error = model.run(bound->dims, inputs, data, /*threads=*/1, ObserveFn(observe)))
    return error;
  if (padding)
    allPadding.push_back(number);
  return llvm::Error::success();
}

void Worker::run(ArrayRef<Array> batch, int64_t index, int64_t number) {
  if (llvm::Error error = runChecked(getSample(batch, index), number))
    failure = SampleFailure{number, -1, llvm::toString(std::move(error))};
}

//===----------------------------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------------------------===//

/// Reports `error` at the file that it names, or at `path`.
LogicalResult Collector::emit(StringRef path, llvm::Error error) {
  llvm::handleAllErrors(
      std::move(error),
      [&](const llvm::FileError &e) {
        emitError(locationOf(e.getFileName())) << e.messageWithoutFileInfo();
      },
      [&](const llvm::ErrorInfoBase &e) { emitError(locationOf(path)) << e.message(); });
  return failure();
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

/// Checks all files before anything runs.
LogicalResult Collector::survey(ArrayRef<std::string> paths) {
  for (const std::string &path : paths) {
    if (isSaved(path))
      continue;
    llvm::Expected<SampleFile> file = SampleFile::open(info, path);
    if (!file)
      return emit(path, file.takeError());
    total += file->getNumSamples();
  }
  return success();
}

LogicalResult Collector::compile() {
  FailureOr<CompiledModel> compiled = compileToLLVM(program);
  if (failed(compiled))
    return failure();
  llvm::Expected<std::unique_ptr<JitModel>> created = JitModel::create(std::move(*compiled));
  if (!created)
    return program.emitError(llvm::toString(created.takeError()));
  model = std::move(*created);
  int threads = options.threads > 0 ? options.threads : std::thread::hardware_concurrency();
  for (int i = 0; i < std::max(threads, 1); ++i)
    workers.emplace_back(*model);
  return success();
}

//===----------------------------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------------------------===//

/// Shares the samples of a batch among the workers. They take them in order, so all before one that
/// fails are tried too.
LogicalResult Collector::runBatch(StringRef path, ArrayRef<Array> batch, int64_t first,
                                  Progress &progress) {
  int64_t count = batch.front().shape.front();
  std::atomic<int64_t> next{0};
  auto work = [&](Worker &worker) {
    for (int64_t i = next++; i < count && !worker.failure; i = next++) {
      worker.run(batch, i, first + i);
      progress.advance();
    }
  };
  std::vector<std::thread> threads;
  for (Worker &worker : llvm::MutableArrayRef(workers).drop_front())
    threads.emplace_back(work, std::ref(worker));
  work(workers.front());
  for (std::thread &thread : threads)
    thread.join();
  return report(path);
}

/// Reports the first sample of a batch that failed.
LogicalResult Collector::report(StringRef path) {
  const SampleFailure *worst = nullptr;
  for (const Worker &worker : workers)
    if (worker.failure && (!worst || worker.failure->sample < worst->sample))
      worst = &*worker.failure;
  if (!worst)
    return success();
  if (worst->edge < 0)
    return emitError(locationOf(path)) << worst->message;
  ObserveOp op = observes[worst->edge];
  return emitError(op.getLoc()) << "the edge '" << op.getId() << "' has NaN or infinity for sample "
                                << worst->sample << " of " << path;
}

LogicalResult Collector::runFile(StringRef path, Progress &progress) {
  llvm::Expected<SampleFile> file = SampleFile::open(info, path);
  if (!file)
    return emit(path, file.takeError());
  for (int64_t done = 0; done < file->getNumSamples();) {
    llvm::Expected<std::vector<Array>> batch =
        file->readBatch(std::max(options.batchSize, int64_t(1)));
    if (!batch)
      return emit(path, batch.takeError());
    if (failed(runBatch(path, *batch, done, progress)))
      return failure();
    done += batch->front().shape.front();
  }
  statistics.samples += file->getNumSamples();
  std::vector<int64_t> padding;
  for (Worker &worker : workers)
    llvm::append_range(padding, std::exchange(worker.allPadding, {}));
  llvm::sort(padding);
  if (!padding.empty())
    emitWarning(locationOf(path)) << "nothing but padding in " << padding.size()
                                  << " of the samples: " << list(padding);
  return success();
}

LogicalResult Collector::addSaved(StringRef path) {
  llvm::Expected<Statistics> saved = readStatistics(path);
  if (!saved)
    return emit(path, saved.takeError());
  if (llvm::Error error = statistics.merge(*saved))
    return emit(path, std::move(error));
  return success();
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

LogicalResult Collector::run(ArrayRef<std::string> paths) {
  if (paths.empty())
    return program.emitError("no calibration data are given");
  if (failed(findEdges()) || failed(survey(paths)))
    return failure();
  if (total > 0 && failed(compile()))
    return failure();
  Progress progress(options.progress, "calibrate", total);
  for (const std::string &path : paths)
    if (failed(isSaved(path) ? addSaved(path) : runFile(path, progress)))
      return failure();
  for (const Worker &worker : workers)
    for (auto [op, edge] : llvm::zip_equal(observes, worker.edges))
      statistics.edges[op.getId().str()].merge(edge);
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
