//===- Bare.h - programs without operating system or C library ------------------------------===//
//
// A bare target is one whose triple names the operating system `none`. Its runtime is freestanding
// C (lib/Runtime/Bare), its program a static ELF file: on RISC-V of 64 bits for Linux by system
// calls alone, on the others for a board with flash and RAM, whose files are lent by semihosting.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_TARGET_BARE_H
#define INTAGLIO_TARGET_BARE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"

#include <optional>
#include <string>

namespace intaglio {

/// Whether the triple's operating system is `none`.
bool isBare(const llvm::Triple &triple);

/// Whether a program of this bare target runs on a board, and not under Linux.
bool isBoard(const llvm::Triple &triple);

/// The memories of a board: code and constants, and what a program writes.
struct BoardMemory {
  struct Region {
    uint64_t origin = 0, bytes = 0;
  };
  Region flash, ram;
};

/// Reads "ORIGIN:SIZE,ORIGIN:SIZE" of flash and RAM: numbers in C's notation, sizes also with `K`
/// or `M` behind them ("0x0:256K,0x20000000:16K"). The error says what is expected.
llvm::Expected<BoardMemory> parseBoardMemory(llvm::StringRef text);

/// The memories of the boards that QEMU emulates: mps2-an385 (Cortex-M3) and RISC-V's `virt`.
BoardMemory defaultBoardMemory(const llvm::Triple &triple);

/// Bytes of an ELF file by where they lie when it runs.
struct MemoryUse {
  int64_t flashBytes = 0; ///< code, constants, and the start values of data
  int64_t ramBytes = 0;   ///< data that code writes, without arena and stack
};
llvm::Expected<MemoryUse> measureMemory(llvm::StringRef path);

/// The functions of a bare program that nothing calls.
llvm::ArrayRef<llvm::StringRef> bareProgramEntries(const llvm::Triple &triple);

/// Names that bare code refers to and that no code defines: the model's data, the linker script's
/// places.
llvm::ArrayRef<llvm::StringRef> bareDataNames();

/// Links a static program. On a board the memories' sizes are held to: the error says what is
/// needed and what is there. `stackBytes` is what remains for the stack above the heap.
llvm::Error linkBareProgram(const llvm::Triple &triple, llvm::ArrayRef<std::string> objects,
                            llvm::StringRef output, const BoardMemory &memory, int64_t stackBytes);

} // namespace intaglio

#endif // INTAGLIO_TARGET_BARE_H
