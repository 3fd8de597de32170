//===- VerifyNoFloat.h - the contract of machine code: nothing float -----------------------===//
//
// The last contract of the road. It does not trust the compiler: it reads the finished object as
// any disassembler would, and walks what can be reached from the entries.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_TARGET_VERIFYNOFLOAT_H
#define INTAGLIO_TARGET_VERIFYNOFLOAT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Target/TargetMachine.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace intaglio {

/// What an instruction does, as far as the contract cares.
enum class InstructionClass {
  Scalar,  ///< integer arithmetic and logic in general registers
  Vector,  ///< integer arithmetic, logic and shuffles in vector registers
  Memory,  ///< anything that loads or stores
  Control, ///< branches, calls, returns
  Float    ///< floating-point arithmetic, conversion or comparison
};
constexpr unsigned numInstructionClasses = 5;

/// "scalar", "vector", "memory", "control", "float".
llvm::StringRef nameOf(InstructionClass kind);

/// Decides the class of an instruction from LLVM's description of it. Float is, on every target,
/// what may raise a floating-point exception or uses a floating-point control or status register;
/// and beyond that
///   x86      every x87 instruction; conversions (`cvt...`); of the mnemonics that end in the name
///            of a float format (`ps pd ss sd ph sh bf16`) all but a list of moves, shuffles and
///            bitwise logic;
///   AArch64  mnemonics that begin with `f`, `bf` or end with `cvtf`, but for moves (`fmov`);
///   RISC-V   whatever names an `f` register, and vector mnemonics that begin with `vf`;
///   ARM      what is not a move and names an `s` or `d` register; what has a float format's ending
///            (`vadd.f32`) and names a `q` register; every coprocessor instruction.
class InstructionClassifier {
public:
  InstructionClassifier(const llvm::Triple &triple, const llvm::MCInstrInfo &instructions,
                        const llvm::MCRegisterInfo &registers, llvm::MCInstPrinter &printer,
                        const llvm::MCInstrAnalysis &analysis,
                        const llvm::MCSubtargetInfo &processor)
      : triple(triple), instructions(instructions), registers(registers), printer(printer),
        analysis(analysis), processor(processor) {}

  InstructionClass classify(const llvm::MCInst &inst) const;
  /// Whether the instruction goes on elsewhere, other than by a return.
  bool jumps(const llvm::MCInst &inst) const;

private:
  bool isARM() const { return triple.isARM() || triple.isThumb(); }
  bool isReturn(const llvm::MCInst &inst) const;
  bool writesPC(const llvm::MCInst &inst) const;
  bool isFloat(const llvm::MCInst &inst, const llvm::MCInstrDesc &description) const;
  bool isFloatOnARM(const llvm::MCInst &inst) const;
  bool usesVectorRegister(const llvm::MCInst &inst) const;

  const llvm::Triple &triple;
  const llvm::MCInstrInfo &instructions;
  const llvm::MCRegisterInfo &registers;
  llvm::MCInstPrinter &printer;
  const llvm::MCInstrAnalysis &analysis; ///< knows calls by the registers that they name
  const llvm::MCSubtargetInfo &processor;
};

/// Functions whose name begins so may hold float instructions: they quantize inputs and dequantize
/// outputs.
inline constexpr llvm::StringLiteral boundaryPrefix = "intaglio_boundary_";

/// Instructions of one function or of several, by class.
using InstructionCounts = std::array<int64_t, numInstructionClasses>;

/// What the walk found.
struct CodeProof {
  std::vector<std::string> functions;  ///< reachable ones but for the boundary, sorted
  InstructionCounts counts{};          ///< of those
  std::vector<std::string> boundary;   ///< reachable boundary functions, sorted
  InstructionCounts boundaryCounts{};  ///< of those
  std::vector<std::string> externals;  ///< called functions of libc, sorted
  std::vector<std::string> violations; ///< one sentence each; empty: the contract holds
  /// The most bytes of stack that a call of an entry takes, where the object says it of every
  /// function (section .stack_sizes) and no two call each other in turn. One that calls itself is
  /// not looked for: neither our code generation nor the runtime has any.
  std::optional<int64_t> stackBytes;

  bool holds() const { return violations.empty(); }
  llvm::json::Value toJson() const;
};

/// What may be reached beside integer code of the object itself.
struct WalkRules {
  /// Boundary functions may hold float instructions. Without a floating-point unit they are
  /// functions like any other.
  bool floatBoundary = true;
  /// Code may call memcpy, memmove, memset, malloc, free and sched_yield of another object.
  bool hosted = true;
  /// Names of data and of places that another object or the linker defines.
  llvm::ArrayRef<llvm::StringRef> data;
};

/// Walks all code that the functions `entries` of the relocatable ELF `object` can reach: direct
/// calls and jumps, and every function whose address is taken on the way. Violations are float
/// instructions outside the boundary, bytes that are no instruction, indirect calls and jumps, and
/// references out of the object that `rules` do not allow (so of every soft-float routine and of
/// libm). Fails where the object cannot be read or lacks an entry.
llvm::Expected<CodeProof> verifyNoFloat(llvm::ArrayRef<char> object,
                                        llvm::ArrayRef<llvm::StringRef> entries,
                                        const llvm::TargetMachine &machine,
                                        const WalkRules &rules = {});

} // namespace intaglio

#endif // INTAGLIO_TARGET_VERIFYNOFLOAT_H
