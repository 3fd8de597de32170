//===- ExpandMath.cpp - exp, erf and tanh to polynomials -----------------------------------===//

#include "intaglio/Codegen/Passes.h"
#include "mlir/Dialect/Math/Transforms/Approximation.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace intaglio {
#define GEN_PASS_DEF_EXPANDMATHPASS
#include "intaglio/Codegen/Passes.h.inc"
} // namespace intaglio

using namespace mlir;

namespace {
struct ExpandMathPass : intaglio::impl::ExpandMathPassBase<ExpandMathPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateMathPolynomialApproximationPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
