//===- TargetInfo.h - what the kernel passes know about a processor -------------------------===//
//
// Levels differ in the dot product that they offer, in the width of a register and in their number.
// No pass asks for a processor's name: it asks for these facts.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_CODEGEN_CPU_TARGETINFO_H
#define INTAGLIO_CODEGEN_CPU_TARGETINFO_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

namespace intaglio::cpu {

/// Instruction set levels, from the best to the one that every processor has.
enum class Level {
  AVX512VNNI, ///< 512-bit `vpdpbusd`, 32 registers
  AVXVNNI,    ///< 256-bit `vpdpbusd`, 16 registers
  AVX2,       ///< 256-bit `vpmaddwd`, 16 registers
  Generic     ///< no instruction is named: LLVM vectorizes plain loops
};

/// How one kernel tiles a contraction `acc[m, n] += x[m, k] * w[n, k]`: `rows` x `vectors`
/// registers of `lanes` accumulators, and `innerK` products added into a lane at a time. Weights
/// are packed as
/// `[n / (lanes * vectors)][k / innerK][lanes * vectors][innerK]`.
struct Tile {
  int64_t rows, vectors, lanes, innerK;

  int64_t columns() const { return lanes * vectors; }
};

/// The attribute of a kernel function that holds its `Tile`, as `array<i64: rows, vectors, lanes,
/// innerK>`.
inline constexpr llvm::StringLiteral kTileAttr = "intaglio.tile";
/// The attribute of an outlined kernel: its kind, a string.
inline constexpr llvm::StringLiteral kKernelAttr = "intaglio.kernel";

/// The attribute of an attention kernel that writes its result XOR 0x80.
inline constexpr llvm::StringLiteral kUnsignedAttr = "intaglio.unsigned";

/// The attribute of a vector op that is unrolled to more lanes than a register of its type has.
inline constexpr llvm::StringLiteral kLanesAttr = "intaglio.lanes";

/// The facts of one level.
struct TargetInfo {
  Level level = Level::Generic;
  bool byteShuffle = false; ///< `vpermi2b` (AVX512-VBMI): byte tables in registers
  /// Float64 and its conversions from and to i64; without them the boundary is made of integers.
  bool floatUnit = true;
  unsigned indexBits = 64; ///< width of sizes and addresses

  /// From a level's name: `avx512vnni`, `avx512vnni+vbmi`, `avxvnni`, `avx2` or `generic`.
  static mlir::FailureOr<TargetInfo> parse(llvm::StringRef name);
  /// The best level that a machine has, from LLVM's feature table for `cpu` ("" for the triple's
  /// baseline) with `features` ("+avx2,-avx512f") on top. Fails where LLVM does not know the
  /// triple, with the reason in `error`. The targets of LLVM must have been initialized.
  static mlir::FailureOr<TargetInfo> forMachine(llvm::StringRef triple, llvm::StringRef cpu,
                                                llvm::StringRef features, std::string &error);
  /// The name that `parse` reads.
  llvm::StringRef name() const;

  /// Bits of a vector register; 0 on `generic`.
  int64_t vectorBits() const;
  /// The tile for `n` columns and `k` products a column of `element` (i8 or f32); fails where the
  /// level has none (odd widths, `generic`): such a contraction is lowered as loops.
  mlir::FailureOr<Tile> tileFor(mlir::Type element, int64_t n, int64_t k) const;
  /// s8 activations are read as u8 by XOR 0x80, and the start of the accumulators makes up for it.
  bool unsignedActivations() const { return level == Level::AVX512VNNI || level == Level::AVXVNNI; }
};

/// Reads the tile of a kernel; fails where it has none.
mlir::FailureOr<Tile> tileOf(mlir::Operation *kernel);

} // namespace intaglio::cpu

#endif // INTAGLIO_CODEGEN_CPU_TARGETINFO_H
