//===- Fields.cpp - checked access to a JSON object of a model directory --------------------===//

#include "Fields.h"

#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir;
using namespace intaglio::huggingface;

std::string intaglio::huggingface::joinPath(StringRef directory, StringRef file) {
  SmallString<256> path(directory);
  sys::path::append(path, file);
  return path.str().str();
}

InFlightDiagnostic intaglio::huggingface::emitFileError(StringRef path, MLIRContext *context) {
  return emitError(FileLineColLoc::get(context, path, 0, 0));
}

LogicalResult intaglio::huggingface::emitDataError(Error error, MLIRContext *context) {
  handleAllErrors(
      std::move(error),
      [&](const FileError &file) {
        emitFileError(file.getFileName(), context) << file.messageWithoutFileInfo();
      },
      [&](const ErrorInfoBase &other) { emitError(UnknownLoc::get(context)) << other.message(); });
  return failure();
}

InFlightDiagnostic Fields::error() {
  hasFailed = true;
  return emitFileError(path, context);
}

const json::Value *Fields::get(StringRef key) const {
  const json::Value *value = object.get(key);
  return value && value->getAsNull() ? nullptr : value;
}

int64_t Fields::integer(StringRef key, int64_t minimum, int64_t maximum,
                        std::optional<int64_t> fallback) {
  const json::Value *value = get(key);
  if (!value && fallback)
    return *fallback;
  std::optional<int64_t> integer = value ? value->getAsInteger() : std::nullopt;
  if (integer && *integer >= minimum && *integer <= maximum)
    return *integer;
  error() << "expected '" << key << "' to be an integer in [" << minimum << ", " << maximum
          << "], found " << (value ? formatv("{0}", *value).str() : "nothing");
  return minimum;
}

double Fields::positive(StringRef key, double fallback) {
  const json::Value *value = get(key);
  if (!value)
    return fallback;
  std::optional<double> number = value->getAsNumber();
  if (number && *number > 0)
    return *number;
  error() << "expected '" << key << "' to be a positive number, found "
          << formatv("{0}", *value).str();
  return fallback;
}

bool Fields::boolean(StringRef key, bool fallback) {
  const json::Value *value = get(key);
  if (!value)
    return fallback;
  if (std::optional<bool> boolean = value->getAsBoolean())
    return *boolean;
  error() << "expected '" << key << "' to be true or false, found " << formatv("{0}", *value).str();
  return fallback;
}

StringRef Fields::string(StringRef key, std::optional<StringRef> fallback) {
  const json::Value *value = get(key);
  if (!value && fallback)
    return *fallback;
  if (std::optional<StringRef> text = value ? value->getAsString() : std::nullopt)
    return *text;
  error() << "expected '" << key << "' to be a string, found "
          << (value ? formatv("{0}", *value).str() : "nothing");
  return "";
}
