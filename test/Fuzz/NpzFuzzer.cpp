//===- NpzFuzzer.cpp - any bytes as a .npz file ---------------------------------------------===//

#include "Scratch.h"

#include "intaglio/Data/Npz.h"

using namespace llvm;
using namespace intaglio;

/// Whatever the bytes: an error, or arrays whose bytes fit their shapes and can all be read.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static fuzz::Scratch scratch;
  scratch.write("input.npz", StringRef(reinterpret_cast<const char *>(data), size));
  Expected<std::vector<Array>> arrays = readNpz(scratch.path("input.npz"));
  if (!arrays) {
    consumeError(arrays.takeError());
    return 0;
  }
  size_t sum = 0;
  for (const Array &array : *arrays) {
    if (int64_t(array.bytes.size()) != byteSize(array.dtype, array.shape))
      std::abort();
    for (char byte : array.bytes)
      sum += static_cast<uint8_t>(byte);
  }
  return sum == SIZE_MAX ? -1 : 0;
}
