//===- FloatAttention.cpp - attention on f32 with vector instructions -----------------------===//

#include "AttentionEmitter.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::cpu;

namespace {

/// A word is one float; values are read where they are.
class FloatAttention : public AttentionEmitter {
public:
  FloatAttention(ImplicitLocOpBuilder &b, const TargetInfo &target,
                 const AttentionArguments &arguments, AttentionOp op)
      : AttentionEmitter(b, target, arguments, op.getNumHeads()), op(op) {}

protected:
  int64_t keyWords() const override { return width; }
  int64_t keysPerStep() const override { return 1; }
  void prepareHead() override;
  Value queryWord(Value row, Value position) override {
    Value one = loadRow(arguments.query, row, add(channel, position), 1);
    return vector::BroadcastOp::create(b, vectorOf(lanes), one);
  }
  Value multiplyScores(Value acc, Value key, Value query) override {
    return vector::FMAOp::create(b, key, query, acc);
  }
  Value lowest() override { return floats(-3.0e38, lanes); }
  Value maximum(Value x, Value y) override { return arith::MaximumFOp::create(b, x, y); }
  Value numerators(int64_t query, Value top) override;
  Value valueVector(Value step, int64_t from, int64_t count) override {
    return loadRow(arguments.value, step, add(channel, from), count);
  }
  Value numeratorWord(int64_t query, Value step, int64_t count) override {
    Value one = load(add(add(numeratorsAt, mul(padded, query)), step), 1);
    return vector::BroadcastOp::create(b, vectorOf(count), one);
  }
  Value multiplyValues(Value acc, Value values, Value numerator) override {
    return vector::FMAOp::create(b, values, numerator, acc);
  }
  void finishOutput(Value row, int64_t from, Value acc, Value factor) override {
    int64_t count = cast<VectorType>(acc.getType()).getNumElements();
    Value y = arith::DivFOp::create(b, acc, splat(factor, count));
    vector::StoreOp::create(b, y, arguments.result, ValueRange{batch, row, add(channel, from)});
  }

private:
  AttentionOp op;
};

/// A block of `lanes` keys channel by channel; accumulators start at 0, or far below where a key
/// takes no part, and the mask is 1 or 0.
void FloatAttention::prepareHead() {
  Value last = arith::SubIOp::create(b, keys, index(1));
  // All that the scores read: what lies there otherwise might be NaN, which no mask takes away.
  Value count = mul(blocks(keys, keyRegisters * lanes), keyRegisters);
  loop(count, {}, [&](Value block, ValueRange) -> SmallVector<Value> {
    SmallVector<Value> rows;
    for (int64_t r = 0; r < lanes; ++r) {
      Value row = minimum(add(mul(block, lanes), r), last);
      rows.push_back(loadRow(arguments.key, row, channel, width));
    }
    store(transpose(rows), add(keysAt, mul(block, lanes * keyWords())));
    return {};
  });
  auto scalar = [&](double value) {
    return arith::ConstantOp::create(b, b.getF32FloatAttr(float(value))).getResult();
  };
  loop(padded, {}, [&](Value key, ValueRange) -> SmallVector<Value> {
    Value takesPart = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, key, keys);
    if (arguments.mask) {
      Value flag = memref::LoadOp::create(b, arguments.mask, ValueRange{batch, minimum(key, last)});
      Value set =
          arith::CmpIOp::create(b, arith::CmpIPredicate::ne, flag, integers(flag.getType(), 0));
      takesPart = arith::AndIOp::create(b, takesPart, set);
    }
    auto write = [&](Value at, double yes, double no) {
      Value value = arith::SelectOp::create(b, takesPart, scalar(yes), scalar(no));
      memref::StoreOp::create(b, value, arguments.scratch, add(at, key));
    };
    write(startAt, 0, -3.0e38);
    write(maskAt, 1, 0);
    return {};
  });
}

Value FloatAttention::numerators(int64_t query, Value top) {
  Value highest =
      splat(vector::ReductionOp::create(b, vector::CombiningKind::MAXIMUMF, top), lanes);
  Value zero = floats(0, lanes), scale = floats(op.getScale().convertToDouble(), lanes);
  Value row = add(numeratorsAt, mul(padded, query));
  Value sum = loop(blocks(keys, lanes), zero, [&](Value step, ValueRange carried) {
    Value offset = mul(step, lanes), at = add(row, offset);
    Value distance = arith::SubFOp::create(b, load(at, lanes), highest);
    distance = arith::MulFOp::create(b, distance, scale);
    distance = arith::MinimumFOp::create(b, distance, zero);
    Value power = math::ExpOp::create(b, distance);
    Value mask = load(add(maskAt, offset), lanes);
    Value takesPart = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, mask, zero);
    power = arith::SelectOp::create(b, takesPart, power, zero);
    store(power, at);
    return SmallVector<Value>{arith::AddFOp::create(b, carried[0], power)};
  })[0];
  sum = vector::ReductionOp::create(b, vector::CombiningKind::ADD, sum);
  // A row with a key sums to at least 1 (its maximum), a row without to 0.
  Value one = arith::ConstantOp::create(b, b.getF32FloatAttr(1));
  return arith::MaximumFOp::create(b, sum, one);
}

} // namespace

std::unique_ptr<AttentionEmitter>
intaglio::cpu::createFloatAttention(ImplicitLocOpBuilder &b, const TargetInfo &target,
                                    const AttentionArguments &arguments, AttentionOp op) {
  return std::make_unique<FloatAttention>(b, target, arguments, op);
}
