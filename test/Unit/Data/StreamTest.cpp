//===- StreamTest.cpp - arrays that are read piece by piece ---------------------------------===//

#include "intaglio/Data/Stream.h"
#include "intaglio/Data/Npy.h"
#include "intaglio/Data/Npz.h"
#include "intaglio/Data/Safetensors.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace intaglio;

namespace {

/// Larger than what is read together with a member's header.
constexpr int64_t rows = 3000, columns = 20;

class StreamTest : public testing::Test {
protected:
  SmallString<128> folder;
  std::vector<Array> arrays;

  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("intaglio-stream", folder));
    for (StringRef name : {"b", "a"}) {
      char *data = nullptr;
      arrays.push_back(*makeArray(name, DType::I16, {rows, columns}, data));
      for (int64_t i = 0; i < rows * columns; ++i)
        reinterpret_cast<int16_t *>(data)[i] = int16_t(i * 7 + name[0]);
    }
  }
  void TearDown() override { sys::fs::remove_directories(folder); }

  std::string path(StringRef name) { return (folder + "/" + name).str(); }

  /// The arrays of a file, each read `step` rows at a time, all in turn.
  Expected<std::vector<Array>> readStepwise(StringRef file, int64_t step) {
    auto streams = openArrays(file);
    if (!streams)
      return streams.takeError();
    std::vector<Array> result;
    std::vector<MutableArrayRef<char>> left;
    for (auto &stream : *streams) {
      const Array &header = stream->getHeader();
      char *data = nullptr;
      result.push_back(*makeArray(header.name, header.dtype, header.shape, data));
      left.emplace_back(data, result.back().bytes.size());
    }
    size_t bytes = step * columns * sizeof(int16_t);
    while (any_of(left, [](auto part) { return !part.empty(); }))
      for (auto [stream, part] : zip_equal(*streams, left)) {
        size_t take = std::min(bytes, part.size());
        if (Error error = stream->read(part.take_front(take)))
          return error;
        part = part.drop_front(take);
      }
    return result;
  }

  void expectArrays(StringRef file) {
    for (int64_t step : {int64_t(7), rows}) {
      Expected<std::vector<Array>> found = readStepwise(file, step);
      ASSERT_TRUE(bool(found)) << toString(found.takeError());
      ASSERT_EQ(found->size(), 2u);
      for (const Array &array : *found) {
        const Array &expected = arrays[array.name == "a"];
        EXPECT_EQ(array.name, expected.name);
        EXPECT_EQ(array.dtype, expected.dtype);
        EXPECT_EQ(array.shape, expected.shape);
        EXPECT_EQ(array.bytes, expected.bytes);
      }
    }
  }
};

TEST_F(StreamTest, ReadsEveryContainer) {
  ASSERT_FALSE(errorToBool(writeNpz(path("x.npz"), arrays)));
  expectArrays(path("x.npz"));
  ASSERT_FALSE(errorToBool(writeSafetensors(path("x.safetensors"), arrays)));
  expectArrays(path("x.safetensors"));
  ASSERT_FALSE(sys::fs::create_directory(path("x")));
  for (const Array &array : arrays)
    ASSERT_FALSE(errorToBool(writeNpy(path("x/" + array.name + ".npy"), array)));
  expectArrays(path("x"));
}

TEST_F(StreamTest, RefusesOtherFiles) {
  auto streams = openArrays(path("x.csv"));
  EXPECT_EQ(toString(streams.takeError()),
            "'" + path("x.csv") +
                "': expected a .npz, .safetensors or .npy file, or a folder of .npy files");
}

TEST_F(StreamTest, FindsDamage) {
  ASSERT_FALSE(errorToBool(writeNpz(path("x.npz"), arrays)));
  std::string bytes = (*MemoryBuffer::getFile(path("x.npz")))->getBuffer().str();
  auto write = [&](StringRef text) {
    std::error_code code;
    raw_fd_ostream(path("damaged.npz"), code) << text;
    ASSERT_FALSE(code);
  };
  for (size_t size = 0; size < bytes.size(); size += 1009) {
    write(StringRef(bytes).take_front(size));
    EXPECT_TRUE(errorToBool(readStepwise(path("damaged.npz"), 100).takeError())) << size;
  }
  bytes[bytes.size() / 4] ^= 1;
  write(bytes);
  EXPECT_EQ(toString(readStepwise(path("damaged.npz"), 100).takeError()),
            "'" + path("damaged.npz[b.npy]") + "': CRC error");
}

} // namespace
