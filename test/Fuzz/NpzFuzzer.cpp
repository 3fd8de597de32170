//===- NpzFuzzer.cpp - any bytes as a .npz file ---------------------------------------------===//

#include "Scratch.h"

#include "intaglio/Data/Npz.h"
#include "intaglio/Data/Stream.h"

using namespace llvm;
using namespace intaglio;

/// Reads the stream to its end in pieces of seven bytes.
static Expected<std::string> readAll(ArrayStream &stream) {
  int64_t size = byteSize(stream.getHeader().dtype, stream.getHeader().shape).value();
  std::string bytes(size, '\0');
  for (size_t at = 0; at < bytes.size(); at += 7) {
    size_t piece = std::min<size_t>(7, bytes.size() - at);
    if (Error error = stream.read(MutableArrayRef(bytes.data() + at, piece)))
      return std::move(error);
  }
  return bytes;
}

/// The arrays of the file, read piece by piece.
static Expected<std::vector<std::string>> streamArrays(StringRef path) {
  Expected<std::vector<std::unique_ptr<ArrayStream>>> streams = openArrays(path);
  if (!streams)
    return streams.takeError();
  std::vector<std::string> result;
  for (std::unique_ptr<ArrayStream> &stream : *streams) {
    Expected<std::string> bytes = readAll(*stream);
    if (!bytes)
      return bytes.takeError();
    result.push_back(std::move(*bytes));
  }
  return result;
}

/// Whatever the bytes: both readers refuse them, or both find the same arrays.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static fuzz::Scratch scratch;
  scratch.write("input.npz", StringRef(reinterpret_cast<const char *>(data), size));
  Expected<std::vector<Array>> arrays = readNpz(scratch.path("input.npz"));
  Expected<std::vector<std::string>> streamed = streamArrays(scratch.path("input.npz"));
  if (bool(arrays) != bool(streamed))
    std::abort();
  if (!arrays) {
    consumeError(arrays.takeError());
    consumeError(streamed.takeError());
    return 0;
  }
  if (arrays->size() != streamed->size())
    std::abort();
  for (auto [array, bytes] : zip(*arrays, *streamed))
    if (StringRef(array.bytes.data(), array.bytes.size()) != bytes)
      std::abort();
  return 0;
}
