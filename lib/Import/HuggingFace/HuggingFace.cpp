//===- HuggingFace.cpp - import of Hugging Face model directories --------------------------===//

#include "intaglio/Import/HuggingFace.h"

#include "Config.h"
#include "Encoder.h"
#include "Weights.h"

#include "intaglio/Data/Safetensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::huggingface;

namespace {

/// The function `@main` with the inputs of an encoder.
class MainFunction {
public:
  MainFunction(ModuleOp module, const EncoderConfig &config)
      : builder(OpBuilder::atBlockEnd(module.getBody())) {
    addInput("input_ids", config.vocabulary - 1, /*optional=*/false);
    addInput("attention_mask", 1, /*optional=*/false);
    if (config.tokenTypes)
      addInput("token_type_ids", config.tokenTypes - 1, /*optional=*/true);
    SmallVector<Type> types(attributes.size(), idsType());
    function =
        func::FuncOp::create(builder, module.getLoc(), "main", builder.getFunctionType(types, {}));
    auto maxSequence =
        builder.getNamedAttr("sequence", builder.getI64IntegerAttr(config.maxSequence()));
    function->setAttr("intaglio.max_dims", builder.getDictionaryAttr(maxSequence));
    function.setAllArgAttrs(attributes);
    builder.setInsertionPointToEnd(function.addEntryBlock());
  }

  Value input(unsigned index) {
    return index < function.getNumArguments() ? function.getArgument(index) : Value();
  }

  /// Ends the function: it returns `values` by these names.
  void finish(ArrayRef<std::pair<StringRef, Value>> values) {
    SmallVector<Value> results = map_to_vector(values, [](auto &value) { return value.second; });
    func::ReturnOp::create(builder, function.getLoc(), results);
    function.setFunctionType(
        builder.getFunctionType(function.getArgumentTypes(), TypeRange(results)));
    for (auto [index, value] : llvm::enumerate(values))
      function.setResultAttrs(index, resultAttributes(value.first, value.second));
  }

  OpBuilder builder;

private:
  RankedTensorType idsType() {
    return RankedTensorType::get({ShapedType::kDynamic, ShapedType::kDynamic},
                                 builder.getI64Type());
  }

  void addInput(StringRef name, int64_t largest, bool optional) {
    NamedAttrList list;
    list.set("intaglio.name", builder.getStringAttr(name));
    list.set("intaglio.dims", builder.getStrArrayAttr({"batch", "sequence"}));
    list.set("intaglio.range", builder.getDenseI64ArrayAttr({0, largest}));
    if (optional)
      list.set("intaglio.optional", builder.getUnitAttr());
    attributes.push_back(list.getDictionary(builder.getContext()));
  }

  /// A result is [batch, sequence, size] or [batch, size].
  ArrayRef<NamedAttribute> resultAttributes(StringRef name, Value value) {
    ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
    std::string size = std::to_string(shape.back());
    SmallVector<StringRef> dims = {"batch"};
    if (shape.size() == 3)
      dims.push_back("sequence");
    dims.push_back(size);
    return builder
        .getDictionaryAttr({builder.getNamedAttr("intaglio.name", builder.getStringAttr(name)),
                            builder.getNamedAttr("intaglio.dims", builder.getStrArrayAttr(dims))})
        .getValue();
  }

  func::FuncOp function;
  SmallVector<DictionaryAttr> attributes;
};

/// Notes the tensors that checkpoints hold and that have no effect on the results asked for.
void leaveOutTensors(const EncoderConfig &config, Weights &weights, Location location) {
  // Buffers that count 0, 1, 2, ..., and the pooler where no classifier reads it.
  weights.leaveOutOfEncoder("embeddings.position_ids");
  weights.leaveOutOfEncoder("embeddings.token_type_ids");
  if (config.head == Head::None)
    weights.leaveOutOfEncoder("pooler.dense.");
  if (!config.languageModel)
    return;
  unsigned count = 0;
  for (StringRef name :
       {"cls.", "lm_head.", "vocab_transform.", "vocab_layer_norm.", "vocab_projector."})
    count += weights.leaveOut(name);
  emitRemark(location) << "the language-model head (" << count
                       << " tensors) is left out; the result is last_hidden_state";
}

void buildMain(ModuleOp module, const EncoderConfig &config, const SentenceConfig &sentence,
               Weights &weights) {
  MainFunction main(module, config);
  EncoderBuilder encoder(main.builder, config, weights);
  Value mask = main.input(1);
  Value hidden = encoder.buildEncoder(main.input(0), mask, main.input(2));
  if (config.head == Head::SequenceClassification)
    return main.finish({{"logits", encoder.buildClassifier(hidden)}});
  if (!sentence.pooling)
    return main.finish({{"last_hidden_state", hidden}});
  auto named = [&](StringRef name) { return NameLoc::get(main.builder.getStringAttr(name)); };
  Value pooled = PoolOp::create(main.builder, named("pooling"), hidden, mask, *sentence.pooling);
  if (sentence.normalize)
    pooled = L2NormalizeOp::create(main.builder, named("normalize"), pooled);
  main.finish({{"last_hidden_state", hidden}, {"sentence_embedding", pooled}});
}

/// Reads config.json and modules.json and checks them against each other.
FailureOr<std::pair<EncoderConfig, SentenceConfig>> readConfigs(StringRef directory,
                                                                MLIRContext *context) {
  FailureOr<SentenceConfig> sentence = readSentenceConfig(directory, context);
  std::string folder =
      succeeded(sentence) ? joinPath(directory, sentence->encoderPath) : directory.str();
  FailureOr<EncoderConfig> config = readEncoderConfig(folder, context);
  if (failed(sentence) || failed(config))
    return failure();
  if (sentence->width && *sentence->width != config->hiddenSize)
    return emitFileError(directory, context) << "the pooling module is " << *sentence->width
                                             << " wide, the encoder " << config->hiddenSize;
  if (sentence->pooling && config->head != Head::None)
    return emitFileError(directory, context)
           << "modules.json pools the encoder of a sequence classifier; one of both is supported";
  return std::make_pair(*config, *sentence);
}

} // namespace

FailureOr<OwningOpRef<ModuleOp>> intaglio::importHuggingFace(StringRef directory,
                                                             MLIRContext *context) {
  context->loadDialect<IntaglioDialect, func::FuncDialect, arith::ArithDialect>();
  auto configs = readConfigs(directory, context);
  if (failed(configs))
    return failure();
  auto &[config, sentence] = *configs;
  std::string folder = joinPath(directory, sentence.encoderPath);
  Expected<std::vector<Array>> arrays = readSafetensorsDirectory(folder);
  if (!arrays)
    return emitDataError(arrays.takeError(), context);
  Weights weights(folder, namesOf(config.family).prefix, std::move(*arrays), context);
  Location location = FileLineColLoc::get(context, directory, 0, 0);
  leaveOutTensors(config, weights, location);
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  buildMain(*module, config, sentence, weights);
  if (failed(weights.finish()) || failed(verify(*module)))
    return failure();
  return module;
}
