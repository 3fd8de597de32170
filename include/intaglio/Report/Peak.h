//===- Peak.h - what one core of this machine can do ------------------------------*- C++ -*-===//

#ifndef INTAGLIO_REPORT_PEAK_H
#define INTAGLIO_REPORT_PEAK_H

#include "intaglio/Codegen/CPU/TargetInfo.h"

#include "llvm/Support/Error.h"

#include <string>

namespace intaglio {

/// Peaks of one core, measured.
struct Peak {
  std::string instruction; ///< of the products
  double gops = 0;         ///< 10^9 multiplies and adds a second, each counts as one
  double gigabytes = 0;    ///< 10^9 bytes a second that a sum reads from memory
};

/// Measures this machine for about 0.1 s: a loop that keeps twelve accumulators in registers and
/// does nothing but the dot product of 8-bit (16-bit on AVX2) integers that kernels of `level` use,
/// or, for float programs, fused multiply-adds; and a sum over 64 MB. The best of some runs: what
/// else runs makes it low, never high. Fails on `generic`, which names no instruction, and where
/// the processor lacks the level.
llvm::Expected<Peak> measurePeak(cpu::Level level, bool isFloat);

} // namespace intaglio

#endif // INTAGLIO_REPORT_PEAK_H
