//===- JITFunction.cpp - one function compiled into the process ------------------------------===//

#include "intaglio/Target/JITFunction.h"

#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace intaglio;

Expected<JITFunction> JITFunction::create(std::unique_ptr<Module> module,
                                          std::unique_ptr<LLVMContext> context, StringRef name) {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  InitializeNativeTargetAsmParser();
  JITFunction function;
  if (Error error = orc::LLJITBuilder().create().moveInto(function.jit))
    return error;
  module->setDataLayout(function.jit->getDataLayout());
  module->setTargetTriple(function.jit->getTargetTriple());
  if (Error error =
          function.jit->addIRModule(orc::ThreadSafeModule(std::move(module), std::move(context))))
    return error;
  if (Error error = function.jit->lookup(name).moveInto(function.address))
    return error;
  return function;
}
