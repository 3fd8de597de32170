//===- JIT.cpp - a compiled program as functions of this process -----------------------------===//

#include "intaglio/Target/JIT.h"
#include "intaglio/Data/FilePages.h"
#include "intaglio/Target/Inputs.h"
#include "intaglio/Target/SingleLaneStores.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

#include <cstdlib>
#include <cstring>

extern "C" {
#include "threads.h"
void intaglio_barrier(void *barrier);
void intaglio_tick(uint64_t *ticks, int32_t position);
}

using namespace llvm;
using namespace intaglio;

//===----------------------------------------------------------------------------------------===//
// What compiled code calls
//===----------------------------------------------------------------------------------------===//

/// The observer of the run whose first thread this is.
static thread_local const ObserveFn *currentObserver = nullptr;

/// `observe` ops end here, on the first thread of a run.
static void observeEdge(void * /*barrier*/, int32_t edge, const float *data, const int64_t *mask,
                        int64_t rows, int64_t columns) {
  if (currentObserver)
    (*currentObserver)(edge, data, mask, rows, columns);
}

/// Defines the functions of the runtime for the code that the JIT links.
static Error defineRuntime(orc::LLJIT &jit) {
  orc::SymbolMap symbols;
  auto define = [&](StringRef name, auto *function) {
    symbols[jit.mangleAndIntern(name)] = {orc::ExecutorAddr::fromPtr(function),
                                          JITSymbolFlags::Exported | JITSymbolFlags::Callable};
  };
  define("intaglio_barrier", &intaglio_barrier);
  define("intaglio_tick", &intaglio_tick);
  define("intaglio_observe", &observeEdge);
  return jit.getMainJITDylib().define(orc::absoluteSymbols(std::move(symbols)));
}

//===----------------------------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------------------------===//

/// LLVM IR of the program, optimized for the machine.
static Expected<orc::ThreadSafeModule> translate(mlir::ModuleOp program, TargetMachine &machine,
                                                 unsigned level) {
  mlir::MLIRContext &mlirContext = *program.getContext();
  mlir::registerBuiltinDialectTranslation(mlirContext);
  mlir::registerLLVMDialectTranslation(mlirContext);
  auto context = std::make_unique<LLVMContext>();
  std::unique_ptr<Module> module = mlir::translateModuleToLLVMIR(program, *context);
  if (!module)
    return createStringError("the program has no LLVM IR");
  module->setDataLayout(machine.createDataLayout());
  module->setTargetTriple(machine.getTargetTriple());
  for (Function &function : *module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", machine.getTargetCPU());
    function.addFnAttr("target-features", machine.getTargetFeatureString());
  }
  if (Error error = mlir::makeOptimizingTransformer(level, /*sizeLevel=*/0, &machine)(module.get()))
    return error;
  scalarizeSingleLaneStores(*module);
  return orc::ThreadSafeModule(std::move(module), std::move(context));
}

/// All constants in one block of memory. Its pages fill while those of the constants are given
/// back, so that there is one set of weights in memory and not two.
static Expected<std::unique_ptr<MemoryBuffer>> gatherWeights(std::vector<Chunk> chunks,
                                                             int64_t bytes) {
  std::unique_ptr<WritableMemoryBuffer> blob =
      WritableMemoryBuffer::getNewUninitMemBuffer(bytes, "weights", Align(64));
  if (!blob)
    return createStringError("the weights do not fit the memory");
  constexpr size_t step = size_t(1) << 20;
  FilePages files;
  for (Chunk &chunk : chunks) {
    for (size_t at = 0; at < chunk.bytes.size(); at += step) {
      ArrayRef<char> piece = chunk.bytes.drop_front(at).take_front(step);
      llvm::copy(piece, blob->getBufferStart() + chunk.offset + at);
      files.giveBack(chunk.bytes.take_front(at + piece.size()));
    }
    chunk.owner = nullptr;
  }
  return std::move(blob);
}

/// Gives back the pages of mapped files that passes over the constants have read.
static void giveBackConstants(mlir::ModuleOp program) {
  FilePages files;
  program.walk([&](mlir::arith::ConstantOp op) {
    if (auto resource = dyn_cast<mlir::DenseResourceElementsAttr>(op.getValue()))
      if (mlir::AsmResourceBlob *blob = resource.getRawHandle().getBlob())
        files.giveBack(blob->getData());
  });
}

JitModel::JitModel() = default;
JitModel::~JitModel() = default;

