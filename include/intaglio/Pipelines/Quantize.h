//===- Quantize.h - the phase from fake_quant to quantized types ----------------------------===//

#ifndef INTAGLIO_PIPELINES_QUANTIZE_H
#define INTAGLIO_PIPELINES_QUANTIZE_H

#include "mlir/Pass/PassManager.h"

namespace intaglio {

/// A fake-quantized graph to a quantized one: weights are integers, edges `!quant.uniform`.
/// Afterwards no `fake_quant` is left, and float only where an op has the reason for it.
void buildQuantizePipeline(mlir::OpPassManager &pm);

/// Registers `--intaglio-quantize`.
void registerQuantizePipeline();

} // namespace intaglio

#endif // INTAGLIO_PIPELINES_QUANTIZE_H
