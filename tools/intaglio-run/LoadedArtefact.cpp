//===- LoadedArtefact.cpp - a compiled model in this process --------------------------------===//

#include "LoadedArtefact.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <dlfcn.h>

using namespace llvm;
using namespace intaglio;
using run::LoadedArtefact;

LoadedArtefact::~LoadedArtefact() {
  if (started)
    contextDestroy(started);
  if (library)
    dlclose(library);
}

Error LoadedArtefact::statusError(intaglio_status status) const {
  std::string text = statusText(status);
  if (status == INTAGLIO_WRONG_CPU)
    text += ": " + std::string(model->isa);
  if (status == INTAGLIO_NO_WEIGHTS && model->weights_file)
    text += ": " + std::string(model->weights_file) + ", in the artefact's folder";
  return createFileError(path, createStringError(text));
}

template <typename T>
static Error find(void *library, const char *name, T &function, StringRef path) {
  function = reinterpret_cast<T>(dlsym(library, name));
  if (function)
    return Error::success();
  return createFileError(
      path, createStringError("no artefact of Intaglio: it has no function '" + Twine(name) + "'"));
}

Error LoadedArtefact::findFunctions() {
  if (Error error = find(library, "intaglio_arena_bytes", getArenaBytes, path))
    return error;
  if (Error error = find(library, "intaglio_context_create", contextCreate, path))
    return error;
  if (Error error = find(library, "intaglio_context_destroy", contextDestroy, path))
    return error;
  if (Error error = find(library, "intaglio_run", runModel, path))
    return error;
  if (Error error = find(library, "intaglio_run_profiled", runProfiled, path))
    return error;
  return find(library, "intaglio_status_text", statusText, path);
}

TensorInfo LoadedArtefact::tensorInfo(const intaglio_tensor_info &tensor) {
  TensorInfo result;
  result.name = tensor.name;
  constexpr unsigned widths[] = {8, 16, 32, 64};
  result.elementType = tensor.dtype == INTAGLIO_F32
                           ? mlir::Type(mlir::Float32Type::get(&context))
                           : mlir::IntegerType::get(&context, widths[tensor.dtype]);
  for (int64_t size : ArrayRef(tensor.shape, tensor.rank)) {
    if (size >= 0)
      result.dims.push_back({std::to_string(size), size});
    else
      result.dims.push_back({info.dims[-1 - size], -1});
  }
  result.optional = tensor.optional;
  if (tensor.has_range)
    result.range = {tensor.low, tensor.high};
  return result;
}

Error LoadedArtefact::readModelInfo() {
  if (Error error = find(library, "intaglio_get_model_info", getModelInfo, path))
    return error;
  model = getModelInfo();
  if (!model || model->abi_version != INTAGLIO_ABI_VERSION)
    return createFileError(
        path,
        createStringError("made for version " + Twine(model ? model->abi_version : 0) +
                          " of the interface, expected version " + Twine(INTAGLIO_ABI_VERSION)));
  for (const intaglio_dim_info &dim : ArrayRef(model->dims, model->num_dims)) {
    info.dims.push_back(dim.name);
    info.maxDims.push_back(dim.max > 0 ? dim.max : -1);
  }
  for (const intaglio_tensor_info &input : ArrayRef(model->inputs, model->num_inputs))
    info.inputs.push_back(tensorInfo(input));
  for (const intaglio_tensor_info &output : ArrayRef(model->outputs, model->num_outputs))
    info.outputs.push_back(tensorInfo(output));
  return Error::success();
}

