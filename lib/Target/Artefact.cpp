//===- Artefact.cpp - a compiled program to files ------------------------------------------===//

#include "intaglio/Target/Artefact.h"
#include "intaglio/Data/Safetensors.h"
#include "intaglio/Target/Header.h"
#include "intaglio/Target/Link.h"
#include "intaglio/Target/Object.h"
#include "intaglio/Target/OutputFiles.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace intaglio;

/// The roots of the contract of machine code.
static constexpr StringRef integerEntries[] = {"intaglio_model_forward",
                                               "intaglio_model_arena_bytes"};
/// Without operating system all entries of abi.h are proved too.
static constexpr StringRef bareEntries[] = {"intaglio_arena_bytes", "intaglio_context_create",
                                            "intaglio_context_destroy", "intaglio_run"};

/// Bytes of stack that no frame tells of: an exception's, and those of functions in assembly.
constexpr int64_t stackBesideFrames = 64;
/// Where nobody has added up the frames.
constexpr int64_t defaultStackBytes = 8192;

namespace {
/// Makes the files of one artefact.
class Emitter {
public:
  Emitter(const CompiledModel &model, const ArtefactOptions &options, StringRef output)
      : model(model), options(options), files(output) {}

  FailureOr<Artefact> run();

private:
  mlir::LogicalResult compile();
  mlir::LogicalResult prove();
  mlir::LogicalResult checkBare();
  bool bare() const { return isBare(machine->getTargetTriple()); }
  mlir::LogicalResult writeWeights();
  mlir::LogicalResult writeText();
  mlir::LogicalResult writeBinary();
  mlir::LogicalResult linkBinary(ArrayRef<std::string> parts);
  Expected<std::string> installed(StringRef file, StringRef what, StringRef source);
  /// Turns an error into a diagnostic.
  mlir::LogicalResult check(Error error);
  template <typename T>
  mlir::LogicalResult take(Expected<T> value, T &into);

  const CompiledModel &model;
  const ArtefactOptions &options;
  OutputFiles files;
  LLVMContext context;
  std::unique_ptr<TargetMachine> machine;
  std::unique_ptr<llvm::Module> module;
  std::string code; ///< the object file with code and runtime
  ModelFacts facts;
  Artefact artefact;
};
} // namespace

mlir::LogicalResult Emitter::check(Error error) {
  if (!error)
    return mlir::success();
  return mlir::emitError((*model.module)->getLoc(), toString(std::move(error)));
}

template <typename T>
mlir::LogicalResult Emitter::take(Expected<T> value, T &into) {
  if (!value)
    return check(value.takeError());
  into = std::move(*value);
  return mlir::success();
}

/// A file of the installation that is built for each target from the folder `source`.
Expected<std::string> Emitter::installed(StringRef file, StringRef what, StringRef source) {
  const Triple &triple = machine->getTargetTriple();
  SmallString<128> path(options.runtimeDirectory);
  if (bare())
    sys::path::append(path, Triple::getArchTypeName(triple.getArch()) + "-none", file);
  else
    sys::path::append(path, triple.getArchName() + "-" + Triple::getOSTypeName(triple.getOS()),
                      file);
  if (!sys::fs::exists(path))
    return createStringError("no " + what + " for " + triple.str() + ": expected " + path + " (" +
                             source + ", built for that target)");
  return std::string(path);
}

mlir::LogicalResult Emitter::compile() {
  if (failed(take(createTargetMachine(options.machine), machine)))
    return mlir::failure();
  FailureOr<std::unique_ptr<llvm::Module>> translated =
      translateToLLVMIR(*model.module, *machine, context);
  if (failed(translated))
    return mlir::failure();
  module = std::move(*translated);
  optimize(*module, *machine);
  InstructionSets sets = instructionSetsOf(*machine);
  facts.target = options.machine.triple + " " + options.machine.cpu;
  facts.isa = artefact.instructionSets = sets.names;
  facts.cpuFeatures = sets.bits;
  facts.weightBytes = artefact.weightBytes = model.weightBytes;
  return mlir::success();
}

