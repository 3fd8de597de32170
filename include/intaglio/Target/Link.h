//===- Link.h - objects to a library, an executable or one object --------------------------===//

#ifndef INTAGLIO_TARGET_LINK_H
#define INTAGLIO_TARGET_LINK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"

#include <string>

namespace intaglio {

/// What the linker makes of the objects.
enum class LinkKind {
  Object,    ///< one relocatable object
  Library,   ///< a shared library that exports the functions of abi.h and nothing else
  Executable ///< a position-independent executable
};

/// Links files by lld, in this process. `output` must be a name of the caller's own, beside the
/// final place. `name` is, of a library, what a program that is linked with it looks for (the
/// soname); of an executable, the path of the loader (`findLoader`). All of `objects` goes into the
/// output, of `archive` what is referred to. The error is what lld said. lld registers command-line
/// options such as `mcpu`: a program that wants these too takes them from
/// llvm::codegen::RegisterCodeGenFlags.
llvm::Error link(LinkKind kind, llvm::ArrayRef<std::string> objects, llvm::StringRef output,
                 llvm::StringRef name = "", llvm::StringRef archive = "");

/// Runs lld, in this process, with a command line that begins with its name.
llvm::Error runLinker(llvm::ArrayRef<std::string> arguments);

/// The C library of this process, to be linked against; an error where there is none to be found.
llvm::Expected<std::string> findLibC();

/// The path of the dynamic loader that the system of `triple` starts programs with, as its ABI
/// fixes it; an error where it is not known.
llvm::Expected<llvm::StringRef> findLoader(const llvm::Triple &triple);

} // namespace intaglio

#endif // INTAGLIO_TARGET_LINK_H
