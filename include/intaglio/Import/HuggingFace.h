//===- HuggingFace.h - import of Hugging Face model directories ----------------------------===//

#ifndef INTAGLIO_IMPORT_HUGGINGFACE_H
#define INTAGLIO_IMPORT_HUGGINGFACE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LLVM.h"

namespace intaglio {

/// Imports the encoder in `directory` as a raised float graph: `config.json`, its weights in
/// `model.safetensors` or the shards of `model.safetensors.index.json`, and, where there is a
/// `modules.json` of sentence-transformers, pooling and normalization.
///
/// Taken are BERT, RoBERTa (also XLM-R and CamemBERT) and DistilBERT, bare or with a head for
/// sequence classification. A masked-language-model head is left out with a remark.
///
/// Inputs of `@main`: `input_ids`, `attention_mask`, and `token_type_ids` (optional, not for
/// DistilBERT), i64 `[batch, sequence]`. Results: `logits` `[batch, labels]` with a head, else
/// `last_hidden_state` `[batch, sequence, hidden]`, and `sentence_embedding` `[batch, hidden]` when
/// `modules.json` pools. Weights in f32 are mapped, not copied; f16 and bf16 are widened.
///
/// Every tensor of the files is used, or known to be without effect; every finding is a diagnostic
/// of its own, all of them in one run.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> importHuggingFace(llvm::StringRef directory,
                                                                     mlir::MLIRContext *context);

} // namespace intaglio

#endif // INTAGLIO_IMPORT_HUGGINGFACE_H