/// Links code and runtime to one object and walks it.
mlir::LogicalResult Emitter::prove() {
  ObjectBytes object;
  std::string archive, part = files.scratch("model.o");
  code = files.scratch("code.o");
  if (failed(take(emitCode(*module, *machine, CodeGenFileType::ObjectFile), object)) ||
      failed(take(installed("libintaglio_runtime.a", "runtime", "lib/Runtime"), archive)) ||
      failed(check(files.write(part, object))))
    return mlir::failure();
  SmallVector<std::string> parts = {part, archive};
  SmallVector<StringRef> entries(ArrayRef<StringRef>{integerEntries});
  WalkRules rules;
  rules.floatBoundary = options.floatUnit;
  if (bare()) {
    rules.hosted = false;
    rules.data = bareDataNames();
    llvm::append_range(entries, bareEntries);
  }
  // The program around a bare model is proved with it.
  if (bare() && options.kind == ArtefactKind::Executable) {
    if (failed(take(installed("libintaglio_program.a", "program", "lib/Runtime/Bare"),
                    parts.emplace_back())))
      return mlir::failure();
    llvm::append_range(entries, bareProgramEntries(machine->getTargetTriple()));
  }
  if (failed(check(link(LinkKind::Object, parts, code))))
    return mlir::failure();
  json::Object proofs = options.proofs;
  if (options.verifyNoFloat) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> whole = MemoryBuffer::getFile(code);
    if (!whole)
      return check(createFileError(code, whole.getError()));
    CodeProof proof;
    StringRef bytes = (*whole)->getBuffer();
    if (failed(take(verifyNoFloat(ArrayRef(bytes.data(), bytes.size()), entries, *machine, rules),
                    proof)))
      return mlir::failure();
    for (const std::string &violation : proof.violations)
      mlir::emitError((*model.module)->getLoc(), "machine code is not free of floats: ")
          << violation;
    if (!proof.holds())
      return mlir::failure();
    proofs["no_float_machine_code"] = proof.toJson();
    if (bare() && proof.stackBytes)
      artefact.stackBytes = int64_t(alignTo(*proof.stackBytes, 64)) + stackBesideFrames;
    artefact.code = std::move(proof);
  }
  raw_string_ostream(facts.proofs = "") << json::Value(std::move(proofs));
  return mlir::success();
}

/// The blob as a safetensors file: its arrays in order, padded to 64 bytes, and the model's id.
mlir::LogicalResult Emitter::writeWeights() {
  BLAKE3 hash;
  std::vector<Array> arrays;
  auto add = [&](const Twine &name, ArrayRef<char> bytes) {
    auto padded = std::make_shared<std::vector<char>>(bytes.begin(), bytes.end());
    padded->resize(alignTo(bytes.size(), 64));
    hash.update(ArrayRef<uint8_t>(reinterpret_cast<uint8_t *>(padded->data()), padded->size()));
    Array array;
    array.name = name.str();
    array.dtype = DType::U8;
    array.shape = {int64_t(padded->size())};
    array.bytes = *padded;
    array.owner = padded;
    arrays.push_back(std::move(array));
  };
  for (auto [i, chunk] : enumerate(model.weights))
    add("weights." + Twine(1000000 + i), chunk.bytes);
  auto digest = hash.final<64>();
  facts.weightsId.assign(digest.begin(), digest.end());
  add("weights.id", ArrayRef(facts.weightsId.data(), facts.weightsId.size()));
  std::string path = files.beside(".safetensors");
  facts.weightsFile = sys::path::filename(files.finalName(path)).str();
  return check(writeSafetensors(path, arrays));
}

mlir::LogicalResult Emitter::writeText() {
  ObjectBytes text;
  raw_svector_ostream stream(text);
  if (options.kind == ArtefactKind::LLVMIR)
    module->print(stream, nullptr);
  else if (failed(take(emitCode(*module, *machine, CodeGenFileType::AssemblyFile), text)))
    return mlir::failure();
  return check(files.write(files.main(), text));
}

