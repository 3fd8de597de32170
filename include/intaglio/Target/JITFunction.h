//===- JITFunction.h - one function compiled into the process ---------------------*- C++ -*-===//

#ifndef INTAGLIO_TARGET_JITFUNCTION_H
#define INTAGLIO_TARGET_JITFUNCTION_H

#include "llvm/ExecutionEngine/Orc/LLJIT.h"

namespace intaglio {

/// A function of an LLVM module, compiled for this machine; lives as long as this object.
class JITFunction {
public:
  /// `module` belongs to `context`; fails where it does not compile or has no function `name`.
  static llvm::Expected<JITFunction> create(std::unique_ptr<llvm::Module> module,
                                            std::unique_ptr<llvm::LLVMContext> context,
                                            llvm::StringRef name);

  /// The function, of type `T *`.
  template <typename T>
  T *as() const {
    return address.toPtr<T *>();
  }

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
  llvm::orc::ExecutorAddr address;
};

} // namespace intaglio

#endif // INTAGLIO_TARGET_JITFUNCTION_H
