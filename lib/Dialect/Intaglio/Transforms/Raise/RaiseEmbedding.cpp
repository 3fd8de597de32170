//===- RaiseEmbedding.cpp - sums of table rows ----------------------------------------------===//
//
//   Gather(words, ids) + Gather(positions, 0, 1, 2, ...) + row 0 of types
//     ->   embedding(words, ids) + embedding(positions + row, position_ids(ids))
//
//===----------------------------------------------------------------------------------------===//

#include "Raise.h"

namespace intaglio {
#define GEN_PASS_DEF_RAISEEMBEDDINGPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

/// One table of a sum: which row each token takes.
struct Lookup {
  enum Kind { Ids, Positions, PaddedPositions, Row };
  Value table;
  Kind kind;
  BlockArgument ids;  ///< of Ids and PaddedPositions
  int64_t number = 0; ///< the row of Row, the padding id of PaddedPositions
};

struct EmbeddingPattern : SourcePattern {
  using SourcePattern::SourcePattern;

  LogicalResult matchAndRewrite(SourceOp op, PatternRewriter &rewriter) const override {
    bool isSum = op.getOpType() == "Add";
    RankedTensorType type = op.getNumResults() == 1 ? getFloatType(op.getResult(0)) : nullptr;
    if (!type || type.getRank() != 3 || (!isSum && op.getOpType() != "Gather"))
      return failure();
    Exprs shape = *tensors.getShape(op.getResult(0));
    SymbolicExpr body = elementOf(op.getResult(0));
    SmallVector<Lookup> lookups;
    for (const auto &[monomial, factor] : body.terms) {
      std::string problem;
      std::optional<Lookup> lookup = findLookup(monomial, shape, problem);
      if (!lookup && problem.empty())
        return failure();
      if (!lookup || factor != 1)
        return miss(rewriter, op, "embedding", lookup ? "the rows are scaled" : problem);
      lookups.push_back(*lookup);
    }
    return rewriteSum(op, shape, lookups, rewriter);
  }

private:
  /// A row of a constant table for each of the first two coordinates. No table: no problem either.
  std::optional<Lookup> findLookup(const SymbolicExpr::Monomial &monomial, const Exprs &shape,
                                   std::string &problem) const {
    Value table = monomial.size() == 1 ? tensors.getLoaded(*monomial.front()) : Value();
    RankedTensorType type = getFloatType(table);
    Exprs at = identity(shape);
    if (!type || type.getRank() < 2 || !readFloats(table) || monomial.front()->args.back() != at[2])
      return std::nullopt;
    ArrayRef<SymbolicExpr> indices = ArrayRef(monomial.front()->args).drop_back();
    if (any_of(indices.drop_back(), [](const SymbolicExpr &index) { return index != 0; }) ||
        type.getShape().back() * type.getShape()[type.getRank() - 2] != type.getNumElements()) {
      problem = "the table is not [rows, channels]";
      return std::nullopt;
    }
    const SymbolicExpr &row = indices.back();
    if (std::optional<double> constant = row.getConstant()) {
      if (*constant >= 0 && *constant < double(type.getShape()[type.getRank() - 2]))
        return Lookup{table, Lookup::Row, nullptr, int64_t(*constant)};
      problem = "the row lies outside of the table";
      return std::nullopt;
    }
    if (row == at[1])
      return Lookup{table, Lookup::Positions, nullptr};
    return findIds(table, row, at, problem);
  }

  /// Rows by an input's ids, or by RoBERTa's count of the ids that are no padding.
  std::optional<Lookup> findIds(Value table, const SymbolicExpr &row, ArrayRef<SymbolicExpr> at,
                                std::string &problem) const {
    BlockArgument ids;
    SymbolicExpr element;
    std::optional<int64_t> padding;
    forEachAtom(row, [&](const SymbolicAtom &atom) {
      if (Value value = tensors.getLoaded(atom))
        ids = dyn_cast<BlockArgument>(value);
    });
    if (!ids || cast<ShapedType>(ids.getType()).getRank() != 2) {
      problem = "the rows do not come from an input [batch, sequence]";
      return std::nullopt;
    }
    if (!holdsIndices(ids)) {
      problem = "the ids are neither INT64 nor INT32";
      return std::nullopt;
    }
    element = tensors.load(ids, at.take_front(2));
    if (row == element)
      return Lookup{table, Lookup::Ids, ids};
    forEachAtom(row, [&](const SymbolicAtom &atom) {
      std::optional<double> shift =
          atom.kind == SymbolicAtom::Equal0 ? (element - atom.args[0]).getConstant() : std::nullopt;
      if (shift && std::abs(*shift) < 0x1p31)
        padding = int64_t(*shift);
    });
    if (padding && row == countFrom(ids, at, double(*padding)))
      return Lookup{table, Lookup::PaddedPositions, ids, *padding};
    problem = "the rows are neither an input's ids nor positions";
    return std::nullopt;
  }

