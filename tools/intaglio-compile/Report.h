//===- Report.h - what a compile found out of its result -----------------------------------===//

#ifndef INTAGLIO_TOOLS_INTAGLIO_COMPILE_REPORT_H
#define INTAGLIO_TOOLS_INTAGLIO_COMPILE_REPORT_H

#include "intaglio/Calibration/Accuracy.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

#include <optional>
#include <string>

namespace intaglio::compile {

/// Every op of the program that is float, with its name and the reason.
llvm::json::Array describeFloatOps(mlir::ModuleOp program);

/// `integer` of the report: the share of ops and of multiply-adds (of weights, for each token) that
/// run in integers, and every op left float with its reason. Takes an integer program, or a float
/// graph.
llvm::json::Object describeShares(mlir::ModuleOp program);

/// `ops` of the report: operation, source node and bits of the result of each op.
llvm::json::Array describeOps(mlir::ModuleOp program);

/// `accuracy` of the report.
llvm::json::Object describeAccuracy(const Accuracy &accuracy);

/// The proof that nothing overflows: the number of widths, the smallest spare bits and where.
/// Nothing for a program whose ranges the analysis cannot bound; no diagnostic then.
std::optional<llvm::json::Object> describeRanges(mlir::ModuleOp program);

/// Bytes of the float constants of a program.
int64_t floatBytes(mlir::ModuleOp program);

/// A report as text in the form that the name's ending says: Markdown (.md), a web page (.html),
/// else JSON.
std::string printReport(const llvm::json::Object &report, llvm::StringRef path);

} // namespace intaglio::compile

#endif // INTAGLIO_TOOLS_INTAGLIO_COMPILE_REPORT_H
