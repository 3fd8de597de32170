//===- Progress.h - how far a run has come ---------------------------------------------------===//

#ifndef INTAGLIO_CALIBRATION_PROGRESS_H
#define INTAGLIO_CALIBRATION_PROGRESS_H

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <mutex>
#include <string>

namespace intaglio {

/// Shows a bar on a terminal, else a line for each 10 %. Steps may come from any thread.
class Progress {
public:
  /// `total` is at least 1; a null stream shows nothing.
  Progress(llvm::raw_ostream *os, llvm::StringRef what, int64_t total)
      : os(os), what(what.str()), total(total), bar(os && os->is_displayed()) {}
  /// Ends the line of the bar.
  ~Progress() {
    if (bar && done > 0)
      *os << "\n";
  }

  /// One more is done.
  void advance() {
    std::lock_guard<std::mutex> lock(mutex);
    int64_t parts = bar ? kBarWidth : 10;
    int64_t before = done * parts / total, now = ++done * parts / total;
    if (!os || now == before)
      return;
    if (bar)
      *os << "\r" << what << " [" << std::string(now, '=') << std::string(parts - now, ' ') << "] ";
    else
      *os << what << ": " << now * 10 << " % (";
    *os << done << " of " << total << (bar ? "" : " samples)\n");
    os->flush();
  }

private:
  static constexpr int64_t kBarWidth = 40;

  llvm::raw_ostream *os;
  std::string what;
  int64_t total, done = 0;
  bool bar;
  std::mutex mutex;
};

} // namespace intaglio

#endif // INTAGLIO_CALIBRATION_PROGRESS_H
