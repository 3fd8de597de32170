//===- Safetensors.cpp - tensors in a mapped file -------------------------------------------===//

#include "intaglio/Data/Safetensors.h"

#include "intaglio/Data/File.h"
#include "intaglio/Data/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace intaglio;

namespace {

constexpr uint64_t maxHeaderBytes = 100'000'000;
constexpr StringLiteral metadataKey = "__metadata__";

/// The format's names of element types.
constexpr std::pair<StringLiteral, DType> dtypeNames[] = {
    {"BOOL", DType::Bool}, {"I8", DType::I8},   {"U8", DType::U8},     {"I16", DType::I16},
    {"U16", DType::U16},   {"F16", DType::F16}, {"BF16", DType::BF16}, {"I32", DType::I32},
    {"U32", DType::U32},   {"F32", DType::F32}, {"I64", DType::I64},   {"U64", DType::U64},
    {"F64", DType::F64}};

/// A mapped file and the parts of its container.
struct Container {
  StringRef path;
  std::shared_ptr<MemoryBuffer> buffer;
  StringRef header, data;

  Error error(const Twine &message) const { return fileError(path, message); }
  Error error(StringRef tensor, const Twine &message) const {
    return fileError(path, "tensor '" + tensor + "': " + message);
  }
};

/// Splits a file into header and data.
Expected<Container> openContainer(std::shared_ptr<MemoryBuffer> buffer, StringRef path) {
  Container file{path, std::move(buffer), {}, {}};
  StringRef bytes = file.buffer->getBuffer();
  if (bytes.size() < sizeof(uint64_t))
    return file.error("not a safetensors file: " + Twine(bytes.size()) + " bytes, no header");
  uint64_t headerBytes = support::endian::read64le(bytes.data());
  if (headerBytes > maxHeaderBytes)
    return file.error("a header of " + Twine(headerBytes) + " bytes is above the limit of " +
                      Twine(maxHeaderBytes));
  bytes = bytes.drop_front(sizeof(uint64_t));
  if (headerBytes > bytes.size())
    return file.error("the header of " + Twine(headerBytes) +
                      " bytes ends behind the file, which has " + Twine(bytes.size()) +
                      " bytes left");
  file.header = bytes.take_front(headerBytes);
  file.data = bytes.drop_front(headerBytes);
  return file;
}

/// An array of integers in [0, 2^63), or nothing.
std::optional<SmallVector<uint64_t>> unsignedIntegers(const json::Array *values) {
  if (!values)
    return std::nullopt;
  SmallVector<uint64_t> result;
  for (const json::Value &value : *values) {
    std::optional<int64_t> integer = value.getAsInteger();
    if (!integer || *integer < 0)
      return std::nullopt;
    result.push_back(*integer);
  }
  return result;
}

/// One entry of the header as an array over the mapped data.
Expected<Array> readEntry(const Container &file, StringRef name, const json::Value &value) {
  const json::Object *entry = value.getAsObject();
  if (!entry || entry->size() != 3 || !entry->get("dtype") || !entry->get("shape") ||
      !entry->get("data_offsets"))
    return file.error(name, "expected an object of dtype, shape and data_offsets");
  std::optional<StringRef> dtypeName = entry->getString("dtype");
  if (!dtypeName)
    return file.error(name, "dtype is not a string");
  const auto *dtype =
      find_if(dtypeNames, [&](const auto &pair) { return pair.first == *dtypeName; });
  if (dtype == std::end(dtypeNames))
    return file.error(name, "dtype '" + *dtypeName + "' is not supported");
  auto shape = unsignedIntegers(entry->getArray("shape"));
  if (!shape)
    return file.error(name, "shape is not an array of non-negative integers");
  auto offsets = unsignedIntegers(entry->getArray("data_offsets"));
  if (!offsets || offsets->size() != 2 || (*offsets)[0] > (*offsets)[1])
    return file.error(name, "data_offsets is not a pair of non-negative integers [begin, end]");
  uint64_t begin = (*offsets)[0], end = (*offsets)[1];
  if (end > file.data.size())
    return file.error(name, "data_offsets [" + Twine(begin) + ", " + Twine(end) +
                                "] end behind the data, which has " + Twine(file.data.size()) +
                                " bytes");
  Array array;
  array.name = name.str();
  array.dtype = dtype->second;
  array.shape.assign(shape->begin(), shape->end());
  std::optional<int64_t> bytes = byteSize(array.dtype, array.shape);
  if (!bytes)
    return file.error(name, "the shape has too many elements");
  if (uint64_t(*bytes) != end - begin)
    return file.error(name, "the shape and dtype need " + Twine(*bytes) +
                                " bytes, data_offsets give " + Twine(end - begin));
  array.bytes = ArrayRef<char>(file.data.data() + begin, end - begin);
  array.owner = file.buffer;
  return array;
}

/// Arrays in the order of their data cover all of it, each byte once.
Error checkCoverage(const Container &file, ArrayRef<Array> arrays) {
  const char *covered = file.data.data();
  const Array *last = nullptr;
  for (const Array &array : arrays) {
    if (array.bytes.data() < covered)
      return file.error(array.name, "its data overlap those of tensor '" + last->name + "'");
    if (array.bytes.data() > covered)
      return file.error(array.name, "a hole of " + Twine(array.bytes.data() - covered) +
                                        " bytes lies before its data");
    covered = array.bytes.end();
    last = &array;
  }
  if (covered != file.data.end())
    return file.error(Twine(file.data.end() - covered) + " bytes behind the last tensor");
  return Error::success();
}

Error checkMetadata(const Container &file, const json::Value &value) {
  const json::Object *metadata = value.getAsObject();
  if (!metadata || !all_of(*metadata, [](const auto &pair) { return pair.second.getAsString(); }))
    return file.error("__metadata__ is not an object of strings");
  return Error::success();
}

/// The shard of each tensor by an index file, and the shards in order.
struct ShardIndex {
  StringMap<std::string> shardOf;
  std::vector<std::string> shards;
};

Expected<ShardIndex> readIndex(StringRef path) {
  Expected<json::Value> value = readJson(path);
  if (!value)
    return value.takeError();
  const json::Object *root = value->getAsObject();
  const json::Object *map = root ? root->getObject("weight_map") : nullptr;
  if (!map || map->empty())
    return fileError(path, "no weight_map from tensor names to files");
  ShardIndex index;
  for (const auto &[name, file] : *map) {
    std::optional<StringRef> shard = file.getAsString();
    if (!shard || !shard->ends_with(".safetensors") || shard->contains('/') ||
        shard->contains('\\'))
      return fileError(path, "tensor '" + name.str() +
                                 "': its shard is not the name of a .safetensors file in the "
                                 "directory of the index");
    index.shardOf[name] = shard->str();
    index.shards.push_back(shard->str());
  }
  llvm::sort(index.shards);
  index.shards.erase(llvm::unique(index.shards), index.shards.end());
  return index;
}

std::string joined(StringRef directory, StringRef file) {
  SmallString<256> path(directory);
  sys::path::append(path, file);
  return path.str().str();
}

Expected<std::vector<Array>> readShards(StringRef directory, StringRef indexPath) {
  Expected<ShardIndex> index = readIndex(indexPath);
  if (!index)
    return index.takeError();
  std::vector<Array> all;
  for (const std::string &shard : index->shards) {
    std::string path = joined(directory, shard);
    Expected<std::vector<Array>> arrays = readSafetensors(path);
    if (!arrays)
      return arrays.takeError();
    for (Array &array : *arrays) {
      auto expected = index->shardOf.find(array.name);
      if (expected == index->shardOf.end() || expected->second != shard)
        return fileError(path,
                         "tensor '" + array.name + "': the index places " +
                             (expected == index->shardOf.end() ? "no such tensor"
                                                               : "it in " + expected->second));
      index->shardOf.erase(expected);
      all.push_back(std::move(array));
    }
  }
  if (index->shardOf.empty())
    return all;
  StringRef missing = index->shardOf.begin()->first();
  return fileError(indexPath, "tensor '" + missing + "': its shard " +
                                  index->shardOf.begin()->second + " does not hold it");
}

StringRef dtypeName(DType dtype) {
  for (const auto &[name, candidate] : dtypeNames)
    if (candidate == dtype)
      return name;
  llvm_unreachable("all element types have a name");
}

json::Object headerEntry(const Array &array, uint64_t begin) {
  return json::Object{{"dtype", dtypeName(array.dtype)},
                      {"shape", json::Array(array.shape)},
                      {"data_offsets", json::Array{begin, begin + array.bytes.size()}}};
}

} // namespace

