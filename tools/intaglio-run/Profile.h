//===- Profile.h - where the time of a model's runs goes --------------------------*- C++ -*-===//

#ifndef INTAGLIO_TOOLS_INTAGLIO_RUN_PROFILE_H
#define INTAGLIO_TOOLS_INTAGLIO_RUN_PROFILE_H

#include "LoadedArtefact.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace intaglio::run {

/// The time of one step of the schedule or of several together, in ticks of the processor's
/// counter.
struct ProfileRow {
  std::string kernel, kind, source; ///< as in `intaglio_step_info`
  unsigned calls = 0;               ///< in one run
  double multiplyAdds = 0;
  std::vector<double> work; ///< of each thread: in the kernel
  std::vector<double> wait; ///< of each thread: before it, at a barrier

  /// What the row takes of a run: the mean of the threads, which are there for all of it.
  double workTicks() const;
  double waitTicks() const;
};

/// Gathers the ticks of profiled runs. Times are medians of all runs; their sum over all rows is
/// the whole that shares refer to. It is less than the median of whole runs by what disturbs
/// another part in each.
class Profile {
public:
  Profile(const LoadedArtefact &artefact, unsigned threads)
      : artefact(artefact), threads(threads) {}

  /// One more profiled run.
  llvm::Error run(LoadedArtefact &artefact);

  /// To be called after the last run: computes the rows.
  void finish();

  /// A table with a row for each kernel, the largest first, or with `bySteps` for each step in the
  /// schedule's order; then the kinds of kernels and the threads.
  void print(llvm::raw_ostream &os, llvm::StringRef path, bool bySteps) const;

  /// All of it.
  llvm::json::Object toJson(llvm::StringRef path) const;

private:
  using Clock = std::chrono::steady_clock;

  std::vector<ProfileRow> grouped(std::string ProfileRow::*key) const;
  double median(llvm::function_ref<double(llvm::ArrayRef<uint64_t>)> ticksOf) const;
  double multiplyAdds(const intaglio_step_info &step) const;
  double microseconds(double ticks) const { return ticks / ticksPerSecond * 1e6; }
  double share(double ticks) const { return total > 0 ? 100 * ticks / total : 0; }
  std::optional<double> gops(double multiplyAdds, double ticks) const;
  void printTable(llvm::raw_ostream &os, llvm::ArrayRef<ProfileRow> rows) const;
  void printThreads(llvm::raw_ostream &os) const;
  llvm::json::Object toJson(const ProfileRow &row) const;

  const LoadedArtefact &artefact;
  unsigned threads;
  std::vector<std::vector<uint64_t>> runs;
  Clock::time_point begin, end; ///< of all runs
  double ticksPerSecond = 1;
  std::vector<ProfileRow> steps;
  std::vector<double> outside; ///< of each thread: before the first kernel and after the last
  double total = 0, wall = 0;
};

} // namespace intaglio::run

#endif // INTAGLIO_TOOLS_INTAGLIO_RUN_PROFILE_H
