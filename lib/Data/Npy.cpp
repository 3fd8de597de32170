//===- Npy.cpp - NumPy's array files --------------------------------------------------------===//
//
// The format: "\x93NUMPY", two bytes of version, the size of the header (2 bytes in version 1, else
// 4), the header, which is a Python dictionary such as
//   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
// and then the elements. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Data/Npy.h"

#include "intaglio/Data/File.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace intaglio;

namespace {

constexpr StringLiteral magic = "\x93NUMPY";
constexpr size_t maxRank = 32;

constexpr std::pair<StringLiteral, DType> descriptions[] = {
    {"|b1", DType::Bool}, {"|i1", DType::I8},  {"|u1", DType::U8},  {"<i2", DType::I16},
    {"<u2", DType::U16},  {"<i4", DType::I32}, {"<u4", DType::U32}, {"<i8", DType::I64},
    {"<u8", DType::U64},  {"<f2", DType::F16}, {"<f4", DType::F32}, {"<f8", DType::F64}};

/// What a header says.
struct Header {
  std::optional<DType> dtype;
  std::optional<bool> fortranOrder;
  std::optional<SmallVector<int64_t>> shape;
};

/// Reads the header's dictionary from left to right; errors are text without the file's name.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : text(text) {}

  Expected<Header> parse() {
    Header header;
    if (!take("{"))
      return error("expected '{' at the header's begin");
    while (!take("}")) {
      std::optional<StringRef> key = takeString();
      if (!key || !take(":"))
        return error("expected a quoted key and ':'");
      if (Error failure = parseValue(*key, header))
        return failure;
      if (!take(",") && !text.starts_with("}"))
        return error("expected ',' or '}' after the value of '" + *key + "'");
    }
    if (!text.trim(" \n\0").empty())
      return error("text after the header's dictionary");
    if (!header.dtype || !header.fortranOrder || !header.shape)
      return error("the header lacks one of descr, fortran_order and shape");
    return header;
  }

private:
  StringRef text;

  static Error error(const Twine &message) { return createStringError(message); }

  bool take(StringRef token) {
    text = text.ltrim(' ');
    if (!text.consume_front(token))
      return false;
    text = text.ltrim(' ');
    return true;
  }

  std::optional<StringRef> takeString() {
    text = text.ltrim(' ');
    if (text.empty() || (text[0] != '\'' && text[0] != '"'))
      return std::nullopt;
    size_t end = text.find(text[0], 1);
    if (end == StringRef::npos)
      return std::nullopt;
    StringRef value = text.slice(1, end);
    text = text.drop_front(end + 1).ltrim(' ');
    return value;
  }

  Error parseValue(StringRef key, Header &header) {
    if (key == "descr" && !header.dtype)
      return parseDescription(header);
    if (key == "fortran_order" && !header.fortranOrder) {
      if (take("False"))
        header.fortranOrder = false;
      else if (take("True"))
        header.fortranOrder = true;
      else
        return error("fortran_order is neither True nor False");
      return Error::success();
    }
    if (key == "shape" && !header.shape)
      return parseShape(header);
    return error("unexpected or repeated key '" + key + "'");
  }

  Error parseDescription(Header &header) {
    std::optional<StringRef> value = takeString();
    if (!value)
      return error("structured arrays are not supported");
    const auto *entry = find_if(descriptions, [&](const auto &pair) {
      return pair.first == *value || (pair.first[0] == '|' && value->starts_with("<") &&
                                      pair.first.drop_front() == value->drop_front());
    });
    if (entry == std::end(descriptions))
      return error("element type '" + *value +
                   "' is not supported: expected booleans, integers or floats, little endian");
    header.dtype = entry->second;
    return Error::success();
  }

  Error parseShape(Header &header) {
    if (!take("("))
      return error("shape is not a tuple");
    SmallVector<int64_t> shape;
    while (!take(")")) {
      int64_t size = 0;
      if (text.consumeInteger(10, size) || size < 0)
        return error("a size in shape is not a non-negative 64-bit integer");
      text.consume_front("L");
      shape.push_back(size);
      if (shape.size() > maxRank)
        return error("shape has more than " + Twine(maxRank) + " dimensions");
      if (!take(",") && !text.starts_with(")"))
        return error("expected ',' or ')' in shape");
    }
    header.shape = std::move(shape);
    return Error::success();
  }
};

Error fileError(StringRef file, const Twine &message) {
  return createFileError(file, createStringError(message));
}

/// Splits a file's bytes into the header's text and the data.
Expected<std::pair<StringRef, StringRef>> splitHeader(StringRef bytes, StringRef file) {
  if (!bytes.consume_front(magic))
    return fileError(file, "not a .npy file: it does not begin with \\x93NUMPY");
  if (bytes.size() < 2 || bytes[0] < 1 || bytes[0] > 3)
    return fileError(file, "expected .npy format version 1, 2 or 3" +
                               (bytes.empty() ? "" : ", found " + Twine(int(uint8_t(bytes[0])))));
  size_t sizeBytes = bytes[0] == 1 ? 2 : 4;
  bytes = bytes.drop_front(2);
  if (bytes.size() < sizeBytes)
    return fileError(file, "truncated in the .npy header");
  size_t headerBytes = sizeBytes == 2 ? support::endian::read16le(bytes.data())
                                      : support::endian::read32le(bytes.data());
  bytes = bytes.drop_front(sizeBytes);
  if (headerBytes > bytes.size())
    return fileError(file, "truncated: the .npy header has " + Twine(headerBytes) +
                               " bytes, found " + Twine(bytes.size()));
  return std::make_pair(bytes.take_front(headerBytes), bytes.drop_front(headerBytes));
}

