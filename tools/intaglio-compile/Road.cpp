//===- Road.cpp - a model to what was asked for --------------------------------------------===//

#include "Road.h"
#include "Report.h"

#include "intaglio/Calibration/Collect.h"
#include "intaglio/Codegen/Compile.h"
#include "intaglio/Dialect/Intaglio/Transforms/ApplyCalibration.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "intaglio/Import/HuggingFace.h"
#include "intaglio/Import/ONNX.h"
#include "intaglio/Pipelines/Calibrate.h"
#include "intaglio/Pipelines/Integerize.h"
#include "intaglio/Pipelines/Quantize.h"
#include "intaglio/Pipelines/Raise.h"
#include "intaglio/Target/OutputFiles.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <sys/resource.h>

using namespace mlir;
using namespace intaglio;
using compile::Precision;
using compile::Request;

namespace {
/// One model on its way.
class Road {
public:
  Road(const Request &request, MLIRContext *context) : request(request), context(context) {
    applyDefaultTimingManagerCLOptions(timing);
    root = timing.getRootScope();
  }
  LogicalResult run();

private:
  /// An error about a file or a flag rather than about an op.
  InFlightDiagnostic error() { return emitError(UnknownLoc::get(context)); }
  LogicalResult check(llvm::Error failed);
  LogicalResult load();
  LogicalResult checkFlags();
  LogicalResult advanceTo(Phase phase);
  LogicalResult runPhase(Phase phase);
  LogicalResult raise();
  LogicalResult calibrate();
  LogicalResult quantize();
  LogicalResult integerize();
  LogicalResult configure(PassManager &pm, TimingScope &scope);
  LogicalResult runPasses(StringRef name, llvm::function_ref<void(OpPassManager &)> build);
  LogicalResult writeFile(StringRef path, StringRef bytes);
  LogicalResult writeProgram(ModuleOp module);
  LogicalResult finish();
  LogicalResult verifyContracts();
  llvm::json::Object proofs();
  LogicalResult writeReport(const Artefact &artefact, const llvm::json::Object &proofs);

  const Request &request;
  MLIRContext *context;
  DefaultTimingManager timing;
  TimingScope root;
  Machine machine;
  OwningOpRef<ModuleOp> program;
  OwningOpRef<ModuleOp> floatProgram; ///< what the report compares with, null without one
  Phase reached = Phase::Import;
};
} // namespace

LogicalResult Road::check(llvm::Error failed) {
  if (!failed)
    return success();
  return error() << llvm::toString(std::move(failed));
}

//===----------------------------------------------------------------------------------------===//
// Import
//===----------------------------------------------------------------------------------------===//

/// Reads the model, whatever its form, and finds out how far along the road it is.
LogicalResult Road::load() {
  TimingScope scope = root.nest("import");
  StringRef path = request.model, ending = llvm::sys::path::extension(path);
  bool directory = llvm::sys::fs::is_directory(path);
  if (!directory && (ending == ".mlir" || ending == ".mlirbc")) {
    program = parseSourceFile<ModuleOp>(path, context);
    if (!program)
      return failure();
    reached = request.from.value_or(detectPhase(*program));
    return success();
  }
  if (request.from)
    return error() << "--compile-from takes a program (.mlir, .mlirbc), found " << path;
  if (!directory && ending != ".onnx") {
    if (!llvm::sys::fs::exists(path))
      return error() << path << ": no such file or directory";
    return error() << path << ": expected a Hugging Face directory, .onnx, .mlir or .mlirbc";
  }
  FailureOr<OwningOpRef<ModuleOp>> imported =
      directory ? importHuggingFace(path, context) : importONNX(path, context);
  if (failed(imported))
    return failure();
  program = std::move(*imported);
  // What a Hugging Face directory describes is made of graph ops at once.
  reached = request.to == Phase::Import ? Phase::Import : detectPhase(*program);
  return success();
}

/// Flags that contradict the model's phase or each other.
LogicalResult Road::checkFlags() {
  if (reached > request.to)
    return error() << request.model << ": has been through '" << nameOf(reached)
                   << "', which is beyond --compile-to=" << nameOf(request.to);
  if (reached > Phase::Integerize)
    return error() << request.model
                   << ": a lowered program is not taken; start from an earlier one";
  bool isFloat = request.precision == Precision::Float;
  if (isFloat && reached >= Phase::Calibrate)
    return error() << request.model << ": has been through '" << nameOf(reached)
                   << "', --precision=float takes a float graph";
  bool calibrates = !isFloat && reached < Phase::Calibrate && request.to >= Phase::Calibrate;
  if (calibrates && request.calibrate.empty())
    return error() << request.model
                   << ": --precision=int8 needs the ranges of activations: give --calibrate=FILE "
                      "(.npz, .safetensors, a folder of .npy, or saved statistics in .json), or "
                      "--precision=float";
  for (auto [flag, given] : {std::pair("--calibrate", !request.calibrate.empty()),
                             std::pair("--keep-float", !request.keepFloat.empty())})
    if (!calibrates && given)
      return error() << request.model << ": " << flag
                     << " has no meaning here: nothing is calibrated "
                     << (isFloat                       ? "with --precision=float"
                         : reached >= Phase::Calibrate ? "any more"
                                                       : "before --compile-to");
  return success();
}

