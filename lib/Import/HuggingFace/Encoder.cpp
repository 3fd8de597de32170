//===- Encoder.cpp - the raised graph of an encoder -----------------------------------------===//
//
//   x = layer_norm(embedding(ids) + embedding(types) + embedding(position_ids))
//   each layer:  a = linear(attention(linear(x), linear(x), linear(x), mask))
//                y = layer_norm(a + x)
//                x = layer_norm(linear(gelu(linear(y))) + y)
//
//===----------------------------------------------------------------------------------------===//

#include "Encoder.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::huggingface;

namespace {

constexpr EncoderNames bertNames = {"bert.",
                                    "encoder.layer.",
                                    "attention.self.query",
                                    "attention.self.key",
                                    "attention.self.value",
                                    "attention.output.dense",
                                    "attention.output.LayerNorm",
                                    "intermediate.dense",
                                    "output.dense",
                                    "output.LayerNorm",
                                    "pooler.dense",
                                    "classifier"};

constexpr EncoderNames robertaNames = {"roberta.",
                                       "encoder.layer.",
                                       "attention.self.query",
                                       "attention.self.key",
                                       "attention.self.value",
                                       "attention.output.dense",
                                       "attention.output.LayerNorm",
                                       "intermediate.dense",
                                       "output.dense",
                                       "output.LayerNorm",
                                       "classifier.dense",
                                       "classifier.out_proj"};

constexpr EncoderNames distilBertNames = {
    "distilbert.",     "transformer.layer.", "attention.q_lin", "attention.k_lin",
    "attention.v_lin", "attention.out_lin",  "sa_layer_norm",   "ffn.lin1",
    "ffn.lin2",        "output_layer_norm",  "pre_classifier",  "classifier"};

/// The module that owns what is called `name`: "attention.output.dense" to "attention.output".
StringRef parentOf(StringRef name) { return name.rsplit('.').first; }

} // namespace

const EncoderNames &intaglio::huggingface::namesOf(Family family) {
  switch (family) {
  case Family::Bert:
    return bertNames;
  case Family::Roberta:
    return robertaNames;
  case Family::DistilBert:
    return distilBertNames;
  }
  llvm_unreachable("all families are handled");
}

Value EncoderBuilder::buildEncoder(Value ids, Value mask, Value tokenTypes) {
  Value hidden = buildEmbeddings(ids, tokenTypes);
  for (int64_t index = 0; index < config.layers; ++index) {
    std::string layer = (names.layer + Twine(index) + ".").str();
    if (!weights.hasAny(layer)) {
      weights.error() << "config.json counts " << config.layers
                      << " layers, the weights have none of '" << layer << "' and behind";
      break;
    }
    hidden = buildLayer(index, hidden, mask);
  }
  return hidden;
}

Value EncoderBuilder::buildEmbeddings(Value ids, Value tokenTypes) {
  Value sum = buildEmbedding("embeddings.word_embeddings", ids, config.vocabulary);
  if (tokenTypes) {
    Value types = buildEmbedding("embeddings.token_type_embeddings", tokenTypes, config.tokenTypes);
    sum = buildAdd("embeddings", sum, types);
  }
  Location at = NameLoc::get(builder.getStringAttr("embeddings.position_ids"));
  IntegerAttr padding = config.paddingId ? builder.getI64IntegerAttr(*config.paddingId) : nullptr;
  Value positionIds = PositionIdsOp::create(builder, at, ids, padding);
  Value positions = buildEmbedding("embeddings.position_embeddings", positionIds, config.positions);
  sum = buildAdd("embeddings", sum, positions);
  return buildLayerNorm("embeddings.LayerNorm", sum);
}