  /// `cumsum(ids != padding) * (ids != padding) + padding`.
  SymbolicExpr countFrom(Value ids, ArrayRef<SymbolicExpr> at, double padding) const {
    auto isToken = [&](ArrayRef<SymbolicExpr> indices) {
      return SymbolicExpr(1) - context.isEqual(tensors.load(ids, indices), SymbolicExpr(padding));
    };
    Exprs shape = *tensors.getShape(ids), inner = identity(shape);
    SymbolicExpr count =
        context.make(SymbolicAtom::CumSum, 1, {isToken(inner), at[0], at[1]}, shape);
    return context.multiply(count, isToken(at.take_front(2))) + SymbolicExpr(padding);
  }

  /// The input whose shape the positions take.
  Value findTokens(SourceOp op, const Exprs &shape, ArrayRef<Lookup> lookups) const {
    for (const Lookup &lookup : lookups)
      if (lookup.ids)
        return lookup.ids;
    for (BlockArgument argument : op->getBlock()->getArguments())
      if (tensors.getShape(argument) == Exprs(ArrayRef(shape).take_front(2)) &&
          holdsIndices(argument))
        return argument;
    return nullptr;
  }

  LogicalResult rewriteSum(SourceOp op, const Exprs &shape, MutableArrayRef<Lookup> lookups,
                           PatternRewriter &rewriter) const {
    Value tokens = findTokens(op, shape, lookups);
    if (!tokens || all_of(lookups, [](const Lookup &lookup) { return lookup.kind == Lookup::Row; }))
      return failure();
    // Positions of one row for all samples are a part of a larger sum.
    if (tensors.getShape(tokens) != Exprs(ArrayRef(shape).take_front(2)))
      return failure();
    tokens = widenIndices(rewriter, tokens);
    Value sum;
    SmallVector<Value> tables = foldRows(lookups, rewriter);
    for (auto [lookup, table] : zip(lookups, tables)) {
      if (!table)
        continue;
      Location at = nameAfter(op.getLoc(), lookup.table, /*always=*/true);
      Value ids = widenIndices(rewriter, lookup.ids);
      if (lookup.kind != Lookup::Ids)
        ids = PositionIdsOp::create(rewriter, at, tokens,
                                    lookup.kind == Lookup::PaddedPositions
                                        ? rewriter.getI64IntegerAttr(lookup.number)
                                        : IntegerAttr());
      Value rows = EmbeddingOp::create(rewriter, at, table, ids);
      sum = sum ? AddOp::create(rewriter, op.getLoc(), sum, rows) : rows;
    }
    rewriter.replaceOp(op, sum);
    return success();
  }

  /// The tables as [rows, channels], rows that do not vary added to the smallest of the others;
  /// null where nothing is left to look up.
  SmallVector<Value> foldRows(ArrayRef<Lookup> lookups, PatternRewriter &rewriter) const {
    const Lookup *smallest = nullptr;
    SmallVector<float> row;
    for (const Lookup &lookup : lookups) {
      auto count = [](Value table) { return cast<ShapedType>(table.getType()).getNumElements(); };
      int64_t channels = cast<ShapedType>(lookup.table.getType()).getShape().back();
      if (lookup.kind != Lookup::Row) {
        if (!smallest || count(lookup.table) < count(smallest->table))
          smallest = &lookup;
        continue;
      }
      row.resize(channels, 0);
      ArrayRef<float> data = *readFloats(lookup.table);
      bool isSplat = int64_t(data.size()) != count(lookup.table);
      for (int64_t i = 0; i < channels; ++i)
        row[i] += data[isSplat ? 0 : lookup.number * channels + i];
    }
    return map_to_vector(lookups, [&](const Lookup &lookup) -> Value {
      if (lookup.kind == Lookup::Row)
        return nullptr;
      return getTable(lookup.table, &lookup == smallest ? ArrayRef(row) : ArrayRef<float>(),
                      rewriter);
    });
  }

  static Value getTable(Value table, ArrayRef<float> row, PatternRewriter &rewriter) {
    auto type = cast<RankedTensorType>(table.getType());
    auto flat = RankedTensorType::get(type.getShape().take_back(2), type.getElementType());
    if (row.empty() && type == flat)
      return table;
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointAfterValue(table);
    if (row.empty())
      return arith::ConstantOp::create(rewriter, table.getLoc(), reshapeConstant(table, flat));
    SmallVector<float> values = *readVector(table);
    for (size_t i = 0; i < values.size(); ++i)
      values[i] += row[i % row.size()];
    return arith::ConstantOp::create(rewriter, table.getLoc(), makeConstant(flat, values, "table"));
  }
};

struct RaiseEmbeddingPass : intaglio::impl::RaiseEmbeddingPassBase<RaiseEmbeddingPass> {
  void runOnOperation() override {
    applyPatterns(getOperation(), [](RewritePatternSet &patterns, SymbolicTensors &tensors) {
      patterns.add<EmbeddingPattern>(patterns.getContext(), tensors);
    });
  }
};

} // namespace
