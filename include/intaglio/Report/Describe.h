//===- Describe.h - parts of a report ---------------------------------------------*- C++ -*-===//

#ifndef INTAGLIO_REPORT_DESCRIBE_H
#define INTAGLIO_REPORT_DESCRIBE_H

#include "intaglio/Calibration/Accuracy.h"
#include "intaglio/Calibration/OpNoise.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

#include <optional>

namespace intaglio {

/// Every op of the program that is float, with its name and the reason.
llvm::json::Array describeFloatOps(mlir::ModuleOp program);

/// Every op of the program that is float, with its name and the reason.
llvm::json::Array describeFloatOps(mlir::ModuleOp program);

/// `integer` of the report: the share of ops and of multiply-adds (of weights, for each token) that
/// run in integers, and every op left float with its reason. Takes an integer program, or a float
/// graph.
llvm::json::Object describeShares(mlir::ModuleOp program);

/// `ops` of the report, from a calibrated graph.
llvm::json::Array describeOps(const NoiseReport &noise);

/// `ops` of the report, from a program that never was a calibrated graph here: no scales, no noise.
llvm::json::Array describeOps(mlir::ModuleOp program);

/// `accuracy` of the report; `data` says on which data.
llvm::json::Object describeAccuracy(const Accuracy &accuracy, llvm::StringRef data);

/// The proof that nothing overflows: the number of widths, the smallest spare bits and where.
/// Nothing for a program whose ranges the analysis cannot bound; no diagnostic then.
std::optional<llvm::json::Object> describeRanges(mlir::ModuleOp program);

/// Bytes of the float constants of a program.
int64_t floatBytes(mlir::ModuleOp program);

} // namespace intaglio

#endif // INTAGLIO_REPORT_DESCRIBE_H