/// The system's loader maps what the headers of a library promise, and a file that is shorter ends
/// the process: that is checked before.
static Error checkSegments(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createFileError(path, buffer.getError());
  auto wrong = [&](const Twine &what) {
    return createFileError(path, createStringError("no artefact of Intaglio: " + what));
  };
  StringRef bytes = (*buffer)->getBuffer();
  if (identify_magic(bytes) != file_magic::elf_shared_object)
    return wrong("not a shared library in ELF");
  Expected<object::ELF64LEFile> file = object::ELF64LEFile::create(bytes);
  if (!file)
    return wrong(toString(file.takeError()));
  Expected<object::ELF64LEFile::Elf_Phdr_Range> segments = file->program_headers();
  if (!segments)
    return wrong(toString(segments.takeError()));
  for (const object::ELF64LEFile::Elf_Phdr &segment : *segments)
    if (segment.p_offset > bytes.size() || segment.p_filesz > bytes.size() - segment.p_offset)
      return wrong("truncated: a segment ends at byte " +
                   Twine(uint64_t(segment.p_offset) + segment.p_filesz) + " of " +
                   Twine(bytes.size()));
  return Error::success();
}

Expected<std::unique_ptr<LoadedArtefact>> LoadedArtefact::load(StringRef path) {
  std::unique_ptr<LoadedArtefact> artefact(new LoadedArtefact(path));
  // A name without a slash would be searched for in the system's folders.
  SmallString<128> absolute(path);
  if (std::error_code code = sys::fs::make_absolute(absolute))
    return createFileError(path, code);
  if (!sys::fs::exists(absolute))
    return createFileError(path, std::make_error_code(std::errc::no_such_file_or_directory));
  if (Error error = checkSegments(path))
    return error;
  artefact->library = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!artefact->library)
    return createFileError(path, createStringError("cannot be loaded: " + Twine(dlerror())));
  // Another version may have other functions.
  if (Error error = artefact->readModelInfo())
    return error;
  if (Error error = artefact->findFunctions())
    return error;
  return artefact;
}

Error LoadedArtefact::start(unsigned count) {
  threads = count;
  intaglio_status status = contextCreate(threads, &started);
  return status == INTAGLIO_OK ? Error::success() : statusError(status);
}

Expected<int64_t> LoadedArtefact::arenaBytes(ArrayRef<int64_t> dims, unsigned count) const {
  int64_t bytes = getArenaBytes(dims.data(), count);
  if (bytes < 0)
    return statusError(intaglio_status(-bytes));
  return bytes;
}

Error LoadedArtefact::bind(ArrayRef<Array> arrays) {
  Expected<BoundInputs> bound = bindInputs(info, arrays);
  if (!bound)
    return bound.takeError();
  inputs = std::move(*bound);
  for (auto [input, array] : zip_equal(info.inputs, inputs.inputs)) {
    if (Error error = checkElements(input, array))
      return error;
    // Arrays of a file need not be aligned to their elements.
    if (uintptr_t(array.bytes.data()) % sizeOf(array.dtype)) {
      char *data = nullptr;
      Array copy = *makeArray(array.name, array.dtype, array.shape, data);
      llvm::copy(array.bytes, data);
      array = std::move(copy);
    }
    inputData.push_back(array.bytes.data());
  }
  Expected<std::vector<Array>> made = makeOutputs(info, inputs.dims, outputData);
  if (!made)
    return made.takeError();
  outputs = std::move(*made);
  Expected<int64_t> bytes = arenaBytes(inputs.dims, threads);
  if (!bytes)
    return bytes.takeError();
  arena = makeArray("arena", DType::U8, {std::max<int64_t>(*bytes, 64)}, arenaData);
  if (!arena)
    return createFileError(
        path, createStringError("no memory for an arena of " + Twine(*bytes) + " bytes"));
  return Error::success();
}

Error LoadedArtefact::run(MutableArrayRef<uint64_t> ticks) {
  auto call = [&](auto *function, auto... more) {
    return function(started, inputs.dims.data(), inputData.data(), outputData.data(), arenaData,
                    int64_t(arena->bytes.size()), more...);
  };
  intaglio_status status =
      ticks.empty() ? call(runModel) : call(runProfiled, ticks.data(), int64_t(ticks.size()));
  return status == INTAGLIO_OK ? Error::success() : statusError(status);
}