Expected<std::vector<Array>> intaglio::parseSafetensors(std::shared_ptr<MemoryBuffer> buffer,
                                                        StringRef path) {
  Expected<Container> file = openContainer(std::move(buffer), path);
  if (!file)
    return file.takeError();
  Expected<json::Value> header = parseJson(file->header.rtrim(' '), path);
  if (!header)
    return header.takeError();
  const json::Object *entries = header->getAsObject();
  if (!entries)
    return file->error("the header is not a JSON object");
  std::vector<Array> arrays;
  for (const auto &[key, value] : *entries) {
    if (StringRef(key) == metadataKey) {
      if (Error error = checkMetadata(*file, value))
        return error;
      continue;
    }
    Expected<Array> array = readEntry(*file, key, value);
    if (!array)
      return array.takeError();
    arrays.push_back(std::move(*array));
  }
  llvm::sort(arrays, [](const Array &a, const Array &b) {
    return std::make_tuple(a.bytes.begin(), a.bytes.end(), StringRef(a.name)) <
           std::make_tuple(b.bytes.begin(), b.bytes.end(), StringRef(b.name));
  });
  if (Error error = checkCoverage(*file, arrays))
    return error;
  return arrays;
}

Expected<std::vector<Array>> intaglio::readSafetensors(StringRef path) {
  Expected<std::unique_ptr<MemoryBuffer>> buffer = mapFile(path);
  if (!buffer)
    return buffer.takeError();
  return parseSafetensors(std::move(*buffer), path);
}

