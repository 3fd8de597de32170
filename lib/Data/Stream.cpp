//===- Stream.cpp - arrays that are read piece by piece --------------------------------------===//

#include "intaglio/Data/Stream.h"

#include "intaglio/Data/File.h"
#include "intaglio/Data/FilePages.h"
#include "intaglio/Data/Json.h"
#include "intaglio/Data/Npy.h"
#include "intaglio/Data/Safetensors.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cstring>
#include <zip.h>

using namespace llvm;
using namespace intaglio;

using Streams = std::vector<std::unique_ptr<ArrayStream>>;

ArrayStream::~ArrayStream() = default;

//===----------------------------------------------------------------------------------------===//
// Mapped files
//===----------------------------------------------------------------------------------------===//

namespace {
/// An array in a mapped file.
class MappedStream : public ArrayStream {
public:
  MappedStream(Array array, std::shared_ptr<MemoryBuffer> buffer)
      : ArrayStream(withoutBytes(array)), all(array.bytes), left(array.bytes),
        buffer(std::move(buffer)) {}

  Error read(MutableArrayRef<char> into) override {
    std::memcpy(into.data(), left.data(), into.size());
    left = left.drop_front(into.size());
    // MemoryBuffer's own dontNeedIfMmap does nothing with glibc.
    pages.giveBack(all.drop_back(left.size()));
    return Error::success();
  }

private:
  static Array withoutBytes(Array array) {
    array.bytes = {};
    array.owner = nullptr;
    return array;
  }

  ArrayRef<char> all, left;
  std::shared_ptr<MemoryBuffer> buffer;
  FilePages pages;
};
} // namespace

static Error openNpy(StringRef path, Streams &streams) {
  Expected<std::unique_ptr<MemoryBuffer>> mapped = mapFile(path);
  if (!mapped)
    return mapped.takeError();
  std::shared_ptr<MemoryBuffer> buffer = std::move(*mapped);
  StringRef bytes = buffer->getBuffer();
  Expected<Array> array =
      parseNpy(ArrayRef<char>(bytes.data(), bytes.size()), nullptr, sys::path::stem(path), path);
  if (!array)
    return array.takeError();
  streams.push_back(std::make_unique<MappedStream>(*array, buffer));
  return Error::success();
}

static Error openSafetensors(StringRef path, Streams &streams) {
  Expected<std::unique_ptr<MemoryBuffer>> mapped = mapFile(path);
  if (!mapped)
    return mapped.takeError();
  std::shared_ptr<MemoryBuffer> buffer = std::move(*mapped);
  Expected<std::vector<Array>> arrays = parseSafetensors(buffer, path);
  if (!arrays)
    return arrays.takeError();
  for (const Array &array : *arrays)
    streams.push_back(std::make_unique<MappedStream>(array, buffer));
  return Error::success();
}

//===----------------------------------------------------------------------------------------===//
// Members of archives
//===----------------------------------------------------------------------------------------===//

namespace {
/// So many bytes of a member hold any header of `.npy` version 1.
constexpr uint64_t prefixBytes = 65536 + 16;

/// A member of an archive while it is read.
struct Member {
  std::shared_ptr<zip_t> archive;
  std::unique_ptr<zip_file_t, int (*)(zip_file_t *)> file{nullptr, zip_fclose};
  std::string label; ///< "data.npz[input_ids.npy]"

  Error error(const Twine &message) const { return fileError(label, message); }

  /// Fills `into`.
  Error read(MutableArrayRef<char> into) {
    while (!into.empty()) {
      zip_int64_t got = zip_fread(file.get(), into.data(), into.size());
      if (got < 0)
        return error(zip_file_strerror(file.get()));
      if (got == 0)
        return error("truncated: " + Twine(into.size()) + " bytes are missing");
      into = into.drop_front(got);
    }
    return Error::success();
  }

