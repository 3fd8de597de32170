//===- Performance.h - how fast an artefact runs here -----------------------------*- C++ -*-===//

#ifndef INTAGLIO_REPORT_PERFORMANCE_H
#define INTAGLIO_REPORT_PERFORMANCE_H

#include "intaglio/Data/Array.h"
#include "intaglio/Report/Work.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace intaglio {

/// What is timed.
struct Timing {
  std::string runner;        ///< the program intaglio-run
  std::string artefact;      ///< a library for this machine
  std::vector<Array> inputs; ///< of one run
  unsigned repeat = 1;       ///< measured runs, behind three that are not
};

/// `performance` of the report: latency of the artefact, in a process of its own on one thread; the
/// share of the machine's peak that its products reach, by their number (`mfu`) and with what the
/// kernels do beyond it (`hfu`); and the roofline. Adds `run_peak_bytes` to `memory`. `isFloat`
/// programs are held against the peak of floats.
llvm::Expected<llvm::json::Object> measurePerformance(const Timing &timing, const Work &work,
                                                      bool isFloat, llvm::json::Object &memory);

} // namespace intaglio

#endif // INTAGLIO_REPORT_PERFORMANCE_H
