//===- ExpandCopies.cpp - memref.copy to linalg --------------------------------------------===//
//
//   memref.copy %a, %b    becomes    linalg.copy ins(%a) outs(%b)
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace intaglio {
#define GEN_PASS_DEF_EXPANDCOPIESPASS
#include "intaglio/Codegen/Passes.h.inc"
} // namespace intaglio

using namespace mlir;

namespace {
struct ExpandCopiesPass : intaglio::impl::ExpandCopiesPassBase<ExpandCopiesPass> {
  void runOnOperation() override {
    SmallVector<memref::CopyOp> copies;
    getOperation().walk([&](memref::CopyOp op) { copies.push_back(op); });
    for (memref::CopyOp op : copies) {
      OpBuilder b(op);
      linalg::CopyOp::create(b, op.getLoc(), op.getSource(), op.getTarget());
      op.erase();
    }
  }
};
} // namespace
