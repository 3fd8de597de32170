//===- Config.cpp - an encoder as config.json describes it ----------------------------------===//

#include "Config.h"
#include "Fields.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::huggingface;

namespace {

/// A `model_type` and how the classes of transformers that belong to it begin.
struct ModelType {
  StringLiteral name, classPrefix;
  Family family;
};

constexpr ModelType modelTypes[] = {{"bert", "Bert", Family::Bert},
                                    {"roberta", "Roberta", Family::Roberta},
                                    {"xlm-roberta", "XLMRoberta", Family::Roberta},
                                    {"camembert", "Camembert", Family::Roberta},
                                    {"distilbert", "DistilBert", Family::DistilBert}};

constexpr std::pair<StringLiteral, Activation> activations[] = {
    {"gelu", Activation::Gelu},
    {"gelu_python", Activation::Gelu},
    {"gelu_new", Activation::GeluTanh},
    {"gelu_fast", Activation::GeluTanh},
    {"gelu_pytorch_tanh", Activation::GeluTanh},
    {"quick_gelu", Activation::GeluQuick},
    {"relu", Activation::Relu},
    {"silu", Activation::Silu},
    {"swish", Activation::Silu}};

template <typename Range, typename Name>
std::string namesOf(const Range &range, Name name) {
  return llvm::join(llvm::map_range(range, [&](const auto &item) { return name(item).str(); }),
                    ", ");
}

const ModelType *readModelType(Fields &fields) {
  StringRef name = fields.string("model_type");
  const auto *type = find_if(modelTypes, [&](const ModelType &type) { return type.name == name; });
  if (type != std::end(modelTypes))
    return type;
  if (!fields.failed())
    fields.error() << "model_type '" << name << "' is not supported; supported are "
                   << namesOf(modelTypes, [](const ModelType &type) { return type.name; });
  return nullptr;
}

/// Sets the head by the class name in `architectures`; without one the bare encoder is meant.
void readArchitecture(Fields &fields, StringRef prefix, EncoderConfig &config) {
  const json::Value *value = fields.get("architectures");
  if (!value)
    return;
  const json::Array *names = value->getAsArray();
  std::optional<StringRef> name =
      names && names->size() == 1 ? names->front().getAsString() : std::nullopt;
  if (!name) {
    fields.error() << "expected 'architectures' to be one class name, found "
                   << formatv("{0}", *value).str();
    return;
  }
  StringRef kind = *name;
  if (kind.consume_front(prefix) && kind == "Model")
    return;
  if (kind == "ForSequenceClassification")
    config.head = Head::SequenceClassification;
  else if (kind == "ForMaskedLM" || kind == "ForPreTraining")
    config.languageModel = true;
  else
    fields.error() << "architecture '" << *name << "' is not supported; supported are " << prefix
                   << "Model, " << prefix << "ForMaskedLM (its encoder) and " << prefix
                   << "ForSequenceClassification";
}

void readActivation(Fields &fields, StringRef key, EncoderConfig &config) {
  StringRef name = fields.string(key, "gelu");
  const auto *found = find_if(activations, [&](const auto &pair) { return pair.first == name; });
  if (found != std::end(activations))
    config.activation = found->second;
  else
    fields.error() << key << " '" << name << "' is not supported; supported are "
                   << namesOf(activations, [](const auto &pair) { return pair.first; });
}

/// Settings that would change the graph in a way that is not supported.
void refuseVariants(Fields &fields) {
  if (StringRef kind = fields.string("position_embedding_type", "absolute"); kind != "absolute")
    fields.error() << "position_embedding_type '" << kind
                   << "' is not supported; supported is absolute";
  for (StringRef key : {"is_decoder", "add_cross_attention"})
    if (fields.boolean(key, false))
      fields.error() << "'" << key << "' is set; only encoders are supported";
  if (fields.get("quantization_config"))
    fields.error() << "'quantization_config' is set; only float checkpoints are supported";
}

void readBert(Fields &fields, EncoderConfig &config) {
  config.hiddenSize = fields.size("hidden_size");
  config.intermediateSize = fields.size("intermediate_size");
  config.layers = fields.size("num_hidden_layers");
  config.heads = fields.size("num_attention_heads");
  config.tokenTypes = fields.size("type_vocab_size");
  config.layerNormEpsilon = fields.positive("layer_norm_eps", 1e-12);
  readActivation(fields, "hidden_act", config);
  if (config.family == Family::Roberta)
    config.paddingId = fields.integer("pad_token_id", 0, INT32_MAX, 1);
}

void readDistilBert(Fields &fields, EncoderConfig &config) {
  config.hiddenSize = fields.size("dim");
  config.intermediateSize = fields.size("hidden_dim");
  config.layers = fields.size("n_layers");
  config.heads = fields.size("n_heads");
  readActivation(fields, "activation", config);
}

void readLabels(Fields &fields, EncoderConfig &config) {
  if (const json::Value *labels = fields.get("id2label")) {
    if (const json::Object *object = labels->getAsObject(); object && !object->empty())
      config.labels = static_cast<int64_t>(object->size());
    else
      fields.error() << "expected 'id2label' to be an object with a label for each class";
  } else if (fields.get("num_labels")) {
    config.labels = fields.size("num_labels");
  }
}

void checkSizes(Fields &fields, const EncoderConfig &config) {
  if (config.hiddenSize % config.heads != 0)
    fields.error() << "the hidden size " << config.hiddenSize << " is not a multiple of the "
                   << config.heads << " attention heads";
  if (config.maxSequence() < 1)
    fields.error() << "max_position_embeddings " << config.positions
                   << " leaves no position behind pad_token_id " << *config.paddingId;
}

} // namespace

FailureOr<EncoderConfig> intaglio::huggingface::readEncoderConfig(StringRef directory,
                                                                  MLIRContext *context) {
  std::string path = joinPath(directory, "config.json");
  Expected<json::Value> value = readJson(path);
  if (!value)
    return emitDataError(value.takeError(), context);
  const json::Object *object = value->getAsObject();
  if (!object)
    return emitFileError(path, context) << "expected a JSON object";
  Fields fields(*object, path, context);
  const ModelType *type = readModelType(fields);
  if (!type)
    return failure();
  EncoderConfig config;
  config.family = type->family;
  readArchitecture(fields, type->classPrefix, config);
  refuseVariants(fields);
  config.vocabulary = fields.size("vocab_size");
  config.positions = fields.size("max_position_embeddings");
  if (config.family == Family::DistilBert)
    readDistilBert(fields, config);
  else
    readBert(fields, config);
  if (config.head == Head::SequenceClassification)
    readLabels(fields, config);
  if (!fields.failed())
    checkSizes(fields, config);
  if (fields.failed())
    return failure();
  return config;
}
