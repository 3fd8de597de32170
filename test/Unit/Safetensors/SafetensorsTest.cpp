#include "intaglio/Data/Safetensors.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"

#include <cstring>

using namespace llvm;
using namespace intaglio;

/// A folder that goes away with its files.
class SafetensorsTest : public ::testing::Test {
protected:
  void SetUp() override { ASSERT_FALSE(sys::fs::createUniqueDirectory("safetensors", folder)); }
  void TearDown() override { ASSERT_FALSE(sys::fs::remove_directories(folder)); }

  std::string path(StringRef name) {
    SmallString<128> result = folder;
    sys::path::append(result, name);
    return result.str().str();
  }

  void writeFile(StringRef name, StringRef bytes) {
    std::error_code code;
    raw_fd_ostream os(path(name), code);
    ASSERT_FALSE(code);
    os << bytes;
  }

  /// A file of that header and as many bytes of data.
  void writeModel(StringRef name, StringRef header, size_t dataBytes) {
    writeFile(name, container(header.size(), header, dataBytes));
  }

  static std::string container(uint64_t headerBytes, StringRef header, size_t dataBytes) {
    std::string bytes(8, '\0');
    support::endian::write64le(bytes.data(), headerBytes);
    return bytes + header.str() + std::string(dataBytes, '\1');
  }

  /// The error of reading `model.safetensors`, without the file's name.
  std::string errorOf(Expected<std::vector<Array>> arrays) {
    if (arrays)
      return "";
    std::string message;
    handleAllErrors(arrays.takeError(), [&](const FileError &error) {
      EXPECT_TRUE(error.getFileName().starts_with(folder));
      message = error.messageWithoutFileInfo();
    });
    return message;
  }

  SmallString<128> folder;
};

TEST_F(SafetensorsTest, ReadsWhatItWrote) {
  const char bytes[24] = "abcdefghijklmnopqrstuvw";
  Array small{"small", DType::I8, {3}, ArrayRef<char>(bytes, 3), nullptr};
  Array wide{"wide", DType::I64, {2, 1}, ArrayRef<char>(bytes, 16), nullptr};
  Array empty{"empty", DType::F32, {0, 7}, {}, nullptr};
  Array scalar{"scalar", DType::F32, {}, ArrayRef<char>(bytes, 4), nullptr};
  ASSERT_FALSE(
      errorToBool(writeSafetensors(path("model.safetensors"), {small, wide, empty, scalar})));
  Expected<std::vector<Array>> arrays = readSafetensors(path("model.safetensors"));
  ASSERT_TRUE(bool(arrays)) << toString(arrays.takeError());
  ASSERT_EQ(arrays->size(), 4u);
  std::vector<std::string> names;
  for (const Array &array : *arrays)
    names.push_back(array.name);
  EXPECT_EQ(names, (std::vector<std::string>{"wide", "empty", "scalar", "small"}));
  const Array &read = arrays->front();
  EXPECT_EQ(read.dtype, DType::I64);
  EXPECT_EQ(read.shape, (SmallVector<int64_t>{2, 1}));
  ASSERT_EQ(read.bytes.size(), 16u);
  EXPECT_EQ(std::memcmp(read.bytes.data(), bytes, 16), 0);
}

TEST_F(SafetensorsTest, WritesTheSameBytesInAnyOrder) {
  Array a{"a", DType::I8, {1}, ArrayRef<char>("x", 1), nullptr};
  Array b{"b", DType::I8, {1}, ArrayRef<char>("y", 1), nullptr};
  ASSERT_FALSE(errorToBool(writeSafetensors(path("ab"), {a, b})));
  ASSERT_FALSE(errorToBool(writeSafetensors(path("ba"), {b, a})));
  auto ab = MemoryBuffer::getFile(path("ab")), ba = MemoryBuffer::getFile(path("ba"));
  EXPECT_EQ((*ab)->getBuffer(), (*ba)->getBuffer());
}

TEST_F(SafetensorsTest, RefusesHostileContainers) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "not a safetensors file: 0 bytes, no header"},
      {"short", "not a safetensors file: 5 bytes, no header"},
      {container(100'000'001, "{}", 0),
       "a header of 100000001 bytes is above the limit of 100000000"},
      {container(~uint64_t(0), "{}", 0),
       "a header of 18446744073709551615 bytes is above the limit of 100000000"},
      {container(3, "{}", 0), "the header of 3 bytes ends behind the file, which has 2 bytes left"},
      {container(2, "[]", 0), "the header is not a JSON object"},
      {container(2, "{}", 1), "1 bytes behind the last tensor"},
  };
  for (const auto &[bytes, message] : cases) {
    writeFile("model.safetensors", bytes);
    EXPECT_EQ(errorOf(readSafetensors(path("model.safetensors"))), message);
  }
  EXPECT_EQ(errorOf(readSafetensors(path("none"))), "No such file or directory");
}

