//===- SingleLaneStores.h - masked stores of one lane as scalar stores -----------------------===//

#ifndef INTAGLIO_TARGET_SINGLELANESTORES_H
#define INTAGLIO_TARGET_SINGLELANESTORES_H

#include "llvm/IR/Module.h"

namespace intaglio {

/// Turns each masked store whose constant mask has one lane into a store of that element. To be run
/// between LLVM's optimizations and its code generator: for AVX-512, LLVM 22.1.8 stores the element
/// as it was before a truncation (`trunc <8 x i32> to <8 x i16>`, one lane: 4 bytes in place of 2),
/// and so writes past the end of a row, into what another thread may have written.
void scalarizeSingleLaneStores(llvm::Module &module);

} // namespace intaglio

#endif // INTAGLIO_TARGET_SINGLELANESTORES_H