Expected<std::unique_ptr<JitModel>> JitModel::create(CompiledModel model,
                                                     const JitOptions &options) {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  auto builder = orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  builder->setCodeGenOptLevel(CodeGenOptLevel(options.optimizationLevel));
  auto machine = builder->createTargetMachine();
  if (!machine)
    return machine.takeError();
  auto module = translate(*model.module, **machine, options.optimizationLevel);
  if (!module)
    return module.takeError();
  model.module = nullptr;

  std::unique_ptr<JitModel> result(new JitModel());
  auto jit = orc::LLJITBuilder().setJITTargetMachineBuilder(std::move(*builder)).create();
  if (!jit)
    return jit.takeError();
  result->jit = std::move(*jit);
  if (Error error = defineRuntime(*result->jit))
    return error;
  if (Error error = result->jit->addIRModule(std::move(*module)))
    return error;
  auto forward = result->jit->lookup("intaglio_model_forward");
  if (!forward)
    return forward.takeError();
  auto arenaBytes = result->jit->lookup("intaglio_model_arena_bytes");
  if (!arenaBytes)
    return arenaBytes.takeError();
  result->forward = forward->toPtr<ForwardFn>();
  result->arenaBytes = arenaBytes->toPtr<ArenaBytesFn>();
  auto weights = gatherWeights(std::move(model.weights), model.weightBytes);
  if (!weights)
    return weights.takeError();
  result->weights = std::move(*weights);
  result->info = std::move(model.info);
  result->poisonArena = options.poisonArena;
  return result;
}

FailureOr<std::unique_ptr<JitModel>> intaglio::compileInProcess(mlir::ModuleOp program,
                                                                const JitOptions &options) {
  InitializeNativeTarget();
  auto host = orc::JITTargetMachineBuilder::detectHost();
  if (!host)
    return program.emitError(toString(host.takeError()));
  std::string message;
  FailureOr<cpu::TargetInfo> target = cpu::TargetInfo::forMachine(
      host->getTargetTriple().str(), host->getCPU(), host->getFeatures().getString(), message);
  if (failed(target))
    return program.emitError(message);
  CodegenOptions codegen;
  codegen.target = *target;
  giveBackConstants(program);
  FailureOr<CompiledModel> compiled = compileToLLVM(program, codegen);
  if (failed(compiled))
    return failure();
  giveBackConstants(program);
  Expected<std::unique_ptr<JitModel>> model = JitModel::create(std::move(*compiled), options);
  if (!model)
    return program.emitError(toString(model.takeError()));
  return std::move(*model);
}

//===----------------------------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------------------------===//

int64_t JitModel::getArenaBytes(ArrayRef<int64_t> dims, int threads) const {
  return arenaBytes(dims.data(), threads);
}

Error JitModel::run(ArrayRef<int64_t> dims, ArrayRef<const void *> inputs, ArrayRef<void *> outputs,
                    int threads, std::optional<ObserveFn> observe) const {
  if (threads < 1 || threads > 1024)
    return createStringError("the number of threads is not in 1 to 1024");
  size_t bytes = alignTo(getArenaBytes(dims, threads) + 1, INTAGLIO_ARENA_ALIGNMENT);
  char *arena = static_cast<char *>(std::aligned_alloc(INTAGLIO_ARENA_ALIGNMENT, bytes));
  if (!arena)
    return createStringError("no memory for an arena of " + Twine(bytes) + " bytes");
  scope_exit freeArena([&] { std::free(arena); });
  if (poisonArena)
    std::memset(arena, 0xFF, bytes);
  intaglio_pool *pool = nullptr;
  if (intaglio_pool_create(threads, &pool) != INTAGLIO_OK)
    return createStringError("the system refused to start " + Twine(threads) + " threads");
  scope_exit destroyPool([&] { intaglio_pool_destroy(pool); });

  auto body = [&](int32_t thread, void *barrier) {
    if (thread == 0)
      currentObserver = observe ? &*observe : nullptr;
    forward(thread, threads, barrier, weights->getBufferStart(), arena, dims.data(), inputs.data(),
            outputs.data(), /*ticks=*/nullptr);
    if (thread == 0)
      currentObserver = nullptr;
  };
  intaglio_pool_run(
      pool,
      [](int32_t thread, int32_t, void *barrier, void *data) {
        (*static_cast<decltype(body) *>(data))(thread, barrier);
      },
      &body);
  return Error::success();
}

Expected<std::vector<Array>> JitModel::run(ArrayRef<Array> arrays, int threads,
                                           std::optional<ObserveFn> observe, int64_t first) const {
  Expected<BoundInputs> bound = bindInputs(info, arrays);
  if (!bound)
    return bound.takeError();
  SmallVector<const void *> inputs;
  for (auto [input, array] : zip_equal(info.inputs, bound->inputs)) {
    if (Error error = checkElements(input, array, first))
      return error;
    inputs.push_back(array.bytes.data());
  }
  SmallVector<void *> data;
  Expected<std::vector<Array>> outputs = makeOutputs(info, bound->dims, data);
  if (!outputs)
    return outputs.takeError();
  if (Error error = run(bound->dims, inputs, data, threads, observe))
    return error;
  return outputs;
}
