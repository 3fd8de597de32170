//===- SymbolicTensors.h - shapes and contents of imported graphs ---------------------------===//

#ifndef INTAGLIO_ANALYSIS_SYMBOLICTENSORS_H
#define INTAGLIO_ANALYSIS_SYMBOLICTENSORS_H

#include "intaglio/Analysis/SymbolicExpr.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

namespace intaglio {

/// What is known of a tensor: its shape, and for shape arithmetic, ids and masks its contents.
struct SymbolicTensor {
  using Exprs = llvm::SmallVector<SymbolicExpr, 4>;
  /// Sizes of the axes; none where the rank is unknown.
  std::optional<Exprs> shape;
  /// The element at coordinates `Index 0 .. rank-1`.
  std::optional<SymbolicExpr> body;
  /// All elements in row-major order, of small tensors of known size.
  std::optional<Exprs> elements;
};

/// Evaluates a function of source ops symbolically. Each dim of the arguments is a symbol by its
/// name in `intaglio.dims`; each element of an argument, of a float constant, and of a float that
/// is computed by more than moves, sums and products is a `Load`. Shape arithmetic so becomes
/// polynomials; a mask, however it was made, a function of (batch, head, query, key); the keys of
/// attention, however they were split and turned, elements of one value. No data is copied, and
/// sizes of expressions are limited: what grows beyond them is unknown, or a `Load` of its own.
class SymbolicTensors {
public:
  explicit SymbolicTensors(mlir::func::FuncOp function);

  const SymbolicTensor &get(mlir::Value value);
  SymbolicContext &getContext() { return context; }

  /// The contents as one expression of the coordinates.
  std::optional<SymbolicExpr> getBody(mlir::Value value);
  /// The contents, read at coordinates of a tensor that it is broadcast to.
  std::optional<SymbolicExpr> getBodyIn(mlir::Value value,
                                        llvm::ArrayRef<SymbolicExpr> resultShape);
  /// The elements, where the tensor is small and of known size.
  std::optional<SymbolicTensor::Exprs> getElements(mlir::Value value);
  /// The elements where all are constants.
  std::optional<llvm::SmallVector<double>> getConstants(mlir::Value value);
  /// The value that all elements have.
  std::optional<double> getSplat(mlir::Value value);
  /// The shape; none where the rank is unknown.
  std::optional<SymbolicTensor::Exprs> getShape(mlir::Value value);
  /// The tensor type that the shape allows: other sizes than constants are dynamic.
  mlir::Type getType(mlir::Value value);

  /// The coordinates of a tensor of this shape: 0 along an axis of size 1.
  SymbolicTensor::Exprs getIdentity(llvm::ArrayRef<SymbolicExpr> shape);
  /// The tensor whose element the atom is; null for another kind of atom.
  mlir::Value getLoaded(const SymbolicAtom &atom);
  /// The element of `value` at these coordinates. Its number is made where there is none yet.
  SymbolicExpr load(mlir::Value value, llvm::ArrayRef<SymbolicExpr> indices);
  /// Whether elements of a float tensor are in it: it is more than shapes, ids and masks.
  bool hasData(const SymbolicExpr &expr);

  /// Keeps what is known true when `value` is replaced.
  void replace(mlir::Value value, mlir::Value replacement);
  /// Forgets a value that will be gone.
  void forget(mlir::Value value);

private:
  void addArgument(mlir::BlockArgument argument, mlir::ArrayAttr dims);
  SymbolicTensor evaluateOp(mlir::Operation *op, unsigned result);

  SymbolicContext context;
  llvm::DenseMap<mlir::Value, SymbolicTensor> tensors;
  std::vector<mlir::Value> loaded;
  llvm::DenseMap<mlir::Value, int64_t> numbers;
};

/// Gives source ops, and the function, the types that the arguments' shapes decide.
void inferSourceTypes(mlir::func::FuncOp function);

} // namespace intaglio

#endif // INTAGLIO_ANALYSIS_SYMBOLICTENSORS_H
