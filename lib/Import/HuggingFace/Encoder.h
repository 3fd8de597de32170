//===- Encoder.h - the raised graph of an encoder -------------------------------------------===//

#ifndef INTAGLIO_LIB_IMPORT_HUGGINGFACE_ENCODER_H
#define INTAGLIO_LIB_IMPORT_HUGGINGFACE_ENCODER_H

#include "Config.h"
#include "Weights.h"

namespace intaglio::huggingface {

/// What a family calls the parts of an encoder.
struct EncoderNames {
  /// What may stand before every tensor of the encoder.
  llvm::StringLiteral prefix;
  llvm::StringLiteral layer;
  llvm::StringLiteral query, key, value, attentionOutput, attentionNorm;
  llvm::StringLiteral intermediate, output, outputNorm;
  /// The head for sequence classification: a linear, an activation and the linear to the labels.
  llvm::StringLiteral headDense, headOutput;
};

const EncoderNames &namesOf(Family family);

/// Builds the graph ops of an encoder, located by the names of their modules.
class EncoderBuilder {
public:
  EncoderBuilder(mlir::OpBuilder &builder, const EncoderConfig &config, Weights &weights)
      : builder(builder), config(config), names(namesOf(config.family)), weights(weights) {}

  /// Ids and token types (null where the family has none), `[batch, sequence]`, to
  /// `last_hidden_state`, `[batch, sequence, hidden]`.
  mlir::Value buildEncoder(mlir::Value ids, mlir::Value mask, mlir::Value tokenTypes);
  /// `[batch, sequence, hidden]` to logits, `[batch, labels]`, by the first token.
  mlir::Value buildClassifier(mlir::Value hidden);

private:
  mlir::Value buildEmbeddings(mlir::Value ids, mlir::Value tokenTypes);
  mlir::Value buildLayer(int64_t index, mlir::Value hidden, mlir::Value mask);
  mlir::Value buildAttention(llvm::StringRef layer, mlir::Value hidden, mlir::Value mask);
  mlir::Value buildEmbedding(llvm::StringRef name, mlir::Value ids, int64_t rows);
  mlir::Value buildLinear(llvm::StringRef name, mlir::Value x, int64_t in, int64_t out);
  mlir::Value buildLayerNorm(llvm::StringRef name, mlir::Value x);
  mlir::Value buildActivation(llvm::StringRef name, mlir::Value x);
  mlir::Value buildAdd(llvm::StringRef name, mlir::Value a, mlir::Value b);

  mlir::OpBuilder &builder;
  const EncoderConfig &config;
  const EncoderNames &names;
  Weights &weights;
};

} // namespace intaglio::huggingface

#endif // INTAGLIO_LIB_IMPORT_HUGGINGFACE_ENCODER_H
