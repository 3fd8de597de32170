//===- Accuracy.h - how near a program comes to another
//----------------------------------------===//

#ifndef INTAGLIO_CALIBRATION_ACCURACY_H
#define INTAGLIO_CALIBRATION_ACCURACY_H

#include "intaglio/Calibration/Collect.h"

namespace intaglio {

/// How near an output comes to what it should be, over all samples. A row is a vector of the last
/// axis: of one token, or of a whole sequence. Rows that are padding do not count.
struct OutputAccuracy {
  std::string name;
  int64_t rows = 0;
  double meanCosine = 0, minCosine = 0; ///< of the angle between the rows; two zero rows: 1
  double sqnr = 0;                      ///< 10 log10(sum of squares / sum of squared errors), dB
  double maxError = 0;                  ///< the largest difference of two elements
};

/// Accuracy of all outputs that hold floats.
struct Accuracy {
  int64_t samples = 0;
  std::vector<OutputAccuracy> outputs;
};

/// Compiles both programs, which have the same inputs and outputs, runs them on data (as
/// `collectStatistics` does; no saved statistics) and compares. The mask that tells padding is the
/// first operand in that role in `expected`, where it is an argument. Failure comes with a
/// diagnostic.
llvm::FailureOr<Accuracy> measureAccuracy(mlir::ModuleOp expected, mlir::ModuleOp actual,
                                          llvm::ArrayRef<std::string> paths,
                                          const CollectOptions &options = {});

/// Prints a table, one line for each output.
void printAccuracy(const Accuracy &accuracy, llvm::raw_ostream &os);

} // namespace intaglio

#endif // INTAGLIO_CALIBRATION_ACCURACY_H
