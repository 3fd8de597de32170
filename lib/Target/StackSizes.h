//===- StackSizes.h - the stack frames that an object tells of -------------------------------===//

#ifndef INTAGLIO_LIB_TARGET_STACKSIZES_H
#define INTAGLIO_LIB_TARGET_STACKSIZES_H

#include "llvm/Object/ObjectFile.h"

#include <map>

namespace intaglio {

/// Bytes of a function's frame, by the index of its section and its address there.
using StackSizes = std::map<std::pair<uint64_t, uint64_t>, int64_t>;

/// Reads the sections `.stack_sizes` of a relocatable ELF object: a relocated address and a ULEB128
/// number for each function whose frame has a fixed size.
llvm::Expected<StackSizes> readStackSizes(const llvm::object::ObjectFile &object);

} // namespace intaglio

#endif // INTAGLIO_LIB_TARGET_STACKSIZES_H
