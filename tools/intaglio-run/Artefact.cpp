//===- Artefact.cpp - runs compiled models --------------------------------------------------===//

#include "Commands.h"
#include "Profile.h"

#include "intaglio/Data/Json.h"
#include "intaglio/Data/Npz.h"
#include "intaglio/Target/PeakMemory.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;
using namespace intaglio;
using run::LoadedArtefact;
using Clock = std::chrono::steady_clock;

static double millisecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

Expected<std::vector<Array>> run::evaluateArtefact(StringRef path, ArrayRef<Array> arrays,
                                                   unsigned threads) {
  Expected<std::unique_ptr<LoadedArtefact>> artefact = LoadedArtefact::load(path);
  if (!artefact)
    return artefact.takeError();
  if (Error error = (*artefact)->start(threads))
    return error;
  if (Error error = (*artefact)->bind(arrays))
    return error;
  if (Error error = (*artefact)->run())
    return error;
  return (*artefact)->getOutputs();
}

//===----------------------------------------------------------------------------------------===//
// The default command
//===----------------------------------------------------------------------------------------===//

static json::Object describe(ArrayRef<Array> arrays) {
  json::Object object;
  for (const Array &array : arrays)
    object[array.name] =
        json::Object{{"dtype", nameOf(array.dtype)}, {"shape", json::Array(array.shape)}};
  return object;
}

/// The smallest value that `share` of the sorted values do not exceed.
static double percentile(ArrayRef<double> sorted, double share) {
  size_t rank = size_t(std::ceil(share * double(sorted.size())));
  return sorted[std::max<size_t>(rank, 1) - 1];
}

/// The object that `--json` prints. `sorted` are the runs' times in ms.
static json::Value makeJson(StringRef path, const LoadedArtefact &artefact, ArrayRef<Array> given,
                            const run::Options &options, double loadTime, ArrayRef<double> sorted) {
  size_t middle = sorted.size() / 2;
  double median = sorted.size() % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return json::Object{{"system", "intaglio"},
                      {"artefact", path},
                      {"target", artefact.getModel().target},
                      {"threads", int64_t(options.threads)},
                      {"repeat", int64_t(options.repeat)},
                      {"load_ms", loadTime},
                      {"peak_rss_bytes", peakResidentBytes()},
                      {"latency_ms", json::Object{{"min", sorted.front()},
                                                  {"median", median},
                                                  {"p99", percentile(sorted, 0.99)}}},
                      {"inputs", describe(given)},
                      {"outputs", describe(artefact.getOutputs())}};
}

/// Writes to a file, or to standard output for "-".
static Error writeJson(StringRef path, const json::Value &value) {
  std::error_code code;
  raw_fd_ostream stream(path, code);
  if (code)
    return createFileError(path, code);
  stream << formatv("{0:2}", value) << "\n";
  stream.flush();
  if (!stream.has_error())
    return Error::success();
  code = stream.error();
  stream.clear_error();
  return createFileError(path, code);
}

/// The table, unless JSON takes its place, and the file.
static Error reportProfile(StringRef path, const run::Profile &profile,
                           const run::Options &options) {
  if (options.profileJson != "-")
    profile.print(outs(), path, options.profileSteps);
  if (options.profileJson.empty())
    return Error::success();
  return writeJson(options.profileJson, profile.toJson(path));
}