  /// Meets the end, where the checksum is tested.
  Error finish() {
    char more;
    zip_int64_t got = zip_fread(file.get(), &more, 1);
    if (got < 0)
      return error(zip_file_strerror(file.get()));
    return got ? error("more data than the archive's directory says") : Error::success();
  }
};

class MemberStream : public ArrayStream {
public:
  MemberStream(Array header, Member member, std::vector<char> begin, uint64_t size)
      : ArrayStream(std::move(header)), member(std::move(member)), begin(std::move(begin)),
        left(size) {}

  Error read(MutableArrayRef<char> into) override {
    left -= into.size();
    size_t known = std::min(begin.size() - position, into.size());
    std::memcpy(into.data(), begin.data() + position, known);
    position += known;
    if (Error error = member.read(into.drop_front(known)))
      return error;
    return left ? Error::success() : member.finish();
  }

private:
  Member member;
  std::vector<char> begin; ///< data that came with the header
  size_t position = 0;     ///< in `begin`
  uint64_t left;
};
} // namespace

static Error openMember(std::shared_ptr<zip_t> archive, StringRef path, zip_uint64_t index,
                        StringSet<> &names, Streams &streams) {
  zip_stat_t stat;
  if (zip_stat_index(archive.get(), index, 0, &stat) || !(stat.valid & ZIP_STAT_NAME) ||
      !(stat.valid & ZIP_STAT_SIZE))
    return fileError(path, zip_strerror(archive.get()));
  StringRef name = stat.name;
  Member member;
  member.archive = archive;
  member.label = (path + "[" + name + "]").str();
  if (!name.consume_back(".npy"))
    return member.error("expected members that end in .npy");
  if (!names.insert(name).second)
    return member.error("the archive holds this name twice");
  member.file.reset(zip_fopen_index(archive.get(), index, 0));
  if (!member.file)
    return member.error(zip_strerror(archive.get()));
  std::vector<char> begin(std::min<uint64_t>(stat.size, prefixBytes));
  if (Error error = member.read(begin))
    return error;
  Expected<NpyHeader> header = parseNpyHeader(begin, member.label);
  if (!header)
    return header.takeError();
  if (Error error = checkNpyData(*header, stat.size - header->dataOffset, member.label))
    return error;
  if (stat.size == begin.size())
    if (Error error = member.finish())
      return error;
  begin.erase(begin.begin(), begin.begin() + header->dataOffset);
  Array array;
  array.name = name.str();
  array.dtype = header->dtype;
  array.shape = header->shape;
  streams.push_back(std::make_unique<MemberStream>(std::move(array), std::move(member),
                                                   std::move(begin), header->dataBytes));
  return Error::success();
}

static Error openNpz(StringRef path, Streams &streams) {
  if (Error error = checkRegularFile(path))
    return error;
  int code = 0;
  zip_t *opened = zip_open(path.str().c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code);
  if (!opened) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string message = zip_error_strerror(&error);
    zip_error_fini(&error);
    return fileError(path, "not a readable .npz file: " + message);
  }
  std::shared_ptr<zip_t> archive(opened, zip_discard);
  StringSet<> names;
  for (zip_int64_t i = 0, n = zip_get_num_entries(opened, 0); i < n; ++i)
    if (Error error = openMember(archive, path, i, names, streams))
      return error;
  return Error::success();
}

Expected<Streams> intaglio::openArrays(StringRef path) {
  Streams streams;
  auto open = [&]() -> Error {
    if (!sys::fs::is_directory(path)) {
      if (path.ends_with(".npz"))
        return openNpz(path, streams);
      if (path.ends_with(".safetensors"))
        return openSafetensors(path, streams);
      if (path.ends_with(".npy"))
        return openNpy(path, streams);
      return fileError(path,
                       "expected a .npz, .safetensors or .npy file, or a folder of .npy files");
    }
    Expected<std::vector<std::string>> files = listNpyDirectory(path);
    if (!files)
      return files.takeError();
    for (const std::string &file : *files)
      if (Error error = openNpy(file, streams))
        return error;
    return Error::success();
  };
  if (Error error = open())
    return error;
  return streams;
}