//===----------------------------------------------------------------------------------------===//
// Phases on graphs
//===----------------------------------------------------------------------------------------===//

/// As `mlir-opt` does, by the flags of the pass manager.
LogicalResult Road::configure(PassManager &pm, TimingScope &scope) {
  pm.enableVerifier(request.verifyEach);
  if (failed(applyPassManagerCLOptions(pm)))
    return failure();
  pm.enableTiming(scope);
  return success();
}

LogicalResult Road::runPasses(StringRef name, llvm::function_ref<void(OpPassManager &)> build) {
  TimingScope scope = root.nest(name);
  PassManager pm(context);
  if (failed(configure(pm, scope)))
    return failure();
  build(pm);
  return pm.run(*program);
}

LogicalResult Road::raise() {
  return runPasses("raise", [](OpPassManager &pm) { buildRaisePipeline(pm); });
}

/// Observes the float program on the data and turns what was seen into `fake_quant`.
LogicalResult Road::calibrate() {
  if (!request.report.empty())
    floatProgram = program->clone();
  CalibratePipelineOptions options;
  if (!request.observer.empty())
    options.observer = request.observer;
  options.observerFor = request.observerFor;
  options.keepFloat = request.keepFloat;
  if (failed(runPasses("observe", [&](OpPassManager &pm) { buildObservePipeline(pm, options); })))
    return failure();
  CollectOptions collect;
  collect.progress = &llvm::errs();
  TimingScope scope = root.nest("collect");
  FailureOr<Statistics> statistics = collectStatistics(*program, request.calibrate, collect);
  scope.stop();
  if (failed(statistics))
    return failure();
  if (!request.saveCalibration.empty()) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    writeStatistics(*statistics, stream);
    if (failed(writeFile(request.saveCalibration, text)))
      return failure();
  }
  CalibrationOptions apply;
  apply.headroom = options.headroom;
  if (std::optional<Observer> observer = parseObserver(options.observer))
    apply.observer.observer = *observer;
  else
    return error() << "--observer: expected minmax, moving-average, percentile, entropy or mse, "
                   << "found '" << request.observer << "'";
  for (const std::string &text : request.observerFor) {
    auto parsed = parseObserverFor(text);
    if (!parsed)
      return check(parsed.takeError());
    apply.observerFor.push_back(std::move(*parsed));
  }
  if (failed(applyCalibration(*program, *statistics, apply)))
    return failure();
  return runPasses("verify-calibrated",
                   [](OpPassManager &pm) { pm.addPass(createVerifyCalibratedPass()); });
}

LogicalResult Road::quantize() {
  return runPasses("quantize", [](OpPassManager &pm) { buildQuantizePipeline(pm); });
}

LogicalResult Road::integerize() {
  IntegerizePipelineOptions options;
  options.nonlinear = request.nonlinear;
  return runPasses("integerize", [&](OpPassManager &pm) { buildIntegerizePipeline(pm, options); });
}

LogicalResult Road::runPhase(Phase phase) {
  switch (phase) {
  case Phase::Raise:
    return raise();
  case Phase::Calibrate:
    return calibrate();
  case Phase::Quantize:
    return quantize();
  case Phase::Integerize:
    return integerize();
  case Phase::Import:
  case Phase::Lower:
  case Phase::Emit:
    break;
  }
  llvm_unreachable("the first and the last phases are not run from here");
}

/// Runs the phases up to and with `phase`.
LogicalResult Road::advanceTo(Phase phase) {
  while (reached < phase) {
    Phase next = Phase(unsigned(reached) + 1);
    bool skipped = request.precision == Precision::Float && next >= Phase::Calibrate;
    if (!skipped && failed(runPhase(next)))
      return failure();
    reached = next;
  }
  return success();
}

//===----------------------------------------------------------------------------------------===//
// Output
//===----------------------------------------------------------------------------------------===//

/// Writes one whole file, or none.
LogicalResult Road::writeFile(StringRef path, StringRef bytes) {
  OutputFiles files(path);
  if (llvm::Error failed = files.open())
    return check(std::move(failed));
  if (llvm::Error failed = files.write(files.main(), llvm::ArrayRef(bytes.data(), bytes.size())))
    return check(std::move(failed));
  return check(files.commit());
}

