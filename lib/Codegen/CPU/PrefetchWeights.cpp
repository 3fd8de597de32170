//===- PrefetchWeights.cpp - the next panel of weights while this one is in use -------------===//
//
//   for n0 { for m { for k { read %w[n0, k, ..] ; products } } }
// gets a prefetch into L2 at the start of the body of the loop over k: of one cache line of panel
// n0 + 1. Each block of rows prefetches another part of the panel, the first ones all of it. After
// the last panel come the weights of the next kernel, which are next in memory.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_PREFETCHWEIGHTSPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio::cpu;

namespace {

constexpr int64_t lineBytes = 64;

/// A loop over k: its read of packed weights, and the first of the rows that it reads.
struct ProductLoop {
  vector::TransferReadOp weights;
  Value row;
};

FailureOr<ProductLoop> matchProductLoop(scf::ForOp loop) {
  ProductLoop match;
  for (auto read : loop.getOps<vector::TransferReadOp>()) {
    auto indices = read.getIndices();
    if (indices.size() < 2 || indices[1] != loop.getInductionVar() ||
        !loop.isDefinedOutsideOfLoop(indices[0]))
      continue;
    auto type = cast<MemRefType>(read.getBase().getType());
    if (isa<BlockArgument>(read.getBase()) && type.getRank() == 4 && type.hasStaticShape())
      match.weights = match.weights ? match.weights : read;
    else if (!match.row)
      match.row = indices[0];
  }
  if (!match.weights || !match.row)
    return failure();
  return match;
}

void prefetch(scf::ForOp loop, ProductLoop match, int64_t rowsOfTile) {
  ImplicitLocOpBuilder b(loop.getLoc(), loop);
  Value weights = match.weights.getBase();
  auto type = cast<MemRefType>(weights.getType());
  int64_t steps = type.getDimSize(1);
  int64_t panel = type.getNumElements() / type.getDimSize(0) * type.getElementTypeBitWidth() / 8;
  int64_t parts = llvm::divideCeil(panel, steps * lineBytes);
  auto number = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(b, value); };
  auto multiply = [&](Value x, int64_t y) -> Value {
    return arith::MulIOp::create(b, x, number(y));
  };
  auto add = [&](Value x, Value y) -> Value { return arith::AddIOp::create(b, x, y); };
  Value part = arith::MinUIOp::create(b, arith::DivUIOp::create(b, match.row, number(rowsOfTile)),
                                      number(parts - 1));
  Value next = add(multiply(match.weights.getIndices()[0], panel), number(panel));
  Value start = add(memref::ExtractAlignedPointerAsIndexOp::create(b, weights),
                    add(next, multiply(part, steps * lineBytes)));
  b.setInsertionPointToStart(loop.getBody());
  Value address = add(start, multiply(loop.getInductionVar(), lineBytes));
  Value bits = arith::IndexCastOp::create(b, b.getI64Type(), address);
  Value pointer = LLVM::IntToPtrOp::create(b, LLVM::LLVMPointerType::get(b.getContext()), bits);
  LLVM::Prefetch::create(b, pointer, /*rw=*/0, /*hint=*/2, /*cache=*/1);
}

struct PrefetchWeightsPass : intaglio::cpu::impl::PrefetchWeightsPassBase<PrefetchWeightsPass> {
  void runOnOperation() override {
    auto tile = tileOf(getOperation());
    if (failed(tile))
      return;
    getOperation().walk([&](scf::ForOp loop) {
      if (auto match = matchProductLoop(loop); succeeded(match))
        prefetch(loop, *match, tile->rows);
    });
  }
};

} // namespace
