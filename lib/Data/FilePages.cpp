//===- FilePages.cpp - memory of mapped files that is not needed for now ---------------------===//

#include "intaglio/Data/FilePages.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <sys/mman.h>
#include <unistd.h>

using namespace llvm;
using namespace intaglio;

/// A line is "7f00a000-7f00b000 r--p 00000000 fe:00 1234 /path"; the inode of no file is 0.
FilePages::FilePages() {
  auto text = MemoryBuffer::getFileAsStream("/proc/self/maps");
  if (!text)
    return;
  for (StringRef line : split((*text)->getBuffer(), '\n')) {
    SmallVector<StringRef> fields;
    line.split(fields, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    if (fields.size() < 5 || fields[1] != "r--p" || fields[4] == "0")
      continue;
    auto [first, last] = fields[0].split('-');
    uintptr_t begin, end;
    if (!first.getAsInteger(16, begin) && !last.getAsInteger(16, end))
      mappings.emplace_back(begin, end);
  }
}

void FilePages::giveBack(ArrayRef<char> bytes) const {
  static const uintptr_t page = sysconf(_SC_PAGESIZE);
  uintptr_t begin = alignTo(reinterpret_cast<uintptr_t>(bytes.begin()), page);
  uintptr_t end = alignDown(reinterpret_cast<uintptr_t>(bytes.end()), page);
  for (auto [from, to] : mappings)
    if (from <= begin && begin < end && end <= to)
      madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
}
