//===- PeakMemory.cpp - how much memory this process has taken -------------------------------===//

#include "intaglio/Target/PeakMemory.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <sys/resource.h>

using namespace llvm;

int64_t intaglio::peakResidentBytes() {
  // A line is `VmHWM:     1234 kB`. Files of /proc have no size.
  if (auto status = MemoryBuffer::getFileAsStream("/proc/self/status")) {
    int64_t kilobytes = 0;
    StringRef rest = (*status)->getBuffer().split("VmHWM:").second.ltrim();
    if (!rest.consumeInteger(10, kilobytes))
      return kilobytes * 1024;
  }
  struct rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t(usage.ru_maxrss) * 1024;
}
