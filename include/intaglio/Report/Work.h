//===- Work.h - what a run of a program has to do ---------------------------------*- C++ -*-===//

#ifndef INTAGLIO_REPORT_WORK_H
#define INTAGLIO_REPORT_WORK_H

#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Codegen/CPU/TargetInfo.h"

namespace intaglio {

/// The work of one run.
struct Work {
  /// Multiply-adds of all matrix products: `linear`, `matmul`, both products of attention.
  int64_t multiplyAdds = 0;
  /// The same as the kernels of a target execute them: attention pads keys to registers and
  /// queries to groups; kernels of `linear` pad nothing.
  int64_t executedMultiplyAdds = 0;
  /// Bytes of constants that products and other ops read; of tables only the rows that are looked
  /// up.
  int64_t weightBytes = 0;
  /// Bytes of results that go through memory, written once and read by each reader: floats, and
  /// codes of 8 and 16 bits. Accumulators stay in registers.
  int64_t activationBytes = 0;
};

/// Counts the work of a program with `@main`, a float graph or an integer one, where `info.dims`
/// have the sizes `dims`.
Work countWork(mlir::ModuleOp program, const ModelInfo &info, llvm::ArrayRef<int64_t> dims,
               const cpu::TargetInfo &target);

} // namespace intaglio

#endif // INTAGLIO_REPORT_WORK_H
