//===- Report.h - what a compile found out of its result --------------------------*- C++ -*-===//
//
// docs/Report.md says what the fields mean.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_REPORT_REPORT_H
#define INTAGLIO_REPORT_REPORT_H

#include "intaglio/Calibration/Collect.h"
#include "intaglio/Codegen/CPU/TargetInfo.h"
#include "intaglio/Data/Array.h"
#include "intaglio/Target/Artefact.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace intaglio {

/// What a report is made of.
struct ReportInput {
  std::string model;         ///< as the command line names it
  mlir::ModuleOp program;    ///< what was lowered: an integer program or a float graph
  mlir::ModuleOp original;   ///< the float graph that was calibrated; null where there was none
  mlir::ModuleOp calibrated; ///< the graph with `fake_quant`; null where there was none
  mlir::ModuleOp compiled;   ///< the module of the `CompiledModel`
  bool isFloat = false;      ///< `program` is float on purpose
  std::string nonlinear = "minimax";             ///< the set of integer functions
  std::vector<std::string> calibration, holdout; ///< files; of the first also saved statistics
  unsigned repeat = 0; ///< runs to time, 0: none; the artefact is then a library for this machine
  std::string runner;  ///< the program intaglio-run
  Machine machine;
  cpu::TargetInfo target;
  llvm::raw_ostream *progress = nullptr; ///< see `CollectOptions`
};

/// The files whose samples a report is about: the hold-out, or else the data of calibration.
std::vector<std::string> reportData(llvm::ArrayRef<std::string> calibration,
                                    llvm::ArrayRef<std::string> holdout);

/// Makes a report in two steps: data that cannot be used end a compile before there is an artefact.
/// Where something cannot be known, a member `absent` says why. Failure comes with a diagnostic.
class Reporter {
public:
  explicit Reporter(ReportInput input);

  /// Runs the programs on the data.
  llvm::LogicalResult measure();

  /// The report of an artefact; `proofs` are those of the program.
  llvm::FailureOr<llvm::json::Object> finish(const Artefact &artefact, llvm::json::Object proofs);

private:
  llvm::LogicalResult fail(llvm::Error error);
  llvm::LogicalResult failAt(llvm::StringRef path, llvm::Error error);
  llvm::StringRef dataName() const { return input.holdout.empty() ? "calibration" : "holdout"; }
  std::string whyNoComparison() const;
  llvm::LogicalResult readSample();
  llvm::LogicalResult addOps();
  llvm::LogicalResult addAccuracy();
  llvm::LogicalResult addArena();
  llvm::LogicalResult addPerformance(const Artefact &artefact);
  llvm::json::Object describeDims(llvm::ArrayRef<int64_t> sizes) const;

  ReportInput input;
  std::vector<std::string> data;
  CollectOptions options;
  llvm::json::Object report, memory;
  ModelInfo info;
  std::vector<Array> sample;       ///< the first, empty without data
  llvm::SmallVector<int64_t> dims; ///< of the sample
};

} // namespace intaglio

#endif // INTAGLIO_REPORT_REPORT_H
