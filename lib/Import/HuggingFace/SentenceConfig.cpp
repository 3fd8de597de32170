//===- SentenceConfig.cpp - the modules of a sentence-transformers directory ----------------===//

#include "Config.h"
#include "Fields.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::huggingface;

namespace {

constexpr std::pair<StringLiteral, PoolKind> poolingFlags[] = {
    {"pooling_mode_cls_token", PoolKind::Cls},
    {"pooling_mode_mean_tokens", PoolKind::Mean},
    {"pooling_mode_max_tokens", PoolKind::Max}};

constexpr StringLiteral otherPoolingFlags[] = {"pooling_mode_mean_sqrt_len_tokens",
                                               "pooling_mode_weightedmean_tokens",
                                               "pooling_mode_lasttoken"};

/// A folder that a module may name: below the model's own.
bool staysInside(StringRef path) {
  return !sys::path::is_absolute(path) &&
         llvm::none_of(llvm::make_range(sys::path::begin(path), sys::path::end(path)),
                       [](StringRef part) { return part == ".."; });
}

LogicalResult readPooling(StringRef directory, MLIRContext *context, SentenceConfig &config) {
  std::string path = joinPath(directory, "config.json");
  Expected<json::Value> value = readJson(path);
  if (!value)
    return emitDataError(value.takeError(), context);
  const json::Object *object = value->getAsObject();
  if (!object)
    return emitFileError(path, context) << "expected a JSON object";
  Fields fields(*object, path, context);
  for (StringRef flag : otherPoolingFlags)
    if (fields.boolean(flag, false))
      fields.error() << "'" << flag << "' is set; supported are cls, mean and max pooling";
  for (const auto &[flag, kind] : poolingFlags) {
    if (!fields.boolean(flag, false))
      continue;
    if (config.pooling)
      fields.error() << "several poolings side by side are not supported";
    config.pooling = kind;
  }
  if (!config.pooling && !fields.failed())
    fields.error() << "no pooling is set; supported are cls, mean and max pooling";
  if (fields.get("word_embedding_dimension"))
    config.width = fields.size("word_embedding_dimension");
  return failure(fields.failed());
}

/// Takes module number `index`: its `type` is a Python class, of which the last part is its kind.
LogicalResult readModule(StringRef directory, StringRef path, const json::Value &value,
                         size_t index, MLIRContext *context, SentenceConfig &config) {
  const json::Object *object = value.getAsObject();
  if (!object)
    return emitFileError(path, context) << "expected module " << index << " to be an object";
  Fields fields(*object, path, context);
  StringRef kind = fields.string("type").rsplit('.').second;
  StringRef folder = fields.string("path", "");
  if (fields.failed())
    return failure();
  if (!staysInside(folder))
    return fields.error() << "the path '" << folder << "' of module " << index
                          << " leaves the model's directory";
  if (kind == "Transformer" && index == 0) {
    config.encoderPath = folder.str();
    return success();
  }
  if (kind == "Pooling" && index == 1)
    return readPooling(joinPath(directory, folder), context, config);
  if (kind == "Normalize" && index == 2) {
    config.normalize = true;
    return success();
  }
  return fields.error() << "module " << index << " '" << kind
                        << "' is not supported here; supported are Transformer, then Pooling, then "
                           "Normalize";
}

} // namespace

FailureOr<SentenceConfig> intaglio::huggingface::readSentenceConfig(StringRef directory,
                                                                    MLIRContext *context) {
  SentenceConfig config;
  std::string path = joinPath(directory, "modules.json");
  if (!sys::fs::exists(path))
    return config;
  Expected<json::Value> value = readJson(path);
  if (!value)
    return emitDataError(value.takeError(), context);
  const json::Array *modules = value->getAsArray();
  if (!modules || modules->empty())
    return emitFileError(path, context) << "expected an array of modules";
  LogicalResult result = success();
  for (auto [index, module] : llvm::enumerate(*modules))
    if (failed(readModule(directory, path, module, index, context, config)))
      result = failure();
  if (failed(result))
    return failure();
  return config;
}
