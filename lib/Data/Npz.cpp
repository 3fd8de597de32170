//===- Npz.cpp - NumPy's archives of arrays -------------------------------------------------===//

#include "intaglio/Data/Npz.h"

#include "intaglio/Data/File.h"
#include "intaglio/Data/Npy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <zip.h>

using namespace llvm;
using namespace intaglio;

namespace {

constexpr uint64_t maxMemberBytes = uint64_t(16) << 30;
/// The oldest time that a zip file can tell, 1 January 1980: year 0, month 1, day 1.
constexpr zip_uint16_t dosDate = 1 << 5 | 1;

Error fileError(StringRef file, const Twine &message) {
  return createFileError(file, createStringError(message));
}

Error zipError(StringRef file, int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  Error result = fileError(file, Twine("not a readable .npz file: ") + zip_error_strerror(&error));
  zip_error_fini(&error);
  return result;
}

/// Reads one member of `size` bytes. The checksum is tested by the read that meets the end.
Expected<Array> readMember(zip_t *archive, zip_uint64_t index, uint64_t size, StringRef name,
                           const std::string &label) {
  zip_file_t *file = zip_fopen_index(archive, index, 0);
  if (!file)
    return fileError(label, zip_strerror(archive));
  scope_exit close([&] { zip_fclose(file); });
  auto owner = std::make_shared<SmallVector<char, 0>>();
  constexpr uint64_t step = uint64_t(1) << 24;
  // Grown as data arrive: the size that a hostile archive claims is not trusted with memory.
  while (true) {
    size_t begin = owner->size();
    owner->resize_for_overwrite(begin + std::min(step, size - begin + 1));
    zip_int64_t got = zip_fread(file, owner->data() + begin, owner->size() - begin);
    if (got < 0)
      return fileError(label, zip_file_strerror(file));
    owner->truncate(begin + got);
    if (owner->size() > size)
      return fileError(label, "more data than the archive's directory says");
    if (got == 0)
      break;
  }
  if (owner->size() != size)
    return fileError(label, "truncated: expected " + Twine(size) + " bytes, found " +
                                Twine(owner->size()));
  return parseNpy(*owner, owner, name, label);
}

Error printNpz(StringRef path, ArrayRef<Array> arrays, zip_source_t *target) {
  zip_error_t error;
  zip_error_init(&error);
  scope_exit finish([&] { zip_error_fini(&error); });
  // The archive takes its own reference on the target when it is closed.
  zip_source_keep(target);
  zip_t *archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  if (!archive) {
    zip_source_free(target);
    return fileError(path, zip_error_strerror(&error));
  }
  scope_exit discard([&] { zip_discard(archive); });
  std::vector<std::string> members(arrays.size());
  for (auto [array, member] : zip_equal(arrays, members)) {
    raw_string_ostream os(member);
    if (Error failure = printNpy(array, os))
      return failure;
    zip_source_t *source = zip_source_buffer(archive, member.data(), member.size(), 0);
    zip_int64_t index =
        source ? zip_file_add(archive, (array.name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8)
               : -1;
    if (index < 0) {
      zip_source_free(source);
      return fileError(path, "array '" + array.name + "': " + zip_strerror(archive));
    }
    if (zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) ||
        zip_file_set_dostime(archive, index, 0, dosDate, 0))
      return fileError(path, zip_strerror(archive));
  }
  if (zip_close(archive))
    return fileError(path, zip_strerror(archive));
  discard.release();
  return Error::success();
}

} // namespace

Expected<std::vector<Array>> intaglio::readNpz(StringRef path) {
  if (Error error = checkRegularFile(path))
    return error;
  int code = 0;
  zip_t *archive = zip_open(path.str().c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code);
  if (!archive)
    return zipError(path, code);
  scope_exit discard([&] { zip_discard(archive); });
  std::vector<Array> arrays;
  StringSet<> names;
  for (zip_int64_t i = 0, n = zip_get_num_entries(archive, 0); i < n; ++i) {
    zip_stat_t stat;
    if (zip_stat_index(archive, i, 0, &stat) || !(stat.valid & ZIP_STAT_NAME) ||
        !(stat.valid & ZIP_STAT_SIZE))
      return fileError(path, zip_strerror(archive));
    StringRef name = stat.name;
    std::string label = (path + "[" + name + "]").str();
    if (!name.consume_back(".npy"))
      return fileError(label, "expected members that end in .npy");
    if (!names.insert(name).second)
      return fileError(label, "the archive holds this name twice");
    if (stat.size > maxMemberBytes)
      return fileError(label, Twine(stat.size) + " bytes are above the limit of 16 GiB");
    Expected<Array> array = readMember(archive, i, stat.size, name, label);
    if (!array)
      return array.takeError();
    arrays.push_back(std::move(*array));
  }
  return arrays;
}

Error intaglio::writeNpz(StringRef path, ArrayRef<Array> arrays) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_error_fini(&error);
  if (!target)
    return fileError(path, "out of memory");
  scope_exit release([&] { zip_source_free(target); });
  if (Error failure = printNpz(path, arrays, target))
    return failure;
  zip_stat_t stat;
  if (zip_source_stat(target, &stat) || zip_source_open(target))
    return fileError(path, zip_error_strerror(zip_source_error(target)));
  scope_exit close([&] { zip_source_close(target); });
  SmallVector<char, 0> bytes;
  bytes.resize_for_overwrite(stat.size);
  if (zip_source_read(target, bytes.data(), bytes.size()) != zip_int64_t(bytes.size()))
    return fileError(path, zip_error_strerror(zip_source_error(target)));
  return writeToOutput(path, [&](raw_ostream &os) -> Error {
    os.write(bytes.data(), bytes.size());
    return Error::success();
  });
}

Expected<std::vector<Array>> intaglio::readArrays(StringRef path) {
  if (sys::fs::is_directory(path))
    return readNpyDirectory(path);
  if (!path.ends_with(".npy"))
    return readNpz(path);
  Expected<Array> array = readNpy(path);
  if (!array)
    return array.takeError();
  return std::vector<Array>{std::move(*array)};
}