/// The header of `array`, padded so that the data begin at a multiple of 64 bytes.
std::string headerOf(const Array &array, StringRef description) {
  std::string header =
      ("{'descr': '" + description + "', 'fortran_order': False, 'shape': (").str();
  raw_string_ostream os(header);
  interleave(array.shape, os, ", ");
  os << (array.shape.size() == 1 ? ",), }" : "), }");
  constexpr size_t prefixBytes = 10;
  size_t total = alignTo(prefixBytes + header.size() + 1, 64);
  header.append(total - prefixBytes - header.size() - 1, ' ');
  header.push_back('\n');
  return header;
}

} // namespace

Expected<NpyHeader> intaglio::parseNpyHeader(ArrayRef<char> bytes, StringRef file) {
  auto parts = splitHeader(StringRef(bytes.data(), bytes.size()), file);
  if (!parts)
    return parts.takeError();
  auto [text, data] = *parts;
  Expected<Header> header = HeaderParser(text).parse();
  if (!header)
    return createFileError(file, header.takeError());
  std::optional<int64_t> size = byteSize(*header->dtype, *header->shape);
  if (!size)
    return fileError(file, "the shape has too many elements");
  // The order is the same for both conventions up to one dimension.
  bool matrix = count_if(*header->shape, [](int64_t size) { return size != 1; }) > 1;
  if (*header->fortranOrder && matrix)
    return fileError(file, "expected C order, found Fortran order");
  return NpyHeader{*header->dtype, std::move(*header->shape), *size,
                   int64_t(data.data() - bytes.data())};
}

Error intaglio::checkNpyData(const NpyHeader &header, uint64_t found, StringRef file) {
  if (uint64_t(header.dataBytes) == found)
    return Error::success();
  return fileError(file, "the shape and type need " + Twine(header.dataBytes) +
                             " bytes of data, found " + Twine(found));
}

Expected<Array> intaglio::parseNpy(ArrayRef<char> bytes, std::shared_ptr<void> owner,
                                   StringRef name, StringRef file) {
  Expected<NpyHeader> header = parseNpyHeader(bytes, file);
  if (!header)
    return header.takeError();
  Array array;
  array.name = name.str();
  array.dtype = header->dtype;
  array.shape = std::move(header->shape);
  array.bytes = bytes.drop_front(header->dataOffset);
  array.owner = std::move(owner);
  if (Error error = checkNpyData(*header, array.bytes.size(), file))
    return error;
  return array;
}

Expected<Array> intaglio::readNpy(StringRef path) {
  Expected<std::unique_ptr<MemoryBuffer>> buffer = mapFile(path);
  if (!buffer)
    return buffer.takeError();
  std::shared_ptr<MemoryBuffer> owner = std::move(*buffer);
  StringRef bytes = owner->getBuffer();
  return parseNpy(ArrayRef<char>(bytes.data(), bytes.size()), owner, sys::path::stem(path), path);
}

Expected<std::vector<std::string>> intaglio::listNpyDirectory(StringRef path) {
  std::error_code code;
  std::vector<std::string> files;
  for (sys::fs::directory_iterator it(path, code), end; it != end && !code; it.increment(code))
    if (StringRef(it->path()).ends_with(".npy"))
      files.push_back(it->path());
  if (code)
    return createFileError(path, code);
  if (files.empty())
    return fileError(path, "no .npy file in the folder");
  llvm::sort(files);
  return files;
}

Expected<std::vector<Array>> intaglio::readNpyDirectory(StringRef path) {
  Expected<std::vector<std::string>> files = listNpyDirectory(path);
  if (!files)
    return files.takeError();
  std::vector<Array> arrays;
  for (const std::string &file : *files) {
    Expected<Array> array = readNpy(file);
    if (!array)
      return array.takeError();
    arrays.push_back(std::move(*array));
  }
  return arrays;
}

Error intaglio::printNpy(const Array &array, raw_ostream &os) {
  const auto *entry =
      find_if(descriptions, [&](const auto &pair) { return pair.second == array.dtype; });
  if (entry == std::end(descriptions))
    return createStringError("array '" + array.name + "': a .npy file cannot hold " +
                             nameOf(array.dtype));
  std::string header = headerOf(array, entry->first);
  if (header.size() > UINT16_MAX)
    return createStringError("array '" + array.name + "': too many dimensions for a .npy file");
  char size[2];
  support::endian::write16le(size, header.size());
  os << magic << '\1' << '\0' << StringRef(size, sizeof(size)) << header;
  os.write(array.bytes.data(), array.bytes.size());
  return Error::success();
}

Error intaglio::writeNpy(StringRef path, const Array &array) {
  return writeToOutput(path, [&](raw_ostream &os) { return printNpy(array, os); });
}
