//===- Entry.cpp - the function that a program begins with ---------------------------------===//

#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"

using namespace mlir;
using namespace intaglio;

func::FuncOp intaglio::lookupEntry(ModuleOp module) {
  auto entry = module.lookupSymbol<func::FuncOp>("main");
  if (!entry || entry.isExternal()) {
    module.emitError("expects a function @main with a body");
    return nullptr;
  }
  if (!llvm::hasSingleElement(entry.getBody())) {
    entry.emitOpError("expects a body of one block");
    return nullptr;
  }
  return entry;
}