Error run::runArtefact(StringRef path, const Options &options) {
  if (options.inputs.empty())
    return createStringError("expected --inputs=FILE");
  Expected<std::vector<Array>> arrays = readArrays(options.inputs);
  if (!arrays)
    return arrays.takeError();
  Clock::time_point begin = Clock::now();
  Expected<std::unique_ptr<LoadedArtefact>> artefact = LoadedArtefact::load(path);
  if (!artefact)
    return artefact.takeError();
  if (Error error = (*artefact)->start(options.threads))
    return error;
  double loadTime = millisecondsSince(begin);
  if (Error error = (*artefact)->bind(*arrays))
    return createFileError(options.inputs, std::move(error));
  for (unsigned i = 0; i < options.warmup; ++i)
    if (Error error = (*artefact)->run())
      return error;
  std::vector<double> times;
  Profile profile(**artefact, options.threads);
  for (unsigned i = 0; i < options.repeat; ++i) {
    begin = Clock::now();
    if (Error error = options.profile ? profile.run(**artefact) : (*artefact)->run())
      return error;
    times.push_back(millisecondsSince(begin));
  }
  llvm::sort(times);
  if (!options.outputs.empty())
    if (Error error = writeNpz(options.outputs, (*artefact)->getOutputs()))
      return error;
  if (options.profile) {
    profile.finish();
    if (Error error = reportProfile(path, profile, options))
      return error;
  }
  if (options.json.empty())
    return Error::success();
  return writeJson(options.json, makeJson(path, **artefact, *arrays, options, loadTime, times));
}

//===----------------------------------------------------------------------------------------===//
// --info
//===----------------------------------------------------------------------------------------===//

static void printTensors(StringRef title, ArrayRef<TensorInfo> tensors) {
  outs() << title << ":\n";
  for (const TensorInfo &tensor : tensors) {
    outs() << "  " << tensor.name << ": " << nameOf(*dtypeOf(tensor.elementType)) << " [";
    interleaveComma(tensor.dims, outs(), [](const DimInfo &dim) { outs() << dim.name; });
    outs() << "]";
    if (tensor.range)
      outs() << ", " << tensor.range->first << " to " << tensor.range->second;
    outs() << (tensor.optional ? ", optional\n" : "\n");
  }
}

/// The arena for every dynamic dimension at its largest, or at `otherwise` where it has no limit.
static void printArena(const LoadedArtefact &artefact, int64_t otherwise) {
  SmallVector<int64_t> dims;
  outs() << "arena bytes:";
  for (auto [name, most] : zip_equal(artefact.getInfo().dims, artefact.getInfo().maxDims)) {
    dims.push_back(most > 0 ? most : otherwise);
    outs() << (dims.size() > 1 ? ", " : " ") << name << " " << dims.back();
  }
  outs() << (dims.empty() ? " " : ": ");
  // The code that knows may be code that this machine cannot run.
  if (Expected<int64_t> bytes = artefact.arenaBytes(dims, 1))
    outs() << *bytes << "\n";
  else
    outs() << "unknown: " << toString(bytes.takeError()) << "\n";
}

/// The proofs as they are, and the boundary functions on a line of their own.
static void printProofs(StringRef text) {
  Expected<json::Value> parsed = json::parse(text);
  const json::Object *proofs = parsed ? parsed->getAsObject() : nullptr;
  if (!proofs) {
    consumeError(parsed.takeError());
    outs() << "proofs: unreadable\n";
    return;
  }
  outs() << "boundary functions:";
  const json::Object *code = proofs->getObject("no_float_machine_code");
  if (const json::Array *names = code ? code->getArray("boundary_functions") : nullptr)
    for (const json::Value &name : *names)
      outs() << " " << name.getAsString().value_or("");
  outs() << "\nproofs: " << formatv("{0:2}", *parsed) << "\n";
}

Error run::printInfo(StringRef path) {
  Expected<std::unique_ptr<LoadedArtefact>> loaded = LoadedArtefact::load(path);
  if (!loaded)
    return loaded.takeError();
  const LoadedArtefact &artefact = **loaded;
  const intaglio_model_info &model = artefact.getModel();
  outs() << "artefact: " << path << "\ntarget: " << model.target
         << "\ninstruction sets: " << model.isa << "\n";
  printTensors("inputs", artefact.getInfo().inputs);
  printTensors("outputs", artefact.getInfo().outputs);
  outs() << "weights bytes: " << model.weights_bytes;
  if (model.weights_file)
    outs() << ", in " << model.weights_file;
  outs() << "\n";
  printArena(artefact, 1);
  printProofs(model.proofs);
  return Error::success();
}