/// A header, the bytes of data behind it, and the error.
struct BadHeader {
  const char *header;
  size_t dataBytes;
  const char *message;
};

TEST_F(SafetensorsTest, RefusesHostileHeaders) {
  const BadHeader cases[] = {
      {R"({"a":3})", 0, "tensor 'a': expected an object of dtype, shape and data_offsets"},
      {R"({"a":{"dtype":"F32","shape":[1]}})", 4,
       "tensor 'a': expected an object of dtype, shape and data_offsets"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}})", 4,
       "tensor 'a': expected an object of dtype, shape and data_offsets"},
      {R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})", 4,
       "tensor 'a': dtype 'F31' is not supported"},
      {R"({"a":{"dtype":5,"shape":[1],"data_offsets":[0,4]}})", 4,
       "tensor 'a': dtype is not a string"},
      {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4,
       "tensor 'a': shape is not an array of non-negative integers"},
      {R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", 4,
       "tensor 'a': shape is not an array of non-negative integers"},
      {R"({"a":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}})", 4,
       "tensor 'a': the shape has too many elements"},
      {R"({"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}})", 0,
       "tensor 'a': the shape has too many elements"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4,
       "tensor 'a': data_offsets is not a pair of non-negative integers [begin, end]"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", 8,
       "tensor 'a': data_offsets is not a pair of non-negative integers [begin, end]"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4,
       "tensor 'a': data_offsets [0, 8] end behind the data, which has 4 bytes"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4,
       "tensor 'a': the shape and dtype need 8 bytes, data_offsets give 4"},
      {R"({"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"I8","shape":[4],"data_offsets":[2,6]}})",
       6, "tensor 'b': its data overlap those of tensor 'a'"},
      {R"({"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[2],"data_offsets":[4,6]}})",
       6, "tensor 'b': a hole of 2 bytes lies before its data"},
      {R"({"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}})",
       1, "key 'a' occurs twice in one JSON object"},
      {R"({"__metadata__":{"a":1}})", 0, "__metadata__ is not an object of strings"},
  };
  for (const BadHeader &bad : cases) {
    writeModel("model.safetensors", bad.header, bad.dataBytes);
    EXPECT_EQ(errorOf(readSafetensors(path("model.safetensors"))), bad.message) << bad.header;
  }
}

static constexpr StringLiteral headerA = R"({"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}})";
static constexpr StringLiteral headerB = R"({"b":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}})";

TEST_F(SafetensorsTest, ReadsShards) {
  EXPECT_EQ(errorOf(readSafetensorsDirectory(folder)),
            "neither model.safetensors nor model.safetensors.index.json is in it");
  writeModel("1.safetensors", headerA, 1);
  writeModel("2.safetensors", headerB, 1);
  writeFile("model.safetensors.index.json",
            R"({"weight_map":{"a":"1.safetensors","b":"2.safetensors"}})");
  Expected<std::vector<Array>> arrays = readSafetensorsDirectory(folder);
  ASSERT_TRUE(bool(arrays)) << toString(arrays.takeError());
  EXPECT_EQ(arrays->size(), 2u);
}

TEST_F(SafetensorsTest, RefusesHostileIndexes) {
  writeModel("1.safetensors", headerA, 1);
  const std::pair<StringRef, StringRef> cases[] = {
      {"{}", "no weight_map from tensor names to files"},
      {R"({"weight_map":{"a":"../1.safetensors"}})",
       "tensor 'a': its shard is not the name of a .safetensors file in the directory of the "
       "index"},
      {R"({"weight_map":{"a":"/etc/passwd"}})", "tensor 'a': its shard is not the name of a "
                                                ".safetensors file in the directory of the index"},
      {R"({"weight_map":{"a":1}})", "tensor 'a': its shard is not the name of a .safetensors file "
                                    "in the directory of the index"},
      {R"({"weight_map":{"b":"1.safetensors"}})", "tensor 'a': the index places no such tensor"},
      {R"({"weight_map":{"a":"1.safetensors","b":"1.safetensors"}})",
       "tensor 'b': its shard 1.safetensors does not hold it"},
      {R"({"weight_map":{"a":"2.safetensors"}})", "No such file or directory"},
  };
  for (const auto &[index, message] : cases) {
    writeFile("model.safetensors.index.json", index);
    EXPECT_EQ(errorOf(readSafetensorsDirectory(folder)), message) << index.str();
  }
}
