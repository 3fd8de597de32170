//===- OutputFiles.cpp - several files that appear together --------------------------------===//

#include "intaglio/Target/OutputFiles.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace intaglio;

Error OutputFiles::open() {
  if (sys::fs::is_directory(output))
    return createFileError(output, createStringError("is a directory"));
  SmallString<128> path;
  if (std::error_code code = sys::fs::createUniqueFile(output + ".tmp-%%%%%%", path))
    return createFileError(output, code);
  prefix = std::string(path);
  names.push_back(prefix);
  sys::RemoveFileOnSignal(prefix);
  return Error::success();
}

OutputFiles::~OutputFiles() {
  for (const std::string &name : names) {
    sys::fs::remove(name);
    sys::DontRemoveFileOnSignal(name);
  }
}

std::string OutputFiles::temporary(StringRef name) {
  std::string path = prefix + "-" + name.str();
  if (!llvm::is_contained(names, path)) {
    sys::RemoveFileOnSignal(path);
    names.push_back(path);
  }
  return path;
}

std::string OutputFiles::made(StringRef final) {
  std::string path = temporary(sys::path::filename(final));
  if (finalName(path) == path)
    renames.emplace_back(path, final.str());
  return path;
}

std::string OutputFiles::beside(StringRef ending) {
  SmallString<128> path(output);
  sys::path::replace_extension(path, ending);
  return made(path);
}

std::string OutputFiles::scratch(StringRef name) { return temporary(("scratch-" + name).str()); }

std::string OutputFiles::finalName(StringRef path) const {
  for (const auto &[from, to] : renames)
    if (from == path)
      return to;
  return path.str();
}

Error OutputFiles::write(StringRef path, ArrayRef<char> bytes) {
  std::error_code code;
  raw_fd_ostream stream(path, code);
  if (code)
    return createFileError(path, code);
  stream.write(bytes.data(), bytes.size());
  stream.close();
  if (!stream.has_error())
    return Error::success();
  code = stream.error();
  stream.clear_error();
  return createFileError(path, code);
}

Error OutputFiles::commit() {
  // The output is last: whoever sees it finds the others.
  llvm::partition(renames, [&](const auto &rename) { return rename.second != output; });
  for (const auto &[from, to] : renames)
    if (std::error_code code = sys::fs::rename(from, to))
      return createFileError(to, code);
  return Error::success();
}

std::vector<std::string> OutputFiles::finalNames() const {
  std::vector<std::string> all;
  for (const auto &[from, to] : reverse(renames))
    all.push_back(to);
  return all;
}
