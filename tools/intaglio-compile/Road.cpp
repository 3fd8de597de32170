//===- Road.cpp - a model to what was asked for --------------------------------------------===//

#include "Road.h"

#include "intaglio/Codegen/Compile.h"
#include "intaglio/Import/HuggingFace.h"
#include "intaglio/Import/ONNX.h"
#include "intaglio/Pipelines/Raise.h"
#include "intaglio/Target/OutputFiles.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace intaglio;
using compile::Precision;
using compile::Request;

namespace {
/// One model on its way.
class Road {
public:
  Road(const Request &request, MLIRContext *context) : request(request), context(context) {}
  LogicalResult run();

private:
  /// An error about a file or a flag rather than about an op.
  InFlightDiagnostic error() { return emitError(UnknownLoc::get(context)); }
  LogicalResult load();
  LogicalResult advanceTo(Phase phase);
  LogicalResult runPhase(Phase phase);
  LogicalResult writeProgram(ModuleOp module);
  LogicalResult finish();

  const Request &request;
  MLIRContext *context;
  Machine machine;
  OwningOpRef<ModuleOp> program;
  Phase reached = Phase::Import;
};
} // namespace

/// Reads the model, whatever its form, and finds out how far along the road it is.
LogicalResult Road::load() {
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
  reached = detectPhase(*program);
  return success();
}

LogicalResult Road::runPhase(Phase phase) {
  PassManager pm(context);
  switch (phase) {
  case Phase::Raise:
    buildRaisePipeline(pm);
    return pm.run(*program);
  default:
    return error() << request.model << ": the phase '" << nameOf(phase)
                   << "' is not there yet: a float graph compiles with --precision=float";
  }
}

/// Runs the phases up to and with `phase`.
LogicalResult Road::advanceTo(Phase phase) {
  while (reached < phase) {
    Phase next = Phase(unsigned(reached) + 1);
    bool skipped = request.precision == Precision::Float && next >= Phase::Calibrate &&
                   next <= Phase::Integerize;
    if (!skipped && failed(runPhase(next)))
      return failure();
    reached = next;
  }
  return success();
}

/// Writes MLIR, as bytecode where the output ends in .mlirbc.
LogicalResult Road::writeProgram(ModuleOp module) {
  OutputFiles files(request.output);
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (llvm::sys::path::extension(request.output) == ".mlirbc") {
    if (failed(writeBytecodeToFile(module, stream)))
      return failure();
  } else {
    module.print(stream);
    stream << "\n";
  }
  auto write = [&]() -> llvm::Error {
    if (llvm::Error failed = files.open())
      return failed;
    if (llvm::Error failed = files.write(files.main(), llvm::ArrayRef(text.data(), text.size())))
      return failed;
    return files.commit();
  };
  if (llvm::Error failed = write())
    return error() << llvm::toString(std::move(failed));
  return success();
}

/// The phases behind the integer program: code and files.
LogicalResult Road::finish() {
  if (reached > Phase::Integerize)
    return error() << request.model
                   << ": a lowered program is not taken; start from an earlier one";
  CodegenOptions options;
  FailureOr<CompiledModel> compiled = compileToLLVM(*program, options);
  if (failed(compiled))
    return failure();
  if (request.to == Phase::Lower)
    return writeProgram(*compiled->module);
  ArtefactOptions artefact;
  artefact.kind = request.kind;
  artefact.weights = request.weights;
  artefact.machine = machine;
  artefact.verifyNoFloat = request.precision != Precision::Float;
  artefact.proofs["precision"] = request.precision == Precision::Float ? "float" : "int8";
  artefact.runtimeDirectory = request.runtimeDirectory;
  return failure(failed(emitArtefact(*compiled, artefact, request.output)));
}

LogicalResult Road::run() {
  llvm::Expected<Machine> resolved = resolveMachine(request.machine);
  if (!resolved)
    return error() << llvm::toString(resolved.takeError());
  machine = std::move(*resolved);
  if (failed(load()))
    return failure();
  if (reached > request.to)
    return error() << request.model << ": has been through '" << nameOf(reached)
                   << "', which is beyond --compile-to=" << nameOf(request.to);
  if (failed(advanceTo(std::min(request.to, Phase::Integerize))))
    return failure();
  return request.to < Phase::Lower ? writeProgram(*program) : finish();
}

LogicalResult compile::run(const Request &request, MLIRContext *context) {
  return Road(request, context).run();
}
