//===- intaglio-compile.cpp - a model to an integer-only native library --------------------===//

#include "Road.h"

#include "intaglio/Import/SourceLocation.h"
#include "intaglio/InitAll.h"

#include "mlir/IR/AsmState.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/CodeGen/CommandFlags.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace intaglio;
using compile::Precision;

namespace {

/// LLVM's shared library registers options of its own: they are dropped before ours are made.
struct DropForeignOptions {
  DropForeignOptions() { cl::ResetCommandLineParser(); }
} dropForeignOptions;

enum class Form { Library, Executable, Object, LLVMIR, Assembly, MLIR };
enum class Backend { CPU, CUDA };
enum class Nonlinear { Minimax, Ibert };

cl::OptionCategory category("intaglio-compile options");
cl::opt<std::string> model(cl::Positional, cl::Required, cl::cat(category),
                           cl::desc("MODEL (.onnx, a Hugging Face directory, .mlir, .mlirbc)"));
cl::opt<std::string> output("o", cl::Required, cl::cat(category), cl::value_desc("OUT"),
                            cl::desc("The artefact; its header and weights file go beside it"));
cl::opt<Precision> precision(
    "precision", cl::desc("Arithmetic between the model's inputs and outputs:"), cl::cat(category),
    cl::init(Precision::Int8),
    cl::values(clEnumValN(Precision::Int8, "int8", "integers only (default)"),
               clEnumValN(Precision::Float, "float", "the float baseline, lowered the same way")));
cl::list<std::string>
    calibrate("calibrate", cl::cat(category), cl::value_desc("FILE"),
              cl::desc("Data that show the ranges of activations: .npz, .safetensors or a folder "
                       "of .npy, arrays by input name, first axis samples; or saved statistics "
                       "(.json). Repeat to merge several"));
cl::opt<std::string> saveCalibration("save-calibration", cl::cat(category),
                                     cl::value_desc("FILE.json"),
                                     cl::desc("Where to save the statistics of the data"));
cl::opt<std::string>
    observer("observer", cl::cat(category), cl::value_desc("NAME"),
             cl::desc("How the range of an activation follows from the statistics: minmax, "
                      "moving-average, percentile, entropy or mse (default)"));
cl::list<std::string> observerFor("observer-for", cl::cat(category), cl::value_desc("REGEX=NAME"),
                                  cl::desc("Another observer for ops whose name matches"));
cl::list<std::string> keepFloat("keep-float", cl::cat(category), cl::value_desc("REGEX"),
                                cl::desc("Leave ops float whose source name matches"));
cl::opt<Nonlinear> nonlinear(
    "nonlinear", cl::desc("Integer forms of exp, GELU, tanh, normalisation:"), cl::cat(category),
    cl::init(Nonlinear::Minimax),
    cl::values(clEnumValN(Nonlinear::Minimax, "minimax", "the exact ones (default)"),
               clEnumValN(Nonlinear::Ibert, "ibert", "the polynomials that I-BERT published")));
cl::opt<std::string> report(
    "report", cl::cat(category), cl::value_desc("FILE"),
    cl::desc("Where to report integer share, proofs, ops, size, memory and, with data, accuracy "
             "and the noise of each op: as .json, .md or .html"));
cl::list<std::string> holdout("holdout", cl::cat(category), cl::value_desc("FILE"),
                              cl::desc("Data for the report that calibration does not see, in the "
                                       "forms of --calibrate; may be repeated"));
cl::opt<unsigned> repeat("repeat", cl::cat(category), cl::value_desc("N"), cl::init(0),
                         cl::desc("Times N runs of the artefact for the report, on the first "
                                  "sample of the data"));
cl::opt<bool> verifyEach("verify-each", cl::init(true), cl::cat(category),
                         cl::desc("Verify the IR after each pass (default)"));
cl::opt<Backend> target("target", cl::desc("What the code runs on:"), cl::cat(category),
                        cl::init(Backend::CPU),
                        cl::values(clEnumValN(Backend::CPU, "cpu", "a processor (default)"),
                                   clEnumValN(Backend::CUDA, "cuda", "a GPU: not there yet")));
cl::opt<std::string> triple("mtriple", cl::cat(category), cl::value_desc("TRIPLE"),
                            cl::desc("Target triple (default: this computer's)"));
cl::opt<std::string>
    memory("memory", cl::cat(category), cl::value_desc("FLASH,RAM"),
           cl::desc("Memories of a board, each ORIGIN:SIZE: 0x0:256K,0x20000000:16K"));
cl::opt<Form> emit(
    "emit", cl::desc("What OUT is:"), cl::cat(category), cl::init(Form::Library),
    cl::values(clEnumValN(Form::Library, "library", "shared library (default)"),
               clEnumValN(Form::Executable, "executable", "a program: OUT --inputs=IN.npz ..."),
               clEnumValN(Form::Object, "object", "one relocatable object"),
               clEnumValN(Form::LLVMIR, "llvm-ir", "optimized LLVM IR, as text"),
               clEnumValN(Form::Assembly, "assembly", "assembly"),
               clEnumValN(Form::MLIR, "mlir", "MLIR after --compile-to (default: lower)")));
cl::opt<WeightsPlace>
    weights("weights", cl::desc("Where the weights go:"), cl::cat(category),
            cl::init(WeightsPlace::Embed),
            cl::values(clEnumValN(WeightsPlace::Embed, "embed", "into OUT (default)"),
                       clEnumValN(WeightsPlace::File, "file",
                                  "into OUT.safetensors beside it; always above 1 GiB")));

/// An option whose values are the names of phases.
class PhaseOption : public cl::opt<std::string> {
public:
  using opt::opt;
  /// The phase that was given, nothing if none was; an error for an unknown name.
  Expected<std::optional<Phase>> phase() const {
    if (getValue().empty())
      return std::nullopt;
    std::string names;
    for (unsigned i = 0; i < numPhases; ++i) {
      if (nameOf(Phase(i)) == getValue())
        return Phase(i);
      names += (i ? ", " : "") + nameOf(Phase(i)).str();
    }
    return createStringError("--" + ArgStr + ": expected one of " + names + ", found '" +
                             getValue() + "'");
  }
};
PhaseOption compileFrom("compile-from", cl::cat(category), cl::value_desc("PHASE"),
                        cl::desc("MODEL is what this phase left (default: found out)"));
PhaseOption compileTo("compile-to", cl::cat(category), cl::value_desc("PHASE"),
                      cl::desc("Stop after this phase and write MLIR (.mlirbc: bytecode): import, "
                               "raise, calibrate, quantize, integerize or lower"));

/// Registers `--mcpu` and `--mattr` with LLVM's other flags of code generation: lld, when it links,
/// would register them if they were not there.
codegen::RegisterCodeGenFlags codeGenFlags;

/// Shows our own flags and those of MLIR's pass manager, and hides what else LLVM registers.
void arrangeHelp() {
  auto &options = cl::getRegisteredOptions();
  static cl::OptionCategory mlirCategory("MLIR options");
  for (auto &[name, option] : options)
    if (name.starts_with("mlir-"))
      option->addCategory(mlirCategory);
  options["mcpu"]->setDescription("Processor by LLVM's name (default: native)");
  options["mcpu"]->setValueStr("NAME");
  options["mattr"]->setDescription("Processor features to add and to leave out");
  options["mattr"]->setValueStr("+a,-b");
  for (StringRef name : {"mcpu", "mattr"})
    options[name]->addCategory(category);
  cl::HideUnrelatedOptions({&category, &mlirCategory, &cl::getGeneralCategory()});
}

/// A path from the folder of this program.
std::string besideProgram(const char *argv0, StringRef relative) {
  SmallString<128> path(
      sys::fs::getMainExecutable(argv0, reinterpret_cast<void *>(&besideProgram)));
  sys::path::remove_filename(path);
  sys::path::append(path, relative);
  sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return std::string(path);
}

/// The command line as a request.
Expected<compile::Request> makeRequest(const char *argv0) {
  if (target == Backend::CUDA)
    return createStringError("--target=cuda is not there yet: this compiler makes code for "
                             "processors (--target=cpu)");
  Expected<std::optional<Phase>> from = compileFrom.phase();
  if (!from)
    return from.takeError();
  Expected<std::optional<Phase>> to = compileTo.phase();
  if (!to)
    return to.takeError();
  // In the order of Form.
  constexpr ArtefactKind kinds[] = {ArtefactKind::Library, ArtefactKind::Executable,
                                    ArtefactKind::Object, ArtefactKind::LLVMIR,
                                    ArtefactKind::Assembly};
  compile::Request request;
  request.model = model;
  request.output = output;
  request.precision = precision;
  request.calibrate = {calibrate.begin(), calibrate.end()};
  request.saveCalibration = saveCalibration;
  request.observer = observer;
  request.observerFor = {observerFor.begin(), observerFor.end()};
  request.keepFloat = {keepFloat.begin(), keepFloat.end()};
  request.nonlinear = nonlinear == Nonlinear::Ibert ? "ibert" : "minimax";
  request.verifyEach = verifyEach;
  request.report = report;
  request.holdout = {holdout.begin(), holdout.end()};
  request.repeat = repeat;
  request.weights = weights;
  request.machine = {triple, codegen::getMCPU(), join(codegen::getMAttrs(), ",")};
  if (!memory.empty()) {
    Expected<BoardMemory> parsed = parseBoardMemory(memory);
    if (!parsed)
      return parsed.takeError();
    request.memory = *parsed;
  }
  request.from = *from;
  request.to = to->value_or(emit == Form::MLIR ? Phase::Lower : Phase::Emit);
  if (repeat.getNumOccurrences() > 0 && repeat == 0)
    return createStringError("expected --repeat of 1 or more");
  if (!request.report.empty() && request.to != Phase::Emit)
    return createStringError("--report tells of an artefact: it needs the whole road");
  if (emit == Form::MLIR && request.to == Phase::Emit)
    return createStringError("--emit=mlir: no MLIR is left after the phase 'emit'");
  if (emit != Form::MLIR)
    request.kind = kinds[unsigned(emit.getValue())];
  request.runtimeDirectory = besideProgram(argv0, "../lib/intaglio");
  request.runner = besideProgram(argv0, "intaglio-run");
  return request;
}

} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  mlir::registerAsmPrinterCLOptions();
  mlir::registerMLIRContextCLOptions();
  mlir::registerPassManagerCLOptions();
  mlir::registerDefaultTimingManagerCLOptions();
  arrangeHelp();
  cl::ParseCommandLineOptions(argc, argv,
                              "Intaglio compiler: a float Transformer to an integer-only native "
                              "library\n");
  Expected<compile::Request> request = makeRequest(argv[0]);
  if (!request) {
    WithColor::error(errs(), "intaglio-compile") << toString(request.takeError()) << "\n";
    return 1;
  }
  mlir::DialectRegistry registry;
  intaglio::registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  context.getDiagEngine().registerHandler(intaglio::printDiagnostic);
  return failed(compile::run(*request, &context));
}
