//===- Config.h - what config.json and modules.json say -------------------------------------===//

#ifndef INTAGLIO_LIB_IMPORT_HUGGINGFACE_CONFIG_H
#define INTAGLIO_LIB_IMPORT_HUGGINGFACE_CONFIG_H

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>

namespace intaglio::huggingface {

enum class Family { Bert, Roberta, DistilBert };

/// What stands on the encoder: nothing, or a classifier of whole sequences.
enum class Head { None, SequenceClassification };

/// The function between the two linears of a layer.
enum class Activation { Gelu, GeluTanh, GeluQuick, Relu, Silu };

/// An encoder as config.json describes it. Sizes are positive and below 2^31.
struct EncoderConfig {
  Family family = Family::Bert;
  Head head = Head::None;
  /// The checkpoint has a language-model head, which is left out.
  bool languageModel = false;
  Activation activation = Activation::Gelu;
  int64_t hiddenSize = 0, intermediateSize = 0, layers = 0, heads = 0;
  int64_t vocabulary = 0, positions = 0;
  /// Zero where the family has no token types.
  int64_t tokenTypes = 0;
  double layerNormEpsilon = 1e-12;
  /// RoBERTa counts positions from behind this id.
  std::optional<int64_t> paddingId;
  /// Classes of the head; transformers leaves two unsaid.
  int64_t labels = 2;

  /// The longest sequence that the position table serves.
  int64_t maxSequence() const { return paddingId ? positions - *paddingId - 1 : positions; }
};

/// What modules.json puts behind the encoder.
struct SentenceConfig {
  /// The folder of the encoder itself, the model's own when empty.
  std::string encoderPath;
  std::optional<PoolKind> pooling;
  bool normalize = false;
  /// Width that the pooling module states.
  std::optional<int64_t> width;
};

/// Reads `directory`/config.json; errors are diagnostics on that file.
mlir::FailureOr<EncoderConfig> readEncoderConfig(llvm::StringRef directory,
                                                 mlir::MLIRContext *context);

/// Reads `directory`/modules.json and what it refers to; without that file nothing is pooled.
mlir::FailureOr<SentenceConfig> readSentenceConfig(llvm::StringRef directory,
                                                   mlir::MLIRContext *context);

/// `directory`/`file`.
std::string joinPath(llvm::StringRef directory, llvm::StringRef file);

/// A diagnostic on a file as a whole.
mlir::InFlightDiagnostic emitFileError(llvm::StringRef path, mlir::MLIRContext *context);

/// An error of the Data library as a diagnostic on its file.
mlir::LogicalResult emitDataError(llvm::Error error, mlir::MLIRContext *context);

} // namespace intaglio::huggingface

#endif // INTAGLIO_LIB_IMPORT_HUGGINGFACE_CONFIG_H
