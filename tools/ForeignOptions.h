//===- ForeignOptions.h - the help of a tool is about the tool -----------------------------===//

#ifndef INTAGLIO_TOOLS_FOREIGNOPTIONS_H
#define INTAGLIO_TOOLS_FOREIGNOPTIONS_H

#include "llvm/Support/CommandLine.h"

/// Moves the hundreds of options that LLVM's shared library registers for itself before `main` from
/// `--help` to `--help-hidden`. To be called first: what is registered later is the tool's.
inline void hideForeignOptions() {
  for (auto &[name, option] : llvm::cl::getRegisteredOptions())
    if (llvm::is_contained(option->Categories, &llvm::cl::getGeneralCategory()))
      option->setHiddenFlag(llvm::cl::Hidden);
}

#endif // INTAGLIO_TOOLS_FOREIGNOPTIONS_H
