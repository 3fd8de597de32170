//===- JsonFuzzer.cpp - any bytes as JSON ---------------------------------------------------===//

#include "intaglio/Data/Json.h"

#include "llvm/Support/raw_ostream.h"

#include <cstdlib>

using namespace llvm;
using namespace intaglio;

/// Whatever the bytes: an error, or a value that is the same once it is printed and parsed again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Expected<json::Value> value =
      parseJson(StringRef(reinterpret_cast<const char *>(data), size), "input");
  if (!value) {
    consumeError(value.takeError());
    return 0;
  }
  std::string text;
  raw_string_ostream(text) << *value;
  Expected<json::Value> again = parseJson(text, "again");
  if (!again || *again != *value)
    std::abort();
  return 0;
}
