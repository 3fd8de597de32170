//===- Road.h - a model to what was asked for ----------------------------------------------===//

#ifndef INTAGLIO_TOOLS_INTAGLIO_COMPILE_ROAD_H
#define INTAGLIO_TOOLS_INTAGLIO_COMPILE_ROAD_H

#include "intaglio/Pipelines/Phases.h"
#include "intaglio/Target/Artefact.h"

#include <optional>
#include <string>

namespace intaglio::compile {

/// What runs integer-only and what does not.
enum class Precision { Int8, Float };

/// What the command line asks for.
struct Request {
  std::string model, output;
  Precision precision = Precision::Int8;
  /// Files of data or of statistics; where the statistics are saved, "" for nowhere.
  std::vector<std::string> calibrate;
  std::string saveCalibration;
  std::string observer;                 ///< "": the default
  std::vector<std::string> observerFor; ///< REGEX=NAME
  std::vector<std::string> keepFloat;   ///< regular expressions over source names
  std::string nonlinear;                ///< "minimax", "ibert"
  /// Emitted where the road goes to its end.
  ArtefactKind kind = ArtefactKind::Library;
  WeightsPlace weights = WeightsPlace::Embed;
  Machine machine;
  std::optional<BoardMemory> memory; ///< of a board
  std::optional<Phase> from;         ///< what the model has been through; nothing: found out
  Phase to = Phase::Emit;            ///< the last phase that is run
  bool verifyEach = true;            ///< the IR is verified after each pass
  std::string report;                ///< .json, .md or .html, "" for none
  /// Files of samples that calibration does not see; runs that are timed for the report, 0: none.
  std::vector<std::string> holdout;
  unsigned repeat = 0;
  std::string runner; ///< the program intaglio-run
  std::string runtimeDirectory;
};

/// Takes the model along the road. Failure comes with a diagnostic.
mlir::LogicalResult run(const Request &request, mlir::MLIRContext *context);

} // namespace intaglio::compile

#endif // INTAGLIO_TOOLS_INTAGLIO_COMPILE_ROAD_H
