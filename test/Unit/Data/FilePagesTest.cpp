//===- FilePagesTest.cpp - memory of mapped files that is not needed for now -----------------===//

#include "intaglio/Data/FilePages.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

#include <numeric>

using namespace llvm;
using namespace intaglio;

namespace {

/// Resident bytes of mapped files in this process.
uint64_t residentFileBytes() {
  auto status = cantFail(errorOrToExpected(MemoryBuffer::getFileAsStream("/proc/self/status")));
  StringRef line = status->getBuffer().split("RssFile:").second.ltrim();
  uint64_t kilobytes = 0;
  line.consumeInteger(10, kilobytes);
  return kilobytes * 1024;
}

uint64_t sum(ArrayRef<char> bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), uint64_t(0));
}

TEST(FilePages, GivesBackWhatAFileHoldsAndNothingElse) {
  constexpr size_t size = size_t(32) << 20;
  SmallString<128> path;
  int descriptor = -1;
  ASSERT_FALSE(sys::fs::createTemporaryFile("intaglio-pages", "bin", descriptor, path));
  std::vector<char> content(size);
  for (size_t i = 0; i < size; ++i)
    content[i] = char(i % 101);
  raw_fd_ostream(descriptor, /*shouldClose=*/true).write(content.data(), size);
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  ASSERT_TRUE(bool(buffer));
  sys::fs::remove(path);

  // An odd range: its first and last page hold bytes of others.
  ArrayRef<char> mapped((*buffer)->getBufferStart() + 5, size - 9);
  uint64_t expected = sum(mapped), before = residentFileBytes();
  FilePages pages;
  pages.giveBack(mapped);
  EXPECT_LT(residentFileBytes() + size / 2, before);
  EXPECT_EQ(sum(mapped), expected);
  EXPECT_EQ(sum(ArrayRef(content).drop_front(5).drop_back(4)), expected);

  pages.giveBack(content);
  pages.giveBack(ArrayRef(content).take_front(3));
  EXPECT_EQ(sum(ArrayRef(content).drop_front(5).drop_back(4)), expected);
}

} // namespace
