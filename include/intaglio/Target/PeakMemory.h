//===- PeakMemory.h - how much memory this process has taken ----------------------*- C++ -*-===//

#ifndef INTAGLIO_TARGET_PEAKMEMORY_H
#define INTAGLIO_TARGET_PEAKMEMORY_H

#include <cstdint>

namespace intaglio {

/// The most bytes that have been resident so far, of this program alone: `getrusage` would count
/// what the process held that started it.
int64_t peakResidentBytes();

} // namespace intaglio

#endif // INTAGLIO_TARGET_PEAKMEMORY_H
