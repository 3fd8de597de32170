//===- Link.h - objects to a library, an executable or one object --------------------------===//

#ifndef INTAGLIO_TARGET_LINK_H
#define INTAGLIO_TARGET_LINK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace intaglio {

/// What the linker makes of the objects.
enum class LinkKind {
  Object,    ///< one relocatable object
  Library,   ///< a shared library that exports the functions of abi.h and nothing else
  Executable ///< a position-independent executable
};

/// Links files by lld, in this process. `output` must be a name of the caller's own, beside the
/// final place. `soname` is what a program that is linked with the library looks for. The error is
/// what lld said. lld registers command-line options such as `mcpu`: a program that wants these too
/// takes them from llvm::codegen::RegisterCodeGenFlags.
llvm::Error link(LinkKind kind, llvm::ArrayRef<std::string> objects, llvm::StringRef output,
                 llvm::StringRef soname);

/// The C library of this process, to be linked against; an error where there is none to be found.
llvm::Expected<std::string> findLibC();

} // namespace intaglio

#endif // INTAGLIO_TARGET_LINK_H
