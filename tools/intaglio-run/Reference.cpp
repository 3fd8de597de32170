//===- Reference.cpp - interprets programs --------------------------------------------------===//

#include "Commands.h"

#include "intaglio/Data/Npz.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/Import/SourceLocation.h"
#include "intaglio/Reference/Interpreter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"

using namespace llvm;
using namespace intaglio;

Expected<std::vector<Array>> run::evaluateProgram(StringRef program, ArrayRef<Array> arrays) {
  mlir::DialectRegistry registry;
  registry.insert<IntaglioDialect, mlir::arith::ArithDialect, mlir::func::FuncDialect,
                  mlir::quant::QuantDialect, mlir::tensor::TensorDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.getDiagEngine().registerHandler(printDiagnostic);
  context.printOpOnDiagnostic(false);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(program, &context);
  if (!module)
    return createFileError(program, createStringError("not a program that can be read"));
  Expected<std::vector<Array>> outputs = reference::interpret(*module, arrays);
  if (!outputs)
    return createFileError(program, outputs.takeError());
  // The elements of an output may belong to the IR, which goes now.
  for (Array &output : *outputs) {
    char *data = nullptr;
    std::optional<Array> copy = makeArray(output.name, output.dtype, output.shape, data);
    if (!copy)
      return createFileError(program, createStringError("out of memory"));
    llvm::copy(output.bytes, data);
    output = std::move(*copy);
  }
  return outputs;
}

Error run::runReference(StringRef program, const Options &options) {
  if (options.inputs.empty())
    return createStringError("expected --inputs=FILE");
  Expected<std::vector<Array>> inputs = readArrays(options.inputs);
  if (!inputs)
    return inputs.takeError();
  Expected<std::vector<Array>> outputs = evaluateProgram(program, *inputs);
  if (!outputs)
    return outputs.takeError();
  return options.outputs.empty() ? Error::success() : writeNpz(options.outputs, *outputs);
}
