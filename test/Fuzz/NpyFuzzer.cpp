//===- NpyFuzzer.cpp - any bytes as a .npy file ---------------------------------------------===//

#include "intaglio/Data/Npy.h"

#include <cstdlib>

using namespace llvm;
using namespace intaglio;

/// Whatever the bytes: an error, or an array that is the same once it is printed and parsed again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ArrayRef<char> bytes(reinterpret_cast<const char *>(data), size);
  Expected<Array> array = parseNpy(bytes, nullptr, "array", "input");
  if (!array) {
    consumeError(array.takeError());
    return 0;
  }
  std::string text;
  raw_string_ostream os(text);
  cantFail(printNpy(*array, os));
  Expected<Array> again = parseNpy(ArrayRef(text.data(), text.size()), nullptr, "array", "again");
  if (!again || again->dtype != array->dtype || again->shape != array->shape ||
      again->bytes != array->bytes)
    std::abort();
  return 0;
}
