//===- Report.cpp - what a compile found out of its result ----------------------------------===//

#include "intaglio/Report/Report.h"

#include "intaglio/Calibration/Samples.h"
#include "intaglio/Report/Describe.h"
#include "intaglio/Report/Performance.h"
#include "intaglio/Target/ArenaSize.h"
#include "intaglio/Target/Inputs.h"
#include "intaglio/Target/PeakMemory.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace intaglio;
namespace json = llvm::json;

std::vector<std::string> intaglio::reportData(ArrayRef<std::string> calibration,
                                              ArrayRef<std::string> holdout) {
  if (!holdout.empty())
    return holdout;
  // Saved statistics have no samples to run.
  std::vector<std::string> data;
  llvm::copy_if(calibration, std::back_inserter(data),
                [](StringRef path) { return llvm::sys::path::extension(path) != ".json"; });
  return data;
}

Reporter::Reporter(ReportInput given)
    : input(std::move(given)), data(reportData(input.calibration, input.holdout)) {
  options.progress = input.progress;
}

LogicalResult Reporter::fail(llvm::Error error) {
  return emitError(input.program.getLoc(), llvm::toString(std::move(error)));
}

/// An error about a file.
LogicalResult Reporter::failAt(StringRef path, llvm::Error error) {
  llvm::handleAllErrors(
      std::move(error),
      [&](const llvm::FileError &e) {
        emitError(FileLineColLoc::get(input.program.getContext(), e.getFileName(), 0, 0))
            << e.messageWithoutFileInfo();
      },
      [&](const llvm::ErrorInfoBase &e) {
        emitError(FileLineColLoc::get(input.program.getContext(), path, 0, 0)) << e.message();
      });
  return failure();
}

/// Why the program cannot be compared with a float one; empty where it can.
std::string Reporter::whyNoComparison() const {
  if (input.isFloat)
    return "the program is float itself";
  if (!input.calibrated)
    return "the model came as a quantized or integer program: there is no float program to compare "
           "with";
  if (!data.empty())
    return "";
  return input.calibration.empty()
             ? "no data are given: --holdout=FILE"
             : "saved statistics have no samples to run: give data by --holdout=FILE";
}

json::Object Reporter::describeDims(ArrayRef<int64_t> sizes) const {
  json::Object names;
  for (auto [name, size] : llvm::zip_equal(info.dims, sizes))
    names[name] = size;
  return names;
}

/// Ops with their integers, and with their noise where there are data.
LogicalResult Reporter::addOps() {
  std::string reason = whyNoComparison();
  json::Object noise;
  if (reason.empty())
    noise["data"] = dataName();
  else
    noise["absent"] = reason;
  if (!input.calibrated) {
    report["ops"] = describeOps(input.program);
  } else {
    FailureOr<NoiseReport> measured =
        reason.empty() ? measureOpNoise(input.calibrated, data, input.nonlinear, options)
                       : describeQuantizedOps(input.calibrated);
    if (failed(measured))
      return failure();
    if (reason.empty())
      noise["samples"] = measured->samples;
    report["ops"] = describeOps(*measured);
  }
  report["noise"] = std::move(noise);
  return success();
}

LogicalResult Reporter::addAccuracy() {
  if (std::string reason = whyNoComparison(); !reason.empty()) {
    report["accuracy"] = json::Object{{"absent", reason}};
    return success();
  }
  OwningOpRef<ModuleOp> stripped;
  ModuleOp expected = input.original;
  if (!expected) {
    stripped = withoutFakeQuant(input.calibrated);
    expected = *stripped;
  }
  FailureOr<Accuracy> accuracy = measureAccuracy(expected, input.program, data, options);
  if (failed(accuracy))
    return failure();
  report["accuracy"] = describeAccuracy(*accuracy, dataName());
  return success();
}

/// The first sample and its sizes.
LogicalResult Reporter::readSample() {
  if (data.empty())
    return success();
  llvm::Expected<SampleFile> file = SampleFile::open(info, data.front());
  if (!file)
    return failAt(data.front(), file.takeError());
  llvm::Expected<std::vector<Array>> batch = file->readBatch(1);
  if (!batch)
    return failAt(data.front(), batch.takeError());
  sample = std::move(*batch);
  llvm::Expected<BoundInputs> bound = bindInputs(info, sample);
  if (!bound)
    return failAt(data.front(), bound.takeError());
  dims = bound->dims;
  return success();
}

/// The arena of a run on one thread, for the first sample and for the largest sizes.
LogicalResult Reporter::addArena() {
  llvm::Expected<ArenaSize> size = ArenaSize::create(input.compiled);
  if (!size)
    return fail(size.takeError());
  json::Array arenas;
  auto add = [&](StringRef of, ArrayRef<int64_t> sizes) {
    arenas.push_back(json::Object{
        {"of", of}, {"dims", describeDims(sizes)}, {"bytes", size->bytes(sizes, /*threads=*/1)}});
  };
  if (!sample.empty())
    add("first sample", dims);
  SmallVector<int64_t> largest;
  for (int64_t most : info.maxDims)
    largest.push_back(std::max<int64_t>(most, 1));
  add("largest sizes, 1 where there is no limit", largest);
  memory["arena"] = std::move(arenas);
  return success();
}

LogicalResult Reporter::addPerformance(const Artefact &artefact) {
  if (input.repeat == 0)
    return success();
  Timing timing{input.runner, artefact.files.front(), sample, input.repeat};
  Work work = countWork(input.program, info, dims, input.target);
  llvm::Expected<json::Object> measured = measurePerformance(timing, work, input.isFloat, memory);
  if (!measured)
    return fail(measured.takeError());
  (*measured)["data"] = dataName();
  (*measured)["dims"] = describeDims(dims);
  report["performance"] = std::move(*measured);
  return success();
}

LogicalResult Reporter::measure() {
  FailureOr<ModelInfo> described = describeModel(input.program);
  if (failed(described))
    return failure();
  info = std::move(*described);
  if (failed(readSample()) || failed(addOps()) || failed(addAccuracy()))
    return failure();
  return addArena();
}

FailureOr<json::Object> Reporter::finish(const Artefact &artefact, json::Object proofs) {
  if (failed(addPerformance(artefact)))
    return failure();
  ModuleOp original = input.original     ? input.original
                      : input.calibrated ? input.calibrated
                                         : input.program;
  report["model"] = input.model;
  report["target"] =
      input.machine.triple + " " + input.machine.cpu + ": " + artefact.instructionSets;
  report["integer"] = describeShares(input.program);
  report["size"] = json::Object{{"weights_bytes", artefact.weightBytes},
                                {"artefact_bytes", artefact.artefactBytes},
                                {"float_weights_bytes", floatBytes(original)}};
  if (artefact.code)
    proofs["no_float_machine_code"] = artefact.code->toJson();
  report["proofs"] = std::move(proofs);
  for (auto &[name, value] : describeMemory(artefact))
    memory[name] = value;
  memory["compile_peak_bytes"] = peakResidentBytes();
  report["memory"] = std::move(memory);
  return std::move(report);
}
