//===- Road.cpp - a model to what was asked for --------------------------------------------===//

#include "Road.h"

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
#include "intaglio/Report/Describe.h"
#include "intaglio/Report/Page.h"
#include "intaglio/Report/Report.h"
#include "intaglio/Target/OutputFiles.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Triple.h"

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
  llvm::Expected<CalibrationOptions> observers();
  LogicalResult calibrate();
  LogicalResult quantize();
  LogicalResult integerize();
  LogicalResult configure(PassManager &pm, TimingScope &scope);
  LogicalResult runPasses(StringRef name, llvm::function_ref<void(OpPassManager &)> build);
  LogicalResult checkReportFlags();
  LogicalResult writeFile(StringRef path, llvm::function_ref<LogicalResult(raw_ostream &)> print);
  LogicalResult writeProgram(ModuleOp module);
  LogicalResult finish();
  LogicalResult verifyContracts();
  llvm::json::Object proofs();
  Reporter makeReporter(const CompiledModel &compiled, const CodegenOptions &codegen);
  LogicalResult writeReport(Reporter &reporter, const Artefact &artefact,
                            const llvm::json::Object &proofs);

  const Request &request;
  MLIRContext *context;
  DefaultTimingManager timing;
  TimingScope root;
  Machine machine;
  OwningOpRef<ModuleOp> program;
  // What the report compares with, null without one.
  OwningOpRef<ModuleOp> floatProgram, calibrated;
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
  return checkReportFlags();
}

/// The flags that add to a report. What `--repeat` times has to run here.
LogicalResult Road::checkReportFlags() {
  if (request.report.empty() && (!request.holdout.empty() || request.repeat > 0))
    return error() << (request.repeat > 0 ? "--repeat" : "--holdout")
                   << " has no meaning without --report";
  for (StringRef path : request.holdout)
    if (llvm::sys::path::extension(path) == ".json")
      return error() << path
                     << ": --holdout takes samples (.npz, .safetensors, a folder of .npy), "
                        "not saved statistics";
  if (request.repeat == 0)
    return success();
  if (request.kind != ArtefactKind::Library)
    return error() << "--repeat times a library: it has no meaning with another --emit";
  if (reportData(request.calibrate, request.holdout).empty())
    return error() << "--repeat needs a sample to run: give data by --holdout=FILE";
  llvm::Expected<Machine> here = resolveMachine({});
  if (!here)
    return check(here.takeError());
  auto ours = createTargetMachine(*here), wanted = createTargetMachine(machine);
  if (!ours || !wanted)
    return check(llvm::joinErrors(ours.takeError(), wanted.takeError()));
  uint64_t needed = instructionSetsOf(**wanted).bits, there = instructionSetsOf(**ours).bits;
  const llvm::Triple &a = (*ours)->getTargetTriple(), &b = (*wanted)->getTargetTriple();
  if (a.getArch() != b.getArch() || a.getOS() != b.getOS() || (needed & ~there))
    return error() << "--repeat runs the artefact on this computer, which cannot run code for "
                   << machine.triple << " " << machine.cpu;
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

/// What the flags say of turning statistics into ranges.
llvm::Expected<CalibrationOptions> Road::observers() {
  CalibrationOptions apply;
  CalibratePipelineOptions defaults;
  apply.headroom = defaults.headroom;
  std::optional<Observer> observer =
      parseObserver(request.observer.empty() ? defaults.observer : request.observer);
  if (!observer)
    return llvm::createStringError(
        "--observer: expected minmax, moving-average, percentile, entropy or mse, found '" +
        request.observer + "'");
  apply.observer.observer = *observer;
  for (const std::string &text : request.observerFor) {
    auto parsed = parseObserverFor(text);
    if (!parsed)
      return parsed.takeError();
    apply.observerFor.push_back(std::move(*parsed));
  }
  return apply;
}

/// Observes the float program on the data and turns what was seen into `fake_quant`.
LogicalResult Road::calibrate() {
  llvm::Expected<CalibrationOptions> apply = observers();
  if (!apply)
    return check(apply.takeError());
  if (!request.report.empty())
    floatProgram = program->clone();
  CalibratePipelineOptions options;
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
    if (failed(writeFile(request.saveCalibration, [&](raw_ostream &os) {
          writeStatistics(*statistics, os);
          return success();
        })))
      return failure();
  }
  if (failed(applyCalibration(*program, *statistics, *apply)))
    return failure();
  return runPasses("verify-calibrated",
                   [](OpPassManager &pm) { pm.addPass(createVerifyCalibratedPass()); });
}

LogicalResult Road::quantize() {
  if (!request.report.empty())
    calibrated = program->clone();
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
LogicalResult Road::writeFile(StringRef path,
                              llvm::function_ref<LogicalResult(raw_ostream &)> print) {
  OutputFiles files(path);
  if (llvm::Error failed = files.open())
    return check(std::move(failed));
  std::string made = files.main();
  std::error_code code;
  llvm::raw_fd_ostream stream(made, code);
  if (code)
    return check(llvm::createFileError(path, code));
  if (failed(print(stream)))
    return failure();
  stream.close();
  if (stream.has_error()) {
    code = stream.error();
    stream.clear_error();
    return check(llvm::createFileError(path, code));
  }
  return check(files.commit());
}

/// Writes MLIR, as bytecode where the output ends in .mlirbc.
LogicalResult Road::writeProgram(ModuleOp module) {
  TimingScope scope = root.nest("write");
  bool bytecode = llvm::sys::path::extension(request.output) == ".mlirbc";
  return writeFile(request.output, [&](raw_ostream &os) -> LogicalResult {
    if (bytecode)
      return writeBytecodeToFile(module, os);
    module.print(os);
    os << "\n";
    return success();
  });
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
  std::optional<Reporter> reporter;
  if (!request.report.empty()) {
    TimingScope scope = root.nest("report");
    if (failed(reporter.emplace(makeReporter(*compiled, options)).measure()))
      return failure();
  }
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
  return reporter ? writeReport(*reporter, *emitted, artefact.proofs) : success();
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
  llvm::json::Array floatOps = describeFloatOps(*program);
  llvm::json::Object all{{"precision", "int8"}, {"integer_only", floatOps.empty()}};
  if (!floatOps.empty())
    all["float_on_purpose"] = std::move(floatOps);
  if (auto ranges = describeRanges(*program))
    all["ranges"] = std::move(*ranges);
  return all;
}

Reporter Road::makeReporter(const CompiledModel &compiled, const CodegenOptions &codegen) {
  ReportInput input;
  input.model = request.model;
  input.program = *program;
  input.original = floatProgram ? *floatProgram : ModuleOp();
  input.calibrated = calibrated ? *calibrated : ModuleOp();
  input.compiled = *compiled.module;
  input.isFloat = request.precision == Precision::Float;
  input.nonlinear = request.nonlinear;
  input.calibration = request.calibrate;
  input.holdout = request.holdout;
  input.repeat = request.repeat;
  input.runner = request.runner;
  input.machine = machine;
  input.target = codegen.target;
  input.progress = &llvm::errs();
  return Reporter(std::move(input));
}

LogicalResult Road::writeReport(Reporter &reporter, const Artefact &artefact,
                                const llvm::json::Object &proofs) {
  FailureOr<llvm::json::Object> report = reporter.finish(artefact, proofs);
  if (failed(report))
    return failure();
  return writeFile(request.report, [&](raw_ostream &os) {
    printReport(*report, request.report, os);
    return success();
  });
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
