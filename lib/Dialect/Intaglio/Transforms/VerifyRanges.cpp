//===- VerifyRanges.cpp - contract of integerize: nothing overflows ------------------------===//

#include "intaglio/Analysis/AccumulatorWidth.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"

namespace intaglio {
#define GEN_PASS_DEF_VERIFYRANGESPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

static std::string text(intmath::Int128 value) {
  if (value < 0)
    return "-" + text(-value);
  std::string digits;
  do
    digits.insert(digits.begin(), char('0' + int(value % 10)));
  while (value /= 10);
  return digits;
}

namespace {
struct VerifyRangesPass : intaglio::impl::VerifyRangesPassBase<VerifyRangesPass> {
  using Base::Base;
  void runOnOperation() override {
    FailureOr<AccumulatorWidths> widths = AccumulatorWidths::compute(getOperation());
    if (failed(widths))
      return signalPassFailure();
    for (const WidthProof &proof : widths->getProofs())
      if (proof.getSpareBits() < 0)
        refuse(proof);
    proved += widths->getProofs().size();
    const WidthProof *tightest = widths->getTightest();
    if (!tightest || tightest->getSpareBits() < 0)
      return;
    smallestSpareBits = tightest->getSpareBits();
    if (remark)
      tightest->op->emitRemark() << widths->getProofs().size()
                                 << " widths are proved; the smallest spare is "
                                 << tightest->getSpareBits() << " of " << tightest->bits
                                 << " bits, " << tightest->quantity << " in "
                                 << text(tightest->bounds.low) << " ... "
                                 << text(tightest->bounds.high);
  }

  void refuse(const WidthProof &proof) {
    proof.op->emitOpError() << proof.quantity << " may reach " << text(proof.bounds.low) << " ... "
                            << text(proof.bounds.high) << ", which needs "
                            << proof.bounds.signedBits() << " bits; it has " << proof.bits << " ("
                            << proof.constraint << ")";
    signalPassFailure();
  }
};
} // namespace
