//===- Phases.cpp - the steps of the road --------------------------------------------------===//

#include "intaglio/Pipelines/Phases.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace intaglio;

StringRef intaglio::nameOf(Phase phase) {
  static constexpr llvm::StringLiteral names[numPhases] = {
      "import", "raise", "calibrate", "quantize", "integerize", "lower", "emit"};
  return names[unsigned(phase)];
}

static bool isQuantized(Type type) { return isa<quant::QuantizedType>(getElementTypeOrSelf(type)); }

Phase intaglio::detectPhase(ModuleOp program) {
  if (program.lookupSymbol<LLVM::LLVMFuncOp>("intaglio_model_forward"))
    return Phase::Lower;
  if (program.lookupSymbol<func::FuncOp>("main_integer"))
    return Phase::Integerize;
  bool source = false, fakeQuant = false, quantized = false;
  program.walk([&](Operation *op) {
    source |= isa<SourceOp>(op);
    fakeQuant |= isa<FakeQuantOp>(op);
    // The types of graph ops tell, not those which `fake_quant` and the like carry as attributes.
    quantized |= llvm::any_of(op->getResultTypes(), isQuantized);
  });
  if (source)
    return Phase::Import;
  if (fakeQuant)
    return Phase::Calibrate;
  return quantized ? Phase::Quantize : Phase::Raise;
}
