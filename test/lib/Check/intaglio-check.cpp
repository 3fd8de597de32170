//===- intaglio-check.cpp - runs the cases of a file (tests only) ---------------------------===//

#include "CheckOps.h"

#include "intaglio/Import/SourceLocation.h"
#include "intaglio/InitAll.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace intaglio;

namespace {

/// LLVM's shared library registers options of its own: they are dropped before ours are made.
struct DropForeignOptions {
  DropForeignOptions() { cl::ResetCommandLineParser(); }
} dropForeignOptions;

cl::opt<std::string> file(cl::Positional, cl::Required, cl::desc("FILE"));
cl::opt<bool> compiled("compiled", cl::desc("Compile the cases instead of interpreting them"));
cl::list<unsigned> threads("threads", cl::desc("Numbers of threads to run compiled cases with"),
                           cl::CommaSeparated);
cl::opt<std::string> level("level", cl::desc("Level of the processor (default: this machine's)"));

cl::list<std::string> sizes("sizes", cl::CommaSeparated,
                            cl::desc("Compare @main compiled with @main interpreted, for these "
                                     "sizes of its dims, such as 1x16,8x5"));
cl::opt<uint64_t> seed("seed", cl::desc("Of the random inputs for --sizes"));

/// "8x5" as numbers, none where it is not that.
SmallVector<int64_t> parseSizes(StringRef text) {
  SmallVector<int64_t> numbers;
  for (StringRef part : split(text, 'x'))
    if (int64_t number = 0; !part.getAsInteger(10, number) && number >= 0)
      numbers.push_back(number);
    else
      return {};
  return numbers;
}

ArrayRef<unsigned> threadCounts() {
  static const unsigned one = 1;
  return threads.empty() ? ArrayRef<unsigned>(one) : ArrayRef<unsigned>(threads);
}

bool compareProgram(mlir::ModuleOp module) {
  auto parsed = map_to_vector(sizes, [](const std::string &text) { return parseSizes(text); });
  if (failed(check::compareWithReference(module, parsed, seed, threadCounts(), level)))
    return false;
  outs() << "equal for " << parsed.size() << " sizes\n";
  return true;
}

/// A function that says `check.reference_only` has no compiled form yet.
bool isReferenceOnly(mlir::func::FuncOp function) {
  return function->hasAttr("check.reference_only");
}

LogicalResult runCase(mlir::func::FuncOp function) {
  if (compiled)
    return check::runCompiled(function, threadCounts(), level);
  reference::Interpreter interpreter;
  check::addCheckOps(interpreter);
  return interpreter.run(function, {});
}

/// Runs all cases, so that one failure does not hide the next.
bool runCases(mlir::ModuleOp module) {
  unsigned run = 0, failed = 0;
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    if (function.isPrivate() || function.getNumArguments() > 0 ||
        (compiled && isReferenceOnly(function)))
      continue;
    ++run;
    failed += mlir::failed(runCase(function));
  }
  outs() << run - failed << " of " << run << " cases passed\n";
  return run > 0 && failed == 0;
}

} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  InitializeNativeTarget();
  cl::ParseCommandLineOptions(argc, argv, "Runs the cases of a check program\n");
  mlir::DialectRegistry registry;
  intaglio::registerAllDialects(registry);
  registry.insert<check::CheckDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.getDiagEngine().registerHandler(printDiagnostic);
  context.printOpOnDiagnostic(false);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(file, &context);
  if (!module)
    return 1;
  return sizes.empty() ? !runCases(*module) : !compareProgram(*module);
}
