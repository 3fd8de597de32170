//===- AttentionEmitter.h - vector loops of one attention kernel ----------------------------===//
//
// What integer and float attention share. Both work on one head after the other in three steps,
// for groups of queries:
//   scores     lanes are keys: a register of keys by one broadcast word of each query
//   numerators lanes are keys: distance to the row's maximum, exponential, sum
//   output     lanes are channels: a register of values by one broadcast numerator of each query
// The scores and numerators of a group of queries never leave the first-level cache.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_LIB_CODEGEN_CPU_ATTENTIONEMITTER_H
#define INTAGLIO_LIB_CODEGEN_CPU_ATTENTIONEMITTER_H

#include "intaglio/Codegen/Attention.h"
#include "intaglio/Codegen/CPU/TargetInfo.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace intaglio::cpu {

/// The arguments of an attention kernel, on memrefs.
struct AttentionArguments {
  mlir::Value query, key, value; ///< [batch, sequence, heads * width]
  mlir::Value table;             ///< [256] bytes, or null
  mlir::Value mask;              ///< [batch, sequence] i64, or null
  mlir::Value begin, end;        ///< units: head u mod heads of sequence u / heads
  mlir::Value scratch;           ///< 32-bit words (`Attention.h`)
  mlir::Value result;
};

/// Emits one kernel. A derived class has the arithmetic.
class AttentionEmitter {
public:
  AttentionEmitter(mlir::ImplicitLocOpBuilder &b, const TargetInfo &target,
                   const AttentionArguments &arguments, int64_t heads);
  virtual ~AttentionEmitter() = default;
  void emit();

protected:
  /// Registers of keys that a step of the scores takes.
  static constexpr int64_t keyRegisters = 2;

  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)>;

  virtual int64_t keyWords() const = 0; ///< words of a key, each met by one word of the query
  /// Words that one numerator of a value's channel takes part in: keys in an output step.
  virtual int64_t keysPerStep() const = 0;
  /// Once in a kernel.
  virtual void prepareKernel() {}
  /// Once for a head: keys, values, start of the accumulators and mask in scratch memory.
  virtual void prepareHead() = 0;
  /// A word of query `row` in all lanes.
  virtual mlir::Value queryWord(mlir::Value row, mlir::Value word) = 0;
  virtual mlir::Value multiplyScores(mlir::Value acc, mlir::Value keys, mlir::Value query) = 0;
  virtual mlir::Value finishScores(mlir::Value acc) { return acc; }
  virtual mlir::Value lowest() = 0; ///< below all scores, all lanes
  virtual mlir::Value maximum(mlir::Value x, mlir::Value y) = 0;
  /// Scores of a query to numerators; returns the scalar that `finishOutput` gets.
  virtual mlir::Value numerators(int64_t query, mlir::Value top) = 0;
  /// `lanes` channels of the values of step `step`, from channel `channel` on.
  virtual mlir::Value valueVector(mlir::Value step, int64_t channel, int64_t lanes) = 0;
  virtual mlir::Value numeratorWord(int64_t query, mlir::Value step, int64_t lanes) = 0;
  virtual mlir::Value multiplyValues(mlir::Value acc, mlir::Value values,
                                     mlir::Value numerator) = 0;
  /// Writes `lanes` channels of one query.
  virtual void finishOutput(mlir::Value row, int64_t channel, mlir::Value acc,
                            mlir::Value factor) = 0;

  // Building blocks.
  mlir::VectorType vectorOf(int64_t lanes) const { return mlir::VectorType::get({lanes}, word); }
  mlir::VectorType bytesOf(int64_t count) const {
    return mlir::VectorType::get({count}, b.getI8Type());
  }
  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value x, mlir::Value y);
  mlir::Value add(mlir::Value x, int64_t y) { return y ? add(x, index(y)) : x; }
  mlir::Value mul(mlir::Value x, int64_t y);
  mlir::Value minimum(mlir::Value x, mlir::Value y);
  /// `ceil(x / size)`.
  mlir::Value blocks(mlir::Value x, int64_t size);
  mlir::Value integers(mlir::Type type, int64_t value); ///< scalar or all lanes
  mlir::Value floats(double value, int64_t lanes);
  mlir::Value splat(mlir::Value scalar, int64_t lanes);
  mlir::Value bitcast(mlir::Value vector, mlir::VectorType type);
  mlir::Value load(mlir::Value at, int64_t lanes); ///< words of scratch memory
  void store(mlir::Value vector, mlir::Value at);
  mlir::Value loadRow(mlir::Value tensor, mlir::Value row, mlir::Value channel, int64_t count);
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result, mlir::ValueRange operands);
  llvm::SmallVector<mlir::Value> loop(mlir::Value end, mlir::ValueRange inits, Body body);
  /// The element-wise transpose of `rows`, which have `width` elements each: element e of row r at
  /// `e * rows + r`. The number of rows is a power of two.
  mlir::Value transpose(llvm::SmallVector<mlir::Value> rows);

  mlir::ImplicitLocOpBuilder &b;
  const TargetInfo &target;
  const AttentionArguments arguments;
  mlir::Type word;
  int64_t heads, width, lanes;

  // Of the head in work.
  mlir::Value batch, channel, keys; ///< `keys`: how many
  // First words of the parts of scratch memory.
  mlir::Value keysAt, valuesAt, startAt, maskAt, scoresAt, numeratorsAt, padded;

private:
  void layOut();
  void emitGroup(mlir::ValueRange rows);
  void emitScores(mlir::ValueRange rows, llvm::SmallVectorImpl<mlir::Value> &tops);
  void emitOutput(mlir::ValueRange rows, mlir::ValueRange factors);
};

/// Whether the kernel can be emitted: a level with vectors, heads of a multiple of 4 channels.
bool canEmitAttention(mlir::Operation *attention, const TargetInfo &target);
std::unique_ptr<AttentionEmitter> createIntegerAttention(mlir::ImplicitLocOpBuilder &b,
                                                         const TargetInfo &target,
                                                         const AttentionArguments &arguments,
                                                         IAttentionOp op);
std::unique_ptr<AttentionEmitter> createFloatAttention(mlir::ImplicitLocOpBuilder &b,
                                                       const TargetInfo &target,
                                                       const AttentionArguments &arguments,
                                                       AttentionOp op);

} // namespace intaglio::cpu

#endif // INTAGLIO_LIB_CODEGEN_CPU_ATTENTIONEMITTER_H
