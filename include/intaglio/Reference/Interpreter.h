//===- Interpreter.h - the meaning of a program, in any phase -------------------------------===//
//
// Float graphs: each op in double precision, its result rounded once to f32. Quantized graphs:
// `linear`, `matmul`, `requantize`, `quantize` and `dequantize` by their exact integer meaning, the
// other ops on the real values `S * (q - z)` in double precision, the result rounded once. Integer
// programs: exactly, by lib/IntMath.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_REFERENCE_INTERPRETER_H
#define INTAGLIO_REFERENCE_INTERPRETER_H

#include "intaglio/Data/Array.h"
#include "intaglio/Reference/Tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <vector>

namespace intaglio::reference {

using Tensors = llvm::SmallVector<Tensor>;

/// The results of an op for these operands; failure comes with a diagnostic at the op.
using EvaluateFn =
    std::function<llvm::FailureOr<Tensors>(mlir::Operation *op, llvm::ArrayRef<Tensor> operands)>;

/// Knows how to evaluate ops, by name. Made with those of the project's dialect and what stands
/// beside them: constants, calls, casts and reshapes of tensors.
class Interpreter {
public:
  Interpreter();

  /// Teaches the op `name`, in place of what was known of it.
  void add(llvm::StringRef name, EvaluateFn evaluate) { evaluators[name] = std::move(evaluate); }

  /// Runs a function of one block. Its results have the types that the function declares, dynamic
  /// sizes filled in. Failure comes with a diagnostic.
  llvm::FailureOr<Tensors> run(mlir::func::FuncOp function, llvm::ArrayRef<Tensor> arguments);

private:
  llvm::FailureOr<Tensors> evaluate(mlir::Operation *op, llvm::ArrayRef<Tensor> operands);
  llvm::FailureOr<Tensors> call(mlir::func::CallOp op, llvm::ArrayRef<Tensor> operands);

  llvm::StringMap<EvaluateFn> evaluators;
  llvm::SmallVector<mlir::func::FuncOp> active; ///< the functions that are running, outermost first
};

/// The elements of a constant that `op` holds; they may belong to the IR. Failure comes with a
/// diagnostic at `op`.
llvm::FailureOr<Tensor> readElements(mlir::Operation *op, mlir::Attribute value);

/// Runs `@main` of a program on named arrays, as an artefact of it would: missing optional inputs
/// read as zeros, dims have to agree and to stay below `intaglio.max_dims`, integers have to lie in
/// `intaglio.range`. What is wrong with the arrays is in the error; what is wrong with the program
/// is a diagnostic too.
llvm::Expected<std::vector<Array>> interpret(mlir::ModuleOp program, llvm::ArrayRef<Array> arrays);

} // namespace intaglio::reference

#endif // INTAGLIO_REFERENCE_INTERPRETER_H
