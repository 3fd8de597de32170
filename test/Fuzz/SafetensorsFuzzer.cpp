//===- SafetensorsFuzzer.cpp - any bytes as a safetensors file ------------------------------===//

#include "intaglio/Data/Float32.h"
#include "intaglio/Data/Safetensors.h"

#include <cstdlib>

using namespace llvm;
using namespace intaglio;

/// Whatever the bytes: an error, or arrays that tile the data and can all be read.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef bytes(reinterpret_cast<const char *>(data), size);
  std::shared_ptr<MemoryBuffer> buffer = MemoryBuffer::getMemBufferCopy(bytes);
  Expected<std::vector<Array>> arrays = parseSafetensors(std::move(buffer), "input");
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
    (void)asFloat32(array);
  }
  return sum == SIZE_MAX ? -1 : 0;
}
