//===- intaglio-translate.cpp - models of other formats as IR -------------------------------===//

#include "../ForeignOptions.h"
#include "intaglio/Import/HuggingFace.h"
#include "intaglio/Import/ONNX.h"
#include "intaglio/Import/SourceLocation.h"
#include "intaglio/InitAll.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/AsmState.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace llvm;
using namespace mlir;

namespace {

enum class Format { HuggingFace, ONNX };

cl::OptionCategory category("intaglio-translate options");
cl::opt<Format> format(cl::desc("Format of the model:"), cl::Required, cl::cat(category),
                       cl::values(clEnumValN(Format::HuggingFace, "import-huggingface",
                                             "directory with config.json and safetensors"),
                                  clEnumValN(Format::ONNX, "import-onnx",
                                             "ONNX file, with its external data beside it")));
cl::opt<std::string> input(cl::Positional, cl::Required, cl::desc("MODEL"), cl::cat(category));
cl::opt<std::string> output("o", cl::desc("Where the IR goes"), cl::value_desc("FILE"),
                            cl::init("-"), cl::cat(category));
cl::opt<bool> bytecode("emit-bytecode", cl::desc("Write MLIR bytecode instead of text"),
                       cl::cat(category));

FailureOr<OwningOpRef<ModuleOp>> importModel(MLIRContext *context) {
  switch (format.getValue()) {
  case Format::HuggingFace:
    return intaglio::importHuggingFace(input, context);
  case Format::ONNX:
    return intaglio::importONNX(input, context);
  }
  llvm_unreachable("all formats are handled");
}

LogicalResult translate(MLIRContext *context) {
  FailureOr<OwningOpRef<ModuleOp>> module = importModel(context);
  if (failed(module))
    return failure();
  std::string message;
  std::unique_ptr<ToolOutputFile> file = openOutputFile(output, &message);
  if (!file)
    return emitError(UnknownLoc::get(context)) << message;
  if (bytecode) {
    if (failed(writeBytecodeToFile(**module, file->os())))
      return failure();
  } else {
    (*module)->print(file->os());
    file->os() << "\n";
  }
  file->keep();
  return success();
}

} // namespace

int main(int argc, char **argv) {
  hideForeignOptions();
  InitLLVM init(argc, argv);
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  cl::ParseCommandLineOptions(argc, argv, "Intaglio translation driver: a model as MLIR\n");
  DialectRegistry registry;
  intaglio::registerAllDialects(registry);
  MLIRContext context(registry);
  context.getDiagEngine().registerHandler(intaglio::printDiagnostic);
  return failed(translate(&context));
}
