//===- File.cpp - whole files of unknown origin ----------------------------------------------===//

#include "intaglio/Data/File.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;

Error intaglio::checkRegularFile(StringRef path) {
  sys::fs::file_status status;
  if (sys::fs::status(path, status))
    return Error::success();
  if (status.type() == sys::fs::file_type::directory_file)
    return createFileError(path, make_error_code(std::errc::is_a_directory));
  if (status.type() != sys::fs::file_type::regular_file)
    return createFileError(path, createStringError("not a regular file"));
  return Error::success();
}

Expected<std::unique_ptr<MemoryBuffer>> intaglio::mapFile(StringRef path) {
  if (Error error = checkRegularFile(path))
    return error;
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createFileError(path, buffer.getError());
  return std::move(*buffer);
}
