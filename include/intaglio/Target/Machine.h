//===- Machine.h - the processor that code is made for -------------------------------------===//

#ifndef INTAGLIO_TARGET_MACHINE_H
#define INTAGLIO_TARGET_MACHINE_H

#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>
#include <string>

namespace intaglio {

/// A processor by LLVM's names.
struct Machine {
  std::string triple; ///< "": this computer's
  std::string cpu;    ///< "": `native` where the triple's architecture is this computer's, else the
                      ///< architecture's baseline; "native": this computer's processor
  std::string features; ///< "+avx2,-avx512f", on top of the processor's
};

/// `machine` with `native` and all defaults replaced by names. Of the instruction sets of an x86-64
/// processor, `features` keeps those that code may be made of: the baseline and the list of
/// Runtime/cpu.h, AVX-VNNI only where there is no AVX512-VNNI. All others are switched off, so that
/// the artefact runs wherever there is what its code uses. Fails for `native` with another
/// architecture, for a triple, a processor or a feature that LLVM does not know, and for an
/// instruction set that code is not made of. Initializes LLVM's targets.
llvm::Expected<Machine> resolveMachine(Machine machine);

/// LLVM's view of a resolved machine: position-independent code, optimized; code for a fixed place
/// where there is no operating system to move it.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createTargetMachine(const Machine &machine);

/// The instruction sets beyond the baseline that code for this machine may use: bits and names of
/// `intaglio_model_info`. Zero and "" where the runtime does not know the architecture.
struct InstructionSets {
  uint64_t bits = 0;
  std::string names;
};
InstructionSets instructionSetsOf(const llvm::TargetMachine &machine);

} // namespace intaglio

#endif // INTAGLIO_TARGET_MACHINE_H