Value EncoderBuilder::buildLayer(int64_t index, Value hidden, Value mask) {
  std::string layer = (names.layer + Twine(index) + ".").str();
  auto name = [&](StringRef part) { return layer + part.str(); };
  Value attended = buildAttention(layer, hidden, mask);
  Value sum = buildAdd(parentOf(name(names.attentionNorm)), attended, hidden);
  Value x = buildLayerNorm(name(names.attentionNorm), sum);
  Value wide = buildLinear(name(names.intermediate), x, config.hiddenSize, config.intermediateSize);
  Value active = buildActivation(parentOf(name(names.intermediate)), wide);
  Value narrow =
      buildLinear(name(names.output), active, config.intermediateSize, config.hiddenSize);
  sum = buildAdd(parentOf(name(names.outputNorm)), narrow, x);
  return buildLayerNorm(name(names.outputNorm), sum);
}

Value EncoderBuilder::buildAttention(StringRef layer, Value hidden, Value mask) {
  int64_t size = config.hiddenSize;
  auto project = [&](StringRef part, Value x) {
    return buildLinear((layer + part).str(), x, size, size);
  };
  Value query = project(names.query, hidden), key = project(names.key, hidden),
        value = project(names.value, hidden);
  Location at = NameLoc::get(builder.getStringAttr(parentOf((layer + names.query).str())));
  int64_t headSize = size / config.heads;
  double scale = 1 / std::sqrt(static_cast<double>(headSize));
  Value context =
      AttentionOp::create(builder, at, query, key, value, mask, config.heads, APFloat(scale));
  return project(names.attentionOutput, context);
}

Value EncoderBuilder::buildClassifier(Value hidden) {
  int64_t size = config.hiddenSize;
  Location activation = NameLoc::get(builder.getStringAttr(parentOf(names.headDense)));
  Value first = PoolOp::create(builder, activation, hidden, Value(), PoolKind::Cls);
  Value dense = buildLinear(names.headDense, first, size, size);
  Value active = config.family == Family::DistilBert
                     ? Value(ReluOp::create(builder, activation, dense))
                     : Value(TanhOp::create(builder, activation, dense));
  return buildLinear(names.headOutput, active, size, config.labels);
}

Value EncoderBuilder::buildEmbedding(StringRef name, Value ids, int64_t rows) {
  Value table = weights.constant(builder, (name + ".weight").str(), {rows, config.hiddenSize});
  return EmbeddingOp::create(builder, NameLoc::get(builder.getStringAttr(name)), table, ids);
}

Value EncoderBuilder::buildLinear(StringRef name, Value x, int64_t in, int64_t out) {
  Value weight = weights.constant(builder, (name + ".weight").str(), {out, in});
  Value bias = weights.constant(builder, (name + ".bias").str(), {out});
  return LinearOp::create(builder, NameLoc::get(builder.getStringAttr(name)), x, weight, bias);
}

Value EncoderBuilder::buildLayerNorm(StringRef name, Value x) {
  Value gamma = weights.constant(builder, (name + ".weight").str(), {config.hiddenSize});
  Value beta = weights.constant(builder, (name + ".bias").str(), {config.hiddenSize});
  return LayerNormOp::create(builder, NameLoc::get(builder.getStringAttr(name)), x, gamma, beta,
                             APFloat(config.layerNormEpsilon));
}

Value EncoderBuilder::buildActivation(StringRef name, Value x) {
  Location at = NameLoc::get(builder.getStringAttr(name));
  auto gelu = [&](GeluForm form) { return GeluOp::create(builder, at, x, form); };
  switch (config.activation) {
  case Activation::Gelu:
    return gelu(GeluForm::None);
  case Activation::GeluTanh:
    return gelu(GeluForm::Tanh);
  case Activation::GeluQuick:
    return gelu(GeluForm::Quick);
  case Activation::Relu:
    return ReluOp::create(builder, at, x);
  case Activation::Silu:
    return SiluOp::create(builder, at, x);
  }
  llvm_unreachable("all activations are handled");
}

Value EncoderBuilder::buildAdd(StringRef name, Value a, Value b) {
  return AddOp::create(builder, NameLoc::get(builder.getStringAttr(name)), a, b);
}
