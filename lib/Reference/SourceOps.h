//===- SourceOps.h - operators of imported ONNX graphs --------------------------------------===//
//
// Those that encoders are exported with, so that a graph can be compared with what raise made of
// it. Values are real numbers in double precision; results are rounded once.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_LIB_REFERENCE_SOURCEOPS_H
#define INTAGLIO_LIB_REFERENCE_SOURCEOPS_H

#include "Evaluators.h"

namespace intaglio::reference {

/// The meaning of an operator; its inputs are all there (`present` is not set).
using SourceFn = llvm::FailureOr<Reals> (*)(SourceOp op, llvm::ArrayRef<Reals> in);

/// Elements of a shape.
inline int64_t sizeOf(llvm::ArrayRef<int64_t> shape) {
  int64_t size = 1;
  for (int64_t axis : shape)
    size *= axis;
  return size;
}

/// `fn` of the elements that meet when the operands are broadcast.
llvm::FailureOr<Reals> broadcast(SourceOp op, llvm::ArrayRef<Reals> in,
                                 llvm::function_ref<double(llvm::ArrayRef<double>)> fn);

/// An integer attribute of the node.
int64_t attribute(SourceOp op, llvm::StringRef name, int64_t otherwise);
/// A list of integers of the node; empty where there is none.
llvm::ArrayRef<int64_t> listAttribute(SourceOp op, llvm::StringRef name);

/// An axis counted from the end where it is negative; -1 where there is no such axis.
inline int64_t normalizeAxis(int64_t axis, int64_t rank) {
  axis += axis < 0 ? rank : 0;
  return axis < 0 || axis >= rank ? -1 : axis;
}

void addElementwiseSourceOps(llvm::StringMap<SourceFn> &functions);
void addShapeSourceOps(llvm::StringMap<SourceFn> &functions);

} // namespace intaglio::reference

#endif // INTAGLIO_LIB_REFERENCE_SOURCEOPS_H
