//===- ONNX.cpp - import of ONNX models -----------------------------------------------------===//

#include "intaglio/Import/ONNX.h"

#include "Graph.h"
#include "intaglio/Analysis/SymbolicTensors.h"

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl.h"
#include "google/protobuf/stubs/logging.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/FileSystem.h"

#include <climits>

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::onnx_import;

static constexpr int64_t kMinOpset = 13, kMaxOpset = 21;
/// Nesting of messages that a model may have; subgraphs nest, and are refused.
static constexpr int kMaxNesting = 64;

/// Parses the file. It is read block by block: the model is in memory once.
static LogicalResult parse(StringRef file, ::onnx::ModelProto &model, Location at) {
  constexpr int blockBytes = 1 << 20;
  sys::fs::file_status status;
  int descriptor = -1;
  std::error_code failed = sys::fs::status(file, status);
  if (!failed && status.type() != sys::fs::file_type::regular_file)
    return emitError(at) << "is no regular file";
  if (!failed && status.getSize() > INT_MAX)
    return emitError(at) << "the file is larger than 2 GB, which the format does not allow: larger "
                            "models have external data";
  if (!failed)
    failed = sys::fs::openFileForRead(file, descriptor);
  if (failed)
    return emitError(at) << failed.message();
  google::protobuf::SetLogHandler(nullptr);
  google::protobuf::io::FileInputStream source(descriptor, blockBytes);
  source.SetCloseOnDelete(true);
  google::protobuf::io::CodedInputStream stream(&source);
  stream.SetTotalBytesLimit(INT_MAX);
  stream.SetRecursionLimit(kMaxNesting);
  if (!model.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
    return emitError(at) << "is no ONNX model: the protobuf message is malformed or cut off";
  if (!model.has_graph())
    return emitError(at) << "is no ONNX model: it has no graph";
  return success();
}

/// The version of the default operator set.
static FailureOr<int64_t> findOpset(const ::onnx::ModelProto &model, Location at) {
  for (const auto &import : model.opset_import()) {
    if (!import.domain().empty() && import.domain() != "ai.onnx")
      continue;
    int64_t version = import.version();
    if (version >= kMinOpset && version <= kMaxOpset)
      return version;
    return emitError(at) << "opset " << version << " is not supported: " << kMinOpset << " to "
                         << kMaxOpset << " are";
  }
  return emitError(at) << "the model names no version of the default operator set";
}

FailureOr<OwningOpRef<ModuleOp>> intaglio::importONNX(StringRef file, MLIRContext *context) {
  context->loadDialect<IntaglioDialect, arith::ArithDialect, func::FuncDialect>();
  Location at = FileLineColLoc::get(context, file, 0, 0);
  ::onnx::ModelProto model;
  if (failed(parse(file, model, at)))
    return failure();
  FailureOr<int64_t> opset = findOpset(model, at);
  if (failed(opset))
    return failure();
  if (model.functions_size())
    return emitError(at) << "model functions are not supported";
  OwningOpRef<ModuleOp> module = ModuleOp::create(at);
  if (failed(GraphImporter(file, *opset, *module).import(*model.mutable_graph())))
    return failure();
  for (func::FuncOp function : module->getOps<func::FuncOp>())
    inferSourceTypes(function);
  return module;
}
