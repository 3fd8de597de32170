//===- SampleRunner.cpp - all samples of files, several at a time -----------------------------===//

#include "SampleRunner.h"

#include <atomic>
#include <thread>

using namespace mlir;
using namespace intaglio;

SampleRunner::SampleRunner(MLIRContext *context, const ModelInfo &info,
                           const CollectOptions &options)
    : context(context), info(info), options(options) {
  int threads = options.threads > 0 ? options.threads : std::thread::hardware_concurrency();
  numWorkers = std::max(threads, 1);
}

LogicalResult SampleRunner::emit(StringRef path, llvm::Error error) {
  llvm::handleAllErrors(
      std::move(error),
      [&](const llvm::FileError &e) {
        emitError(locationOf(e.getFileName())) << e.messageWithoutFileInfo();
      },
      [&](const llvm::ErrorInfoBase &e) { emitError(locationOf(path)) << e.message(); });
  return failure();
}

FailureOr<int64_t> SampleRunner::survey(ArrayRef<std::string> paths) {
  int64_t total = 0;
  for (const std::string &path : paths) {
    llvm::Expected<SampleFile> file = SampleFile::open(info, path);
    if (!file)
      return emit(path, file.takeError());
    total += file->getNumSamples();
  }
  return total;
}

/// Workers take samples in order and stop at the first that fails, so all before the first failure
/// of the batch are tried.
LogicalResult SampleRunner::runBatch(StringRef path, ArrayRef<Array> batch, int64_t first,
                                     Progress &progress, RunFn body) {
  int64_t count = batch.front().shape.front();
  std::atomic<int64_t> next{0};
  std::vector<std::optional<SampleFailure>> failures(count);
  auto work = [&](int worker) {
    for (int64_t i = next++; i < count; i = next++) {
      failures[i] = body(worker, getSample(batch, i), first + i);
      progress.advance();
      if (failures[i])
        break;
    }
  };
  std::vector<std::thread> threads;
  for (int worker = 1; worker < std::min<int64_t>(numWorkers, count); ++worker)
    threads.emplace_back(work, worker);
  work(0);
  for (std::thread &thread : threads)
    thread.join();
  for (const std::optional<SampleFailure> &failure : failures)
    if (failure)
      return emitError(failure->where.value_or(locationOf(path))) << failure->message;
  return success();
}

FailureOr<int64_t> SampleRunner::run(StringRef path, Progress &progress, RunFn body) {
  llvm::Expected<SampleFile> file = SampleFile::open(info, path);
  if (!file)
    return emit(path, file.takeError());
  for (int64_t done = 0; done < file->getNumSamples();) {
    llvm::Expected<std::vector<Array>> batch =
        file->readBatch(std::max(options.batchSize, int64_t(1)));
    if (!batch)
      return emit(path, batch.takeError());
    if (failed(runBatch(path, *batch, done, progress, body)))
      return failure();
    done += batch->front().shape.front();
  }
  return file->getNumSamples();
}