/// Writes MLIR, as bytecode where the output ends in .mlirbc.
LogicalResult Road::writeProgram(ModuleOp module) {
  TimingScope scope = root.nest("write");
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (llvm::sys::path::extension(request.output) == ".mlirbc") {
    if (failed(writeBytecodeToFile(module, stream)))
      return failure();
  } else {
    module.print(stream);
    stream << "\n";
  }
  return writeFile(request.output, text);
}

/// The phases behind the integer program: code and files.
LogicalResult Road::finish() {
  if (request.precision == Precision::Int8 && failed(verifyContracts()))
    return failure();
  TimingScope lower = root.nest("lower");
  CodegenOptions options;
  std::string reason;
  FailureOr<cpu::TargetInfo> level =
      cpu::TargetInfo::forMachine(machine.triple, machine.cpu, machine.features, reason);
  if (failed(level))
    return error() << machine.triple << ": " << reason;
  options.target = *level;
  options.configure = [&](PassManager &pm) { return configure(pm, lower); };
  FailureOr<CompiledModel> compiled = compileToLLVM(*program, options);
  if (failed(compiled))
    return failure();
  lower.stop();
  if (request.to == Phase::Lower)
    return writeProgram(*compiled->module);
  TimingScope emit = root.nest("emit");
  bool isFloat = request.precision == Precision::Float;
  ArtefactOptions artefact;
  artefact.kind = request.kind;
  artefact.weights = request.weights;
  artefact.machine = machine;
  artefact.verifyNoFloat = !isFloat;
  artefact.floatUnit = level->floatUnit;
  artefact.memory = request.memory;
  artefact.proofs = proofs();
  artefact.runtimeDirectory = request.runtimeDirectory;
  FailureOr<Artefact> emitted = emitArtefact(*compiled, artefact, request.output);
  if (failed(emitted))
    return failure();
  emit.stop();
  return request.report.empty() ? success() : writeReport(*emitted, artefact.proofs);
}

/// The contracts of an integer program, whichever run of the compiler made it.
LogicalResult Road::verifyContracts() {
  return runPasses("verify-integer", [&](OpPassManager &pm) {
    pm.addPass(createVerifyIntegerOnlyPass());
    pm.addPass(createVerifyRangesPass());
  });
}

/// What was proved of the program, apart from its machine code. Ops that are float on purpose are
/// the named exceptions to what holds for all others.
llvm::json::Object Road::proofs() {
  if (request.precision == Precision::Float)
    return llvm::json::Object{{"precision", "float"}};
  llvm::json::Array floatOps = compile::describeFloatOps(*program);
  llvm::json::Object all{{"precision", "int8"}, {"integer_only", floatOps.empty()}};
  if (!floatOps.empty())
    all["float_on_purpose"] = std::move(floatOps);
  if (auto ranges = compile::describeRanges(*program))
    all["ranges"] = std::move(*ranges);
  return all;
}

LogicalResult Road::writeReport(const Artefact &artefact, const llvm::json::Object &proofs) {
  TimingScope scope = root.nest("report");
  ModuleOp original = floatProgram ? *floatProgram : *program;
  llvm::json::Object report{
      {"model", request.model},
      {"target", machine.triple + " " + machine.cpu + ": " + artefact.instructionSets},
      {"integer", compile::describeShares(*program)},
      {"ops", compile::describeOps(*program)},
      {"size", llvm::json::Object{{"weights_bytes", artefact.weightBytes},
                                  {"artefact_bytes", artefact.artefactBytes},
                                  {"float_weights_bytes", compile::floatBytes(original)}}}};
  llvm::json::Object all = proofs;
  if (artefact.code)
    all["no_float_machine_code"] = artefact.code->toJson();
  report["proofs"] = std::move(all);
  struct rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  llvm::json::Object memory = describeMemory(artefact);
  memory["compile_peak_bytes"] = int64_t(usage.ru_maxrss) * 1024;
  report["memory"] = std::move(memory);
  // Saved statistics have no samples to run.
  std::vector<std::string> data;
  llvm::copy_if(request.calibrate, std::back_inserter(data),
                [](StringRef path) { return llvm::sys::path::extension(path) != ".json"; });
  if (floatProgram && !data.empty()) {
    FailureOr<Accuracy> accuracy = measureAccuracy(*floatProgram, *program, data);
    if (failed(accuracy))
      return failure();
    report["accuracy"] = compile::describeAccuracy(*accuracy);
  }
  return writeFile(request.report, compile::printReport(report, request.report));
}

LogicalResult Road::run() {
  llvm::Expected<Machine> resolved = resolveMachine(request.machine);
  if (!resolved)
    return check(resolved.takeError());
  machine = std::move(*resolved);
  if (failed(load()) || failed(checkFlags()) ||
      failed(advanceTo(std::min(request.to, Phase::Integerize))))
    return failure();
  return request.to < Phase::Lower ? writeProgram(*program) : finish();
}

LogicalResult compile::run(const Request &request, MLIRContext *context) {
  return Road(request, context).run();
}
