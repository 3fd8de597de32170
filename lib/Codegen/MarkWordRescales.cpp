//===- MarkWordRescales.cpp - which rescales clamp in 32-bit lanes --------------------------===//

#include "intaglio/Analysis/AccumulatorWidth.h"
#include "intaglio/Codegen/Passes.h"
#include "intaglio/Conversion/Passes.h"

namespace intaglio {
#define GEN_PASS_DEF_MARKWORDRESCALESPASS
#include "intaglio/Codegen/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

namespace {
struct MarkWordRescalesPass : intaglio::impl::MarkWordRescalesPassBase<MarkWordRescalesPass> {
  void runOnOperation() override {
    // What cannot be bounded has been refused where that matters.
    ScopedDiagnosticHandler quiet(&getContext(), [](Diagnostic &) { return success(); });
    FailureOr<AccumulatorWidths> widths = AccumulatorWidths::compute(getOperation());
    if (failed(widths))
      return;
    for (const WidthProof &proof : widths->getProofs()) {
      auto rescale = dyn_cast<RescaleOp>(proof.op);
      if (!rescale || proof.quantity != "product" || rescale.getShift() >= 32)
        continue;
      Interval zp{rescale.getOutputZp(), rescale.getOutputZp()};
      Interval codes = proof.bounds.roundShift(rescale.getShift()) + zp;
      if (codes.signedBits() <= 32)
        rescale->setAttr(kWordAttr, UnitAttr::get(&getContext()));
    }
  }
};
} // namespace
