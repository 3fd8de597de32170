//===- Json.cpp - JSON text of unknown origin -----------------------------------------------===//

#include "intaglio/Data/Json.h"

#include "intaglio/Data/File.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace {

constexpr unsigned maxDepth = 64;
constexpr uint64_t maxFileBytes = uint64_t(64) << 20;

/// The text after the string literal that begins at text[begin], or npos when it does not end.
size_t skipString(StringRef text, size_t begin) {
  for (size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return StringRef::npos;
}

/// True when no value of `text`, which need not be valid, is nested deeper than maxDepth.
bool isShallow(StringRef text) {
  unsigned depth = 0;
  for (size_t i = 0; i < text.size();) {
    char c = text[i];
    if (c == '"') {
      i = skipString(text, i);
      continue;
    }
    if ((c == '{' || c == '[') && ++depth > maxDepth)
      return false;
    if ((c == '}' || c == ']') && depth > 0)
      --depth;
    ++i;
  }
  return true;
}

/// What a valid string literal means.
std::string decodeString(StringRef literal) {
  Expected<json::Value> value = json::parse(literal);
  if (value)
    return value->getAsString().value_or(StringRef()).str();
  consumeError(value.takeError());
  return literal.str();
}

/// The first key of valid JSON that stands twice in one object.
std::optional<std::string> findDuplicateKey(StringRef text) {
  SmallVector<StringSet<>> objects;
  for (size_t i = 0; i < text.size();) {
    char c = text[i];
    if (c == '{')
      objects.emplace_back();
    else if (c == '}')
      objects.pop_back();
    if (c != '"') {
      ++i;
      continue;
    }
    size_t end = skipString(text, i);
    StringRef literal = text.slice(i, end);
    i = end;
    if (!text.substr(end).ltrim(" \t\r\n").starts_with(":"))
      continue;
    std::string key = decodeString(literal);
    if (!objects.back().insert(key).second)
      return key;
  }
  return std::nullopt;
}

} // namespace

Error intaglio::fileError(StringRef path, const Twine &message) {
  return createFileError(path, createStringError(message));
}

Expected<json::Value> intaglio::parseJson(StringRef text, StringRef path) {
  if (!isShallow(text))
    return fileError(path, "JSON nested deeper than " + Twine(maxDepth) + " levels");
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return fileError(path, "not valid JSON: " + toString(value.takeError()));
  if (std::optional<std::string> key = findDuplicateKey(text))
    return fileError(path, "key '" + *key + "' occurs twice in one JSON object");
  return value;
}

Expected<json::Value> intaglio::readJson(StringRef path) {
  uint64_t bytes = 0;
  if (std::error_code code = sys::fs::file_size(path, bytes))
    return fileError(path, code.message());
  if (bytes > maxFileBytes)
    return fileError(path, Twine(bytes) + " bytes are too many for a JSON file");
  Expected<std::unique_ptr<MemoryBuffer>> buffer = mapFile(path);
  if (!buffer)
    return buffer.takeError();
  return parseJson((*buffer)->getBuffer(), path);
}