/// Links the artefact itself; an executable gets its program here, after the proof.
mlir::LogicalResult Emitter::linkBinary(ArrayRef<std::string> parts) {
  std::string main = files.main();
  if (options.kind == ArtefactKind::Object)
    return check(link(LinkKind::Object, parts, main));
  if (options.kind == ArtefactKind::Library)
    return check(link(LinkKind::Library, parts, main, sys::path::filename(files.finalName(main))));
  if (bare()) {
    const Triple &triple = machine->getTargetTriple();
    return check(linkBareProgram(triple, parts, main,
                                 options.memory.value_or(defaultBoardMemory(triple)),
                                 artefact.stackBytes.value_or(defaultStackBytes)));
  }
  std::string program;
  StringRef loader;
  if (failed(take(findLoader(machine->getTargetTriple()), loader)) ||
      failed(take(installed("libintaglio_program.a", "program", "lib/Runtime/Program"), program)))
    return mlir::failure();
  return check(link(LinkKind::Executable, parts, main, loader, program));
}

mlir::LogicalResult Emitter::writeBinary() {
  bool inFile = options.weights == WeightsPlace::File || model.weightBytes > mostEmbeddedBytes;
  if (inFile && failed(writeWeights()))
    return mlir::failure();
  ObjectBytes data, weights;
  std::string dataFile = files.scratch("data.o"), weightsFile = files.scratch("weights.o");
  ArrayRef<Chunk> chunks = inFile ? ArrayRef<Chunk>() : ArrayRef<Chunk>(model.weights);
  if (failed(take(emitModelData(model.info, facts, *machine), data)) ||
      failed(take(emitWeights(chunks, inFile ? 0 : model.weightBytes, *machine), weights)) ||
      failed(check(files.write(dataFile, data))) ||
      failed(check(files.write(weightsFile, weights))))
    return mlir::failure();
  weights = {};
  if (failed(linkBinary({code, dataFile, weightsFile})))
    return mlir::failure();
  if (bare() && failed(take(measureMemory(files.main()), artefact.memory.emplace())))
    return mlir::failure();
  if (options.kind == ArtefactKind::Executable)
    return mlir::success();
  std::string name = sys::path::filename(files.finalName(files.main())).str();
  std::string header = makeHeader(model.info, sys::path::stem(name));
  return check(files.write(files.beside(".h"), ArrayRef(header.data(), header.size())));
}

/// What targets without operating system cannot have.
mlir::LogicalResult Emitter::checkBare() {
  auto fail = [&](const Twine &what) {
    return check(createStringError(machine->getTargetTriple().str() + ": " + what));
  };
  if (options.memory && !isBoard(machine->getTargetTriple()))
    return fail("--memory is that of a board, and this target is none");
  if (!bare())
    return mlir::success();
  if (options.kind == ArtefactKind::Library)
    return fail("nothing loads shared libraries there: give --emit=object or --emit=executable");
  if (options.weights == WeightsPlace::File || model.weightBytes > mostEmbeddedBytes)
    return fail("there are no files for weights: they must be embedded, 1 GiB at most");
  return mlir::success();
}

FailureOr<Artefact> Emitter::run() {
  if (failed(check(files.open())) || failed(compile()) || failed(checkBare()))
    return mlir::failure();
  bool text = options.kind == ArtefactKind::LLVMIR || options.kind == ArtefactKind::Assembly;
  if (failed(text ? writeText() : prove()) || (!text && failed(writeBinary())) ||
      failed(check(files.commit())))
    return mlir::failure();
  artefact.files = files.finalNames();
  uint64_t size = 0;
  if (!sys::fs::file_size(artefact.files.front(), size))
    artefact.artefactBytes = int64_t(size);
  return std::move(artefact);
}

FailureOr<Artefact> intaglio::emitArtefact(const CompiledModel &model,
                                           const ArtefactOptions &options, StringRef output) {
  return Emitter(model, options, output).run();
}

json::Object intaglio::describeMemory(const Artefact &artefact) {
  json::Object memory;
  if (artefact.memory) {
    memory["flash_bytes"] = artefact.memory->flashBytes;
    memory["ram_bytes"] = artefact.memory->ramBytes;
  }
  if (artefact.stackBytes)
    memory["stack_bytes"] = *artefact.stackBytes;
  return memory;
}
