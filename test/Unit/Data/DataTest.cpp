//===- DataTest.cpp - NumPy files, good and hostile -----------------------------------------===//

#include "intaglio/Data/Npy.h"
#include "intaglio/Data/Npz.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace intaglio;

namespace {

class DataTest : public testing::Test {
protected:
  SmallString<128> folder;

  void SetUp() override { ASSERT_FALSE(sys::fs::createUniqueDirectory("intaglio-data", folder)); }
  void TearDown() override { sys::fs::remove_directories(folder); }

  std::string path(StringRef name) { return (folder + "/" + name).str(); }

  void write(StringRef name, StringRef bytes) {
    std::error_code code;
    raw_fd_ostream os(path(name), code);
    ASSERT_FALSE(code);
    os << bytes;
  }

  std::string read(StringRef name) {
    auto buffer = MemoryBuffer::getFile(path(name));
    return buffer ? (*buffer)->getBuffer().str() : "";
  }

  /// The error of parsing `bytes` as .npy.
  static std::string npyError(StringRef bytes) {
    Expected<Array> array =
        parseNpy(ArrayRef<char>(bytes.data(), bytes.size()), nullptr, "x", "x.npy");
    return array ? "" : toString(array.takeError());
  }

  /// A version 1 file of that header and data.
  static std::string npy(StringRef header, StringRef data) {
    std::string bytes("\x93NUMPY\1\0", 8);
    bytes.push_back(char(header.size()));
    bytes.push_back(0);
    return bytes + header.str() + data.str();
  }
};

Array iota(StringRef name) {
  char *data = nullptr;
  std::optional<Array> array = makeArray(name, DType::I16, {2, 3}, data);
  for (int16_t i = 0; i < 6; ++i)
    reinterpret_cast<int16_t *>(data)[i] = i - 2;
  return *array;
}

void expectSame(const Array &a, const Array &b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.dtype, b.dtype);
  EXPECT_EQ(a.shape, b.shape);
  EXPECT_EQ(a.bytes, b.bytes);
}

TEST_F(DataTest, NpyRoundTrip) {
  ASSERT_FALSE(errorToBool(writeNpy(path("x.npy"), iota("x"))));
  Expected<Array> back = readNpy(path("x.npy"));
  ASSERT_TRUE(bool(back));
  expectSame(*back, iota("x"));
}

TEST_F(DataTest, NpyOfRankZeroAndOfNoElements) {
  for (SmallVector<int64_t> shape : {SmallVector<int64_t>{}, SmallVector<int64_t>{0, 4}}) {
    char *data = nullptr;
    Array array = *makeArray("x", DType::F32, shape, data);
    ASSERT_FALSE(errorToBool(writeNpy(path("x.npy"), array)));
    Expected<Array> back = readNpy(path("x.npy"));
    ASSERT_TRUE(bool(back));
    expectSame(*back, array);
  }
}

TEST_F(DataTest, NpyHostile) {
  EXPECT_EQ(npyError("PK"), "'x.npy': not a .npy file: it does not begin with \\x93NUMPY");
  EXPECT_EQ(npyError(StringRef("\x93NUMPY\7\0", 8)),
            "'x.npy': expected .npy format version 1, 2 or 3, found 7");
  EXPECT_EQ(npyError(StringRef("\x93NUMPY\1\0\x40\0{", 11)),
            "'x.npy': truncated: the .npy header has 64 bytes, found 1");
  EXPECT_EQ(npyError(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "1234")),
            "'x.npy': the shape and type need 8 bytes of data, found 4");
  EXPECT_EQ(npyError(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "1234")),
            "'x.npy': element type '>f4' is not supported: expected booleans, integers or floats, "
            "little endian");
  EXPECT_EQ(npyError(npy("{'descr': '', 'fortran_order': False, 'shape': (1,), }", "1")),
            "'x.npy': element type '' is not supported: expected booleans, integers or floats, "
            "little endian");
  EXPECT_EQ(npyError(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", "")),
            "'x.npy': expected C order, found Fortran order");
  EXPECT_EQ(
      npyError(
          npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "")),
      "'x.npy': the shape has too many elements");
  EXPECT_EQ(npyError(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "")),
            "'x.npy': a size in shape is not a non-negative 64-bit integer");
  EXPECT_EQ(npyError(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "")),
            "'x.npy': structured arrays are not supported");
  EXPECT_EQ(npyError(npy("{'descr': '<f4', 'shape': (1,), }", "1234")),
            "'x.npy': the header lacks one of descr, fortran_order and shape");
}

TEST_F(DataTest, NpzRoundTripIsDeterministic) {
  Array arrays[] = {iota("b"), iota("a")};
  ASSERT_FALSE(errorToBool(writeNpz(path("x.npz"), arrays)));
  ASSERT_FALSE(errorToBool(writeNpz(path("y.npz"), arrays)));
  EXPECT_EQ(read("x.npz"), read("y.npz"));
  Expected<std::vector<Array>> back = readNpz(path("x.npz"));
  ASSERT_TRUE(bool(back)) << toString(back.takeError());
  ASSERT_EQ(back->size(), 2u);
  expectSame((*back)[0], arrays[0]);
  expectSame((*back)[1], arrays[1]);
}

TEST_F(DataTest, NpzHostile) {
  ASSERT_FALSE(errorToBool(writeNpz(path("x.npz"), iota("value"))));
  std::string bytes = read("x.npz");
  // Every truncation is an error, never a crash.
  for (size_t size = 0; size < bytes.size(); size += 7) {
    write("cut.npz", StringRef(bytes).take_front(size));
    Expected<std::vector<Array>> cut = readNpz(path("cut.npz"));
    EXPECT_FALSE(bool(cut)) << size;
    consumeError(cut.takeError());
  }
  // A changed element is found by the checksum.
  size_t element = bytes.find("\xfe\xff");
  ASSERT_NE(element, std::string::npos);
  bytes[element] ^= 1;
  write("changed.npz", bytes);
  Expected<std::vector<Array>> changed = readNpz(path("changed.npz"));
  ASSERT_FALSE(bool(changed));
  EXPECT_NE(toString(changed.takeError()).find("changed.npz[value.npy]': CRC error"),
            std::string::npos);
}

TEST_F(DataTest, FailedWriteLeavesNoFile) {
  Array array = iota("x");
  array.dtype = DType::BF16;
  EXPECT_EQ(toString(writeNpy(path("x.npy"), array)),
            "array 'x': a .npy file cannot hold bfloat16");
  EXPECT_TRUE(sys::fs::directory_iterator() == [&] {
    std::error_code code;
    return sys::fs::directory_iterator(folder, code);
  }());
}

TEST_F(DataTest, Folder) {
  ASSERT_FALSE(errorToBool(writeNpy(path("b.npy"), iota("b"))));
  ASSERT_FALSE(errorToBool(writeNpy(path("a.npy"), iota("a"))));
  Expected<std::vector<Array>> arrays = readArrays(folder);
  ASSERT_TRUE(bool(arrays));
  ASSERT_EQ(arrays->size(), 2u);
  EXPECT_EQ((*arrays)[0].name, "a");
}

} // namespace