Expected<std::vector<Array>> intaglio::readSafetensorsDirectory(StringRef directory) {
  std::string single = joined(directory, "model.safetensors");
  if (sys::fs::exists(single))
    return readSafetensors(single);
  std::string index = joined(directory, "model.safetensors.index.json");
  if (sys::fs::exists(index))
    return readShards(directory, index);
  return fileError(directory,
                   "neither model.safetensors nor model.safetensors.index.json is in it");
}

Error intaglio::writeSafetensors(StringRef path, ArrayRef<Array> arrays) {
  SmallVector<const Array *> order(make_pointer_range(arrays));
  llvm::sort(order, [](const Array *a, const Array *b) {
    return std::make_tuple(-int64_t(sizeOf(a->dtype)), StringRef(a->name)) <
           std::make_tuple(-int64_t(sizeOf(b->dtype)), StringRef(b->name));
  });
  json::Object entries;
  uint64_t offset = 0;
  for (const Array *array : order) {
    entries[array->name] = headerEntry(*array, offset);
    offset += array->bytes.size();
  }
  std::string header;
  raw_string_ostream(header) << json::Value(std::move(entries));
  header.append(offsetToAlignment(header.size() + sizeof(uint64_t), Align(64)), ' ');
  return writeToOutput(path, [&](raw_ostream &os) -> Error {
    char size[sizeof(uint64_t)];
    support::endian::write64le(size, header.size());
    os.write(size, sizeof(size)) << header;
    for (const Array *array : order)
      os.write(array->bytes.data(), array->bytes.size());
    return Error::success();
  });
}
